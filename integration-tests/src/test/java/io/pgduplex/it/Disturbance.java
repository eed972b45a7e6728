package io.pgduplex.it;

import java.util.List;
import java.util.Random;

/** Holds directions of a link up, and has tasks begin anew, at random. */
final class Disturbance {

  private static final List<String> CONNECTORS =
      List.of("forward-source", "forward-sink", "reverse-source", "reverse-sink");

  private final TestLink link;
  private final Random random;

  Disturbance(TestLink link, Random random) {
    this.link = link;
    this.random = random;
  }

  /**
   * Begins anew what it does.
   *
   * @param last whether nothing is held up from now on
   */
  void disturb(boolean last) {
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
  }
}
