package io.pgduplex.connect.source.options;

import static io.pgduplex.connect.common.TransformRules.DROP_LOOPBACK;
import static io.pgduplex.connect.common.TransformRules.TRANSFORMS;

import io.pgduplex.connect.common.Glob;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.common.WorkerRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;

/** The loop is cut in the source connector's transforms, so a configuration without the cut is refused. */
final class LoopbackRules {

  /** What DropLoopback and the worker read below a transform's alias. */
  private static final Set<String> KNOWN =
      Set.of("type", "plugin.version", "predicate", "negate", "origins");

  private LoopbackRules() {}

  static List<Problem> problems(Map<String, String> submitted) {
    String origin;
    try {
      origin = LinkDirection.from(submitted).opposite().origin();
    } catch (ConfigException e) {
      return List.of();
    }
    List<String> aliases = aliases(submitted);
    if (aliases.isEmpty()) {
      return List.of(new Problem(
          TRANSFORMS,
          "must have %s, or what the opposite direction writes here goes back to where it came from; for example"
                  .formatted(DROP_LOOPBACK)
              + " \"transforms\": \"dropLoopback\", \"transforms.dropLoopback.type\": \""
              + DROP_LOOPBACK
              + "\", \"transforms.dropLoopback.origins\": \"" + origin + "\""));
    }
    List<Problem> problems = new ArrayList<>();
    for (String alias : aliases) {
      String predicate = TRANSFORMS + "." + alias + ".predicate";
      if (submitted.containsKey(predicate)) {
        problems.add(
            new Problem(predicate, "DropLoopback must see every record; remove its predicate"));
      }
    }
    for (String name : submitted.keySet()) {
      for (String alias : aliases) {
        String prefix = TRANSFORMS + "." + alias + ".";
        if (name.startsWith(prefix) && !KNOWN.contains(name.substring(prefix.length()))) {
          problems.add(new Problem(name, "is not an option of DropLoopback"));
        }
      }
    }
    boolean named = foreignOrigins(submitted).stream().anyMatch(glob -> glob.matches(origin));
    if (!named) {
      problems.add(new Problem(
          origins(aliases.get(0)),
          "must name " + origin + ", the origin that the opposite direction's sink writes under"));
    }
    return problems;
  }

  /** The origins whose rows are dropped. */
  static List<Glob> foreignOrigins(Map<String, String> submitted) {
    return aliases(submitted).stream()
        .flatMap(alias -> WorkerRules.split(submitted.get(origins(alias))).stream())
        .map(Glob::new)
        .toList();
  }

  private static List<String> aliases(Map<String, String> submitted) {
    return WorkerRules.split(submitted.get(TRANSFORMS)).stream()
        .filter(alias -> DROP_LOOPBACK.equals(submitted.get(TRANSFORMS + "." + alias + ".type")))
        .toList();
  }

  private static String origins(String alias) {
    return TRANSFORMS + "." + alias + ".origins";
  }
}
