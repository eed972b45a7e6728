package io.pgduplex.connect.source.options;

import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.source.options.Treatment.Allowed;
import io.pgduplex.connect.source.options.Treatment.Own;
import io.pgduplex.connect.source.options.Treatment.Pinned;
import io.pgduplex.connect.source.options.Treatment.Refused;
import io.pgduplex.connect.source.options.Treatment.Shared;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gathers how each option is treated; an option that is named twice is a mistake. */
final class TreatmentTable {
  private final Map<String, Treatment> entries = new LinkedHashMap<>();

  TreatmentTable pin(String name, String value, String reason) {
    return pin(name, link -> value, reason);
  }

  TreatmentTable pin(String name, Function<LinkDirection, String> value, String reason) {
    return put(name, new Pinned(value, reason));
  }

  TreatmentTable allow(String name) {
    return put(name, new Allowed(null, null));
  }

  TreatmentTable allow(String name, @Nullable String ownDefault, String ownText) {
    return put(name, new Allowed(ownDefault, ownText));
  }

  TreatmentTable refuse(String reason, String... names) {
    Arrays.stream(names).forEach(name -> put(name, new Refused(reason)));
    return this;
  }

  TreatmentTable share(String... names) {
    Arrays.stream(names).forEach(name -> put(name, new Shared()));
    return this;
  }

  TreatmentTable own(String... names) {
    Arrays.stream(names).forEach(name -> put(name, new Own()));
    return this;
  }

  private TreatmentTable put(String name, Treatment treatment) {
    if (entries.put(name, treatment) != null) {
      throw new IllegalStateException("Classed twice: " + name);
    }
    return this;
  }

  Map<String, Treatment> entries() {
    return entries;
  }
}
