package io.pgduplex.connect.sink.conflict;

import io.pgduplex.connect.common.Direction;
import java.util.OptionalLong;

/**
 * Who wins where an incoming change and the local row contradict each other. Both sides of a link give the same answer to the
 * same pair.
 */
public final class Judge {

  private final boolean fromA;

  /** For a direction's sink: what comes forward was made on A. */
  public Judge(Direction direction) {
    this.fromA = direction == Direction.FORWARD;
  }

  /**
   * Whether the incoming change wins.
   *
   * @param policy one that decides
   * @param incoming its commit time in microseconds; empty for a row of a first copy, whose time is not known: it never
   *     wins
   * @param local the local row's; empty where the server has forgotten it: it is older than what comes
   */
  public boolean incomingWins(ConflictPolicy policy, OptionalLong incoming, OptionalLong local) {
    if (incoming.isEmpty()) {
      return false;
    }
    return switch (policy) {
      case OVERWRITE -> true;
      case IGNORE, SKIP -> false;
      case LAST_UPDATE_WINS -> isLater(incoming.getAsLong(), local);
      case TASK_FAILED -> throw new IllegalArgumentException(policy + " decides nothing");
    };
  }

  private boolean isLater(long incoming, OptionalLong local) {
    return local.isEmpty()
        || incoming > local.getAsLong()
        || (incoming == local.getAsLong() && fromA);
  }
}
