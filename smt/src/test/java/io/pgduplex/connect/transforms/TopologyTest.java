package io.pgduplex.connect.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Lets one change wander through whole topologies until nothing moves any more. */
class TopologyTest {

  private static final int ENDLESS = 100;

  /** A direction: the rows that {@code from} has and that are not foreign reach {@code to} under {@code origin}. */
  private record Pipe(String from, String to, String origin, LoopbackRule rule) {}

  private record Written(String server, String origin) {}

  private static Pipe pipe(String from, String to, String origin, String... foreignOrigins) {
    return new Pipe(from, to, origin, new LoopbackRule(List.of(foreignOrigins)));
  }

  private static List<Pipe> link(String name, String a, String b) {
    return List.of(
        pipe(a, b, "pgduplex_" + name + "_forward", "pgduplex_" + name + "_reverse"),
        pipe(b, a, "pgduplex_" + name + "_reverse", "pgduplex_" + name + "_forward"));
  }

  /** How often the change is written to each server, the first time by an application or subscription included. */
  private static Map<String, Integer> spread(List<Pipe> pipes, Written first) {
    Map<String, Integer> writes = new HashMap<>();
    Queue<Written> pending = new ArrayDeque<>(List.of(first));
    for (int i = 0; i < ENDLESS && !pending.isEmpty(); i++) {
      Written change = pending.remove();
      writes.merge(change.server, 1, Integer::sum);
      pipes.stream()
          .filter(pipe -> pipe.from.equals(change.server))
          .filter(pipe -> change.origin.isEmpty() || !pipe.rule.isLoopback(change.origin, "public"))
          .forEach(pipe -> pending.add(new Written(pipe.to, pipe.origin)));
    }
    return writes;
  }

  @Test
  void pair() {
    List<Pipe> pair = link("ab", "A", "B");

    assertThat(spread(pair, new Written("A", ""))).isEqualTo(Map.of("A", 1, "B", 1));
    assertThat(spread(pair, new Written("B", ""))).isEqualTo(Map.of("A", 1, "B", 1));
  }

  @Test
  void chainCarriesAChangeToTheEndAndNotBack() {
    List<Pipe> chain = new ArrayList<>(link("ab", "A", "B"));
    chain.addAll(link("bc", "B", "C"));

    for (String server : List.of("A", "B", "C")) {
      assertThat(spread(chain, new Written(server, "")))
          .as("first written at %s", server)
          .isEqualTo(Map.of("A", 1, "B", 1, "C", 1));
    }
  }

  @Test
  void fullMeshNeedsTheOriginOfEverySinkOfTheSameServer() {
    List<Pipe> mesh = List.of(
        pipe("A", "B", "pgduplex_ab_forward", "pgduplex_ab_reverse", "pgduplex_ac_reverse"),
        pipe("A", "C", "pgduplex_ac_forward", "pgduplex_ab_reverse", "pgduplex_ac_reverse"),
        pipe("B", "A", "pgduplex_ab_reverse", "pgduplex_ab_forward", "pgduplex_bc_reverse"),
        pipe("B", "C", "pgduplex_bc_forward", "pgduplex_ab_forward", "pgduplex_bc_reverse"),
        pipe("C", "A", "pgduplex_ac_reverse", "pgduplex_?c_forward"),
        pipe("C", "B", "pgduplex_bc_reverse", "pgduplex_?c_forward"));

    for (String server : List.of("A", "B", "C")) {
      assertThat(spread(mesh, new Written(server, "")))
          .as("first written at %s", server)
          .isEqualTo(Map.of("A", 1, "B", 1, "C", 1));
    }
  }

  @Test
  void fullMeshWithTheDefaultAloneNeverComesToRest() {
    List<Pipe> mesh = new ArrayList<>(link("ab", "A", "B"));
    mesh.addAll(link("bc", "B", "C"));
    mesh.addAll(link("ac", "A", "C"));

    assertThat(spread(mesh, new Written("A", "")).values().stream()
            .mapToInt(i -> i)
            .sum())
        .isEqualTo(ENDLESS);
  }

  @Test
  void whatAnUnrelatedSubscriptionWritesToAGoesOnToB() {
    assertThat(spread(link("ab", "A", "B"), new Written("A", "pg_16403")))
        .isEqualTo(Map.of("A", 1, "B", 1));
  }
}
