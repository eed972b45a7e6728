package io.pgduplex.connect.sink.former;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The types that a table's columns needed before a statement, and what it makes of their values: of labels of enums, which
 * have got other names, and of composite types, which have got and lost attributes; also where these are within
 * others.
 */
public final class FormerTypes {

  private static final String ARRAY = "[]";
  private static final String COLLATE = " COLLATE \"";

  private final Map<String, FormerType> types = new HashMap<>();

  /**
   * Adds a type.
   *
   * @param sql the statement that would have made it before
   * @param was labels of an enum by their oids, or types of a composite's attributes by their numbers, in their order; else
   *     empty
   * @param is the same afterwards
   */
  public void add(
      String schema, String name, String sql, Map<Long, String> was, Map<Long, String> is) {
    FormerType type = FormerType.of(schema, name, sql, was, is);
    types.put(type.name(), type);
  }

  /**
   * What makes of a value's text the one that it is now; empty if all values stay.
   *
   * @param type in PostgreSQL's words, with its schema, quoted
   */
  public Optional<UnaryOperator<String>> change(String type) {
    String plain = plain(type);
    if (plain.endsWith(ARRAY)) {
      return change(element(plain)).map(element -> value -> Literals.array(value, element));
    }
    FormerType former = types.get(plain);
    if (former == null) {
      return rangeOf(plain)
          .flatMap(range -> change(inner(range)))
          .map(bound -> value -> Literals.multirange(value, bound));
    }
    if (former.isEnum()) {
      return former.is().entrySet().containsAll(former.was().entrySet())
          ? Optional.empty()
          : Optional.of(labels(former));
    }
    if (former.isComposite()) {
      return attributes(former);
    }
    Optional<UnaryOperator<String>> inner = change(inner(former));
    return former.isRange() ? inner.map(bound -> value -> Literals.range(value, bound)) : inner;
  }

  /** Without its collation. */
  public static String plain(String type) {
    int collate = type.indexOf(COLLATE);
    return collate < 0 ? type : type.substring(0, collate);
  }

  /**
   * The type of the text that a value becomes by a cast, where that is the text that it is written as; empty where it may be
   * another one.
   */
  public Optional<String> inText(String type) {
    String plain = plain(type);
    if (plain.endsWith(ARRAY)) {
      return inText(element(plain)).map(text -> text + ARRAY);
    }
    FormerType former = types.get(plain);
    boolean asWritten = former == null
        ? rangeOf(plain).isPresent()
        : former.isEnum() || former.isComposite() || former.isRange();
    return asWritten ? Optional.of("pg_catalog.text") : Optional.empty();
  }

  /** Whether the first is a domain whose values are of the second type. */
  public boolean isDomainOver(String type, String base) {
    FormerType former = types.get(plain(type));
    return former != null
        && former.isDomain()
        && (former.rest() + ' ').startsWith(plain(base) + ' ');
  }

  private static String element(String array) {
    return array.substring(0, array.length() - ARRAY.length());
  }

  private Optional<FormerType> rangeOf(String multirange) {
    return types.values().stream()
        .filter(range -> range.multirange().filter(multirange::equals).isPresent())
        .findAny();
  }

  /** Of a domain or range: a type that is one of ours, or nothing that matters here. */
  private String inner(FormerType outer) {
    String rest = outer.rest();
    return Stream.concat(
            types.keySet().stream(),
            types.values().stream().flatMap(type -> type.multirange().stream()))
        .filter(rest::startsWith)
        // Not only the beginning of a longer name.
        .filter(name -> !rest.startsWith("\"", name.length()))
        .map(name -> rest.startsWith(ARRAY, name.length()) ? name + ARRAY : name)
        .findAny()
        .orElse("");
  }

  private static UnaryOperator<String> labels(FormerType former) {
    Map<String, String> labels = new HashMap<>();
    former.was().forEach((oid, label) -> labels.put(label, former.is().getOrDefault(oid, label)));
    return label -> labels.getOrDefault(label, label);
  }

  private Optional<UnaryOperator<String>> attributes(FormerType former) {
    List<Long> was = List.copyOf(former.was().keySet());
    List<Long> is = List.copyOf(former.is().keySet());
    Map<Long, UnaryOperator<String>> changes = new HashMap<>();
    former
        .was()
        .forEach((number, type) -> change(type).ifPresent(change -> changes.put(number, change)));
    if (was.equals(is) && changes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(text -> {
      Map<Long, @Nullable String> values = new HashMap<>();
      List<@Nullable String> attributes = was.isEmpty() ? List.of() : Literals.attributes(text);
      if (attributes.size() != was.size()) {
        throw new IllegalArgumentException("A value of " + former.name() + " should have "
            + was.size() + " attributes, and has " + attributes.size());
      }
      for (int i = 0; i < was.size(); i++) {
        String value = attributes.get(i);
        UnaryOperator<String> change = changes.getOrDefault(was.get(i), UnaryOperator.identity());
        values.put(was.get(i), value == null ? null : change.apply(value));
      }
      List<@Nullable String> now = new ArrayList<>();
      is.forEach(number -> now.add(values.get(number)));
      return Literals.record(now);
    });
  }
}
