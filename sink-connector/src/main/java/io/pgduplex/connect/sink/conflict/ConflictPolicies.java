package io.pgduplex.connect.sink.conflict;

import io.pgduplex.connect.common.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which policy decides a conflict: the first override that fits its table and type, else the one for all. */
public final class ConflictPolicies {

  private static final Pattern ENTRY = Pattern.compile("(?s)(.+?)(?::([a-z_]+))?=([a-z_]+)");

  private final ConflictPolicy general;
  private final List<Rule> rules;

  /**
   * One override.
   *
   * @param table fits the table's {@code schema.name}
   * @param type null for all types
   */
  private record Rule(Glob table, @Nullable ConflictType type, ConflictPolicy policy) {}

  /**
   * Reads them.
   *
   * @param overrides each {@code <table>=<policy>} or {@code <table>:<type>=<policy>}; the table may hold {@code *} and
   *     {@code ?}
   * @throws IllegalArgumentException saying what is wrong with an entry
   */
  public ConflictPolicies(ConflictPolicy general, List<String> overrides) {
    this.general = general;
    List<Rule> parsed = new ArrayList<>();
    overrides.forEach(entry -> parsed.add(parse(entry.strip())));
    this.rules = List.copyOf(parsed);
  }

  private static Rule parse(String entry) {
    Matcher matcher = ENTRY.matcher(entry);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + entry + "' is not <schema>.<table>=<policy> or <schema>.<table>:<type>=<policy>");
    }
    Optional<ConflictPolicy> policy = ConflictPolicy.named(matcher.group(3));
    if (policy.isEmpty()) {
      throw new IllegalArgumentException("'" + entry + "' names the policy " + matcher.group(3)
          + "; there are " + String.join(", ", ConflictPolicy.general()) + ", and "
          + ConflictPolicy.SKIP + " for " + ConflictType.UPDATE_MISSING);
    }
    String name = matcher.group(2);
    ConflictType type = name == null ? null : ConflictType.named(name).orElse(null);
    if (name != null && type == null) {
      throw new IllegalArgumentException("'" + entry + "' names the conflict type " + name
          + "; there are " + List.of(ConflictType.values()));
    }
    if (policy.get() == ConflictPolicy.SKIP && type != ConflictType.UPDATE_MISSING) {
      throw new IllegalArgumentException("'" + entry + "': " + ConflictPolicy.SKIP
          + " is for the type " + ConflictType.UPDATE_MISSING + " alone");
    }
    return new Rule(new Glob(matcher.group(1)), type, policy.get());
  }

  /** The policy for a conflict of this type on the table {@code schema.name}. */
  public ConflictPolicy of(String table, ConflictType type) {
    return rules.stream()
        .filter(rule -> rule.type() == null || rule.type() == type)
        .filter(rule -> rule.table().matches(table))
        .map(Rule::policy)
        .findFirst()
        .orElse(general);
  }
}
