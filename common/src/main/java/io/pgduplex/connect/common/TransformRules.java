package io.pgduplex.connect.common;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which transforms may stand in a direction's way. A row that one drops, moves or changes is lost or wrong on the other
 * side, and nothing there can tell: records are counted before transforms, since {@code DropLoopback} drops some. So only
 * those that are known to do nothing of the kind may.
 */
public final class TransformRules {

  /** Option with the transforms' aliases. */
  public static final String TRANSFORMS = "transforms";

  public static final String DROP_LOOPBACK = "io.pgduplex.connect.transforms.DropLoopback";

  private static final String INSERT_HEADER = "org.apache.kafka.connect.transforms.InsertHeader";

  private TransformRules() {}

  /** For a source connector. */
  public static List<Problem> ofSource(Map<String, String> submitted) {
    List<Problem> problems = others(
        submitted,
        Set.of(DROP_LOOPBACK, INSERT_HEADER),
        "only DropLoopback and " + INSERT_HEADER + " are taken");
    for (String alias : WorkerRules.split(submitted.get(TRANSFORMS))) {
      String header = TRANSFORMS + "." + alias + ".header";
      if (submitted.getOrDefault(header, "").startsWith(Wire.HEADERS)) {
        problems.add(new Problem(
            header, "must not begin with " + Wire.HEADERS + ": these are the connectors' own"));
      }
    }
    return problems;
  }

  /** For a sink connector. */
  public static List<Problem> ofSink(Map<String, String> submitted) {
    return others(submitted, Set.of(), "a sink takes none");
  }

  private static List<Problem> others(
      Map<String, String> submitted, Set<String> allowed, String what) {
    List<Problem> problems = new ArrayList<>();
    for (String alias : WorkerRules.split(submitted.get(TRANSFORMS))) {
      String option = TRANSFORMS + "." + alias + ".type";
      String type = submitted.getOrDefault(option, "").strip();
      if (!allowed.contains(type)) {
        problems.add(new Problem(
            option,
            "%s: a row that a transform drops, moves or changes would be lost or wrong on the other side, unseen"
                .formatted(what)));
      }
    }
    return problems;
  }
}
