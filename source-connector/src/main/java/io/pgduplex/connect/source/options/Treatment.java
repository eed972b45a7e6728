package io.pgduplex.connect.source.options;

import io.pgduplex.connect.common.LinkDirection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What happens to one of Debezium's options. */
sealed interface Treatment {

  /**
   * What Debezium gets.
   *
   * @param submitted the user's value; null where there is none
   * @return null to leave it at Debezium's default
   */
  @Nullable
  String handedOn(Settings settings, @Nullable String submitted);

  /**
   * pgduplex sets it; the user may name it only with that same value.
   *
   * @param value the value for this link
   * @param reason why it must be so
   */
  record Pinned(Function<LinkDirection, String> value, String reason) implements Treatment {
    @Override
    public String handedOn(Settings settings, @Nullable String submitted) {
      return value.apply(settings.link());
    }
  }

  /**
   * The user may set it.
   *
   * @param ownDefault pgduplex's default where Debezium's does not fit
   * @param ownText pgduplex's documentation where Debezium's would be wrong
   */
  record Allowed(@Nullable String ownDefault, @Nullable String ownText) implements Treatment {
    @Override
    public @Nullable String handedOn(Settings settings, @Nullable String submitted) {
      return submitted == null ? ownDefault : submitted;
    }
  }

  /**
   * Nobody may set it.
   *
   * @param reason why not
   */
  record Refused(String reason) implements Treatment {
    @Override
    public @Nullable String handedOn(Settings settings, @Nullable String submitted) {
      return null;
    }
  }

  /** pgduplex declares it itself and hands it on as it is. */
  record Shared() implements Treatment {
    @Override
    public @Nullable String handedOn(Settings settings, @Nullable String submitted) {
      return submitted;
    }
  }

  /** pgduplex declares it itself, with its own meaning; Debezium does not get it. */
  record Own() implements Treatment {
    @Override
    public @Nullable String handedOn(Settings settings, @Nullable String submitted) {
      return null;
    }
  }
}
