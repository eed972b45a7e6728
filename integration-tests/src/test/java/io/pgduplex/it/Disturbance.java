package io.pgduplex.it;

import java.util.List;
import java.util.Random;

/** Holds directions of a link up, has tasks begin anew, and kills the worker, at random. */
final class Disturbance {

  private static final List<String> CONNECTORS =
      List.of("forward-source", "forward-sink", "reverse-source", "reverse-sink");

  private final TestLink link;
  private final Random random;
  private boolean workerIsAway;

  Disturbance(TestLink link, Random random) {
    this.link = link;
    this.random = random;
  }

  /**
   * Begins anew what it does; the worker may be away until it is called again.
   *
   * @param last whether nothing is held up from now on
   */
  void disturb(boolean last) {
    if (workerIsAway) {
      SharedStack.get().worker().start();
      workerIsAway = false;
    }
    for (String sink : List.of("forward-sink", "reverse-sink")) {
      if (!last && random.nextInt(3) == 0) {
        link.rest().pause(link.connector(sink));
      } else {
        link.rest().resume(link.connector(sink));
      }
    }
    if (random.nextInt(2) == 0) {
      link.rest().restart(link.connector(CONNECTORS.get(random.nextInt(CONNECTORS.size()))));
    }
    if (!last && random.nextInt(8) == 0) {
      SharedStack.get().worker().kill();
      workerIsAway = true;
    }
  }
}
