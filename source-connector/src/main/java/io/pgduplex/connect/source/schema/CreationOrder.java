package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Dependencies.Category;
import io.pgduplex.connect.source.schema.Dependencies.Reached;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Orders types and tables by what they need of each other; else types first, then by name. */
final class CreationOrder {

  private final Map<Node, TableName> names = new HashMap<>();
  private final Map<Node, Set<Node>> needs = new HashMap<>();
  private final Comparator<Node> byName =
      Comparator.<Node, Boolean>comparing(Node::table).thenComparing(this::nameOf);

  /** A type, or a table: their oids are no set of numbers in common. */
  record Node(boolean table, long oid) {
    static Node type(long oid) {
      return new Node(false, oid);
    }

    static Node table(long oid) {
      return new Node(true, oid);
    }
  }

  void add(Node node, TableName name) {
    names.put(node, name);
  }

  void needs(Node node, Reached reached) {
    if (reached.category() == Category.TYPE) {
      needs(node, Node.type(reached.oid()));
    } else if (reached.category() == Category.TABLE) {
      needs(node, Node.table(reached.oid()));
    }
  }

  void needs(Node node, Node needed) {
    needs.computeIfAbsent(node, unused -> new HashSet<>()).add(needed);
  }

  List<Node> sorted() {
    List<Node> sorted = new ArrayList<>();
    Set<Node> seen = new HashSet<>();
    names.keySet().stream().sorted(byName).forEach(node -> visit(node, seen, sorted));
    return sorted;
  }

  private void visit(Node node, Set<Node> seen, List<Node> sorted) {
    if (!seen.add(node)) {
      return;
    }
    needs.getOrDefault(node, Set.of()).stream()
        .filter(names::containsKey)
        .sorted(byName)
        .forEach(needed -> visit(needed, seen, sorted));
    sorted.add(node);
  }

  private TableName nameOf(Node node) {
    TableName name = names.get(node);
    if (name == null) {
      throw new IllegalStateException("No name for " + node);
    }
    return name;
  }
}
