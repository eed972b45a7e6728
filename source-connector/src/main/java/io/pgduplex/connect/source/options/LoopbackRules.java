package io.pgduplex.connect.source.options;

import io.pgduplex.connect.common.Glob;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.common.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** The loop is cut in the source connector's transforms, so a configuration without the cut is refused. */
final class LoopbackRules {

  static final String DROP_LOOPBACK = "io.pgduplex.connect.transforms.DropLoopback";
  private static final String TRANSFORMS = "transforms";

  private LoopbackRules() {}

  static List<Problem> problems(Map<String, String> submitted) {
    String origin;
    try {
      origin = LinkDirection.from(submitted).opposite().origin();
    } catch (ConfigException e) {
      return List.of();
    }
    List<String> aliases = split(submitted.get(TRANSFORMS)).stream()
        .filter(alias -> DROP_LOOPBACK.equals(submitted.get(TRANSFORMS + "." + alias + ".type")))
        .toList();
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
    boolean named = aliases.stream()
        .flatMap(alias -> split(submitted.get(origins(alias))).stream())
        .anyMatch(glob -> new Glob(glob).matches(origin));
    if (!named) {
      problems.add(new Problem(
          origins(aliases.get(0)),
          "must name " + origin + ", the origin that the opposite direction's sink writes under"));
    }
    return problems;
  }

  private static String origins(String alias) {
    return TRANSFORMS + "." + alias + ".origins";
  }

  private static List<String> split(@Nullable String list) {
    return list == null
        ? List.of()
        : Arrays.stream(list.split(","))
            .map(String::strip)
            .filter(entry -> !entry.isEmpty())
            .toList();
  }
}
