package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.sink.conflict.ConflictPolicy;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.Position;
import io.pgduplex.connect.sink.record.TableName;
import io.pgduplex.connect.sink.resolve.ModelRows.Version;
import io.pgduplex.connect.sink.resolve.ModelSide.Mutation;
import io.pgduplex.connect.sink.resolve.ModelSide.Sent;
import io.pgduplex.connect.sink.resolve.ModelSide.Transaction;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two writers over a few keys, and two directions that deliver with random delay; at last everything is delivered.
 *
 * <p>With few values a row may come back to what it was (ABA); with values of its own for each change it can be told which
 * were lost.
 */
final class ModelHistory {

  private static final int KEYS = 3;
  private static final int FEW = 3;
  private static final int MOST_ROUNDS = 200;

  /** Some commits of the two sides fall on the same microsecond. */
  private static final int PER_MICROSECOND = 3;

  /** What a history is made of. */
  record Shape(
      ConflictPolicy forward, ConflictPolicy reverse, int steps, long skew, boolean fewValues) {}

  /**
   * What became of versions, each told by its value.
   *
   * @param known some later change knew them
   * @param deleted or truncated
   * @param before of each that an UPDATE made the one before
   */
  private record Notes(
      Set<String> made, Set<String> known, Set<String> deleted, Map<String, String> before) {
    Notes copy() {
      return new Notes(
          new HashSet<>(made), new HashSet<>(known), new HashSet<>(deleted), new HashMap<>(before));
    }
  }

  private final TargetTable plain =
      Tables.table("plain").key("id", "int4").column("v", "text").build();
  private final TargetTable unique = Tables.table("uniques")
      .key("id", "int4")
      .column("u", "int4")
      .column("w", "int4")
      .unique("u")
      .unique("w")
      .column("v", "text")
      .build();
  private final TargetTable deferred = Tables.table("deferred")
      .key("id", "int4")
      .column("u", "int4")
      .column("w", "int4")
      .deferrable("u")
      .deferrable("w")
      .column("v", "text")
      .build();
  private final Map<TableName, TargetTable> tables =
      Map.of(plain.name(), plain, unique.name(), unique, deferred.name(), deferred);
  private final Random random;
  private final Shape shape;
  final ModelSide a;
  final ModelSide b;
  private final Map<ModelSide, Integer> delivered = new HashMap<>();
  private long now;
  private int versions;
  private long offset;

  private Notes notes =
      new Notes(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashMap<>());
  final List<String> trace = new ArrayList<>();

  ModelHistory(long seed, Shape shape, Mutation mutation) {
    this.random = new Random(seed);
    this.shape = shape;
    this.a = new ModelSide(Direction.REVERSE, shape.reverse(), tables, mutation);
    this.b = new ModelSide(Direction.FORWARD, shape.forward(), tables, mutation);
  }

  /**
   * B holds something unique that A does not, so that they cannot be equal.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException that says so
   */
  static void unlikeSides() throws SQLException {
    TargetTable onA = Tables.table("t").key("id", "int4").column("u", "int4").build();
    TargetTable onB =
        Tables.table("t").key("id", "int4").column("u", "int4").unique("u").build();
    ModelSide a = new ModelSide(
        Direction.REVERSE, ConflictPolicy.IGNORE, Map.of(onA.name(), onA), Mutation.NONE);
    ModelSide b = new ModelSide(
        Direction.FORWARD, ConflictPolicy.OVERWRITE, Map.of(onB.name(), onB), Mutation.NONE);
    for (String id : List.of("1", "2")) {
      List<@Nullable Object> values = List.of(id, "5");
      a.rows.put(onA, new Version(values, false, OptionalLong.of(1)));
      RowChange insert = new RowChange(
          new Position(0, 1, 1),
          onA.name(),
          Kind.INSERT,
          null,
          ModelSide.image(List.of("id", "u"), values),
          ReplicaIdentity.FULL,
          0,
          1);
      a.stream.add(new Transaction(List.of(Sent.row(insert)), 1));
    }
    int toB = 0;
    int toA = 0;
    while (toB < a.stream.size() || toA < b.stream.size()) {
      for (; toB < a.stream.size(); toB++) {
        b.apply(List.of(a.stream.get(toB)));
      }
      for (; toA < b.stream.size(); toA++) {
        a.apply(List.of(b.stream.get(toA)));
      }
    }
  }

  private static ModelHistory ofLaterWins(long seed, Mutation mutation) {
    Shape lww = new Shape(
        ConflictPolicy.LAST_UPDATE_WINS,
        ConflictPolicy.LAST_UPDATE_WINS,
        0,
        new Random(seed).nextInt(3) - 1,
        false);
    return new ModelHistory(seed, lww, mutation);
  }

  /**
   * A row on both sides, which one deletes and the other updates once or more, before either hears of the other.
   *
   * @return whether it is there at the end just if the last UPDATE was the later one; of the same moment A's counts
   */
  static boolean endsWithLaterOfUpdateAndDelete(long seed, Mutation mutation) throws SQLException {
    ModelHistory history = ofLaterWins(seed, mutation);
    List<@Nullable Object> zero = List.of("0");
    TargetTable table = history.random.nextBoolean() ? history.plain : history.unique;
    history.commit(history.a, table, null, history.values(table, zero));
    history.run();
    history.now = PER_MICROSECOND * 10L;
    boolean deletedByA = history.random.nextBoolean();
    ModelSide deletes = deletedByA ? history.a : history.b;
    ModelSide updates = deletedByA ? history.b : history.a;
    long deleted = 0;
    long updated = 0;
    int changes = 2 + history.random.nextInt(2);
    int turn = history.random.nextInt(changes);
    for (int i = 0; i < changes; i++) {
      history.now += history.random.nextInt(PER_MICROSECOND);
      if (i == turn) {
        deleted = history.commit(deletes, table, zero, null);
      } else {
        updated = history.commit(updates, table, zero, history.values(table, zero));
      }
    }
    history.run();
    boolean stays = updated == deleted ? !deletedByA : updated > deleted;
    return history.equal() && history.a.rows.of(table).isEmpty() != stays;
  }

  /** A row on both sides, then one change on each before either hears of the other's. */
  static ModelHistory pair(long seed, Mutation mutation) throws SQLException {
    ModelHistory history = ofLaterWins(seed, mutation);
    TargetTable table = history.random.nextBoolean() ? history.plain : history.unique;
    int kind = history.random.nextInt(3);
    List<@Nullable Object> zero = List.of("0");
    if (kind == 0) {
      history.commit(history.a, table, null, history.values(table, zero));
      history.run();
    }
    history.now = PER_MICROSECOND * 10L;
    for (ModelSide side : List.of(history.a, history.b)) {
      List<@Nullable Object> values = kind < 2
          ? history.values(table, zero)
          : with(
              history.values(history.unique, List.of(side.equals(history.a) ? "1" : "2")),
              "0",
              null);
      history.commit(side, kind < 2 ? table : history.unique, kind == 0 ? zero : null, values);
    }
    history.run();
    return history;
  }

  /** Returns when, by its side's clock. */
  private long commit(
      ModelSide side,
      TargetTable table,
      @Nullable List<@Nullable Object> oldKey,
      @Nullable List<@Nullable Object> values) {
    List<Sent> sent = new ArrayList<>();
    long micros = clock(side);
    change(side, sent, micros, table, oldKey, values);
    side.stream.add(new Transaction(sent, micros));
    return micros;
  }

  private long clock(ModelSide side) {
    return now++ / PER_MICROSECOND + (side.equals(b) ? shape.skew() : 0);
  }

  /** Runs to the end; false if it does not come to rest. */
  boolean run() throws SQLException {
    for (int i = 0; i < shape.steps(); i++) {
      switch (random.nextInt(4)) {
        case 0 -> write(a);
        case 1 -> write(b);
        case 2 -> deliver(a, b);
        default -> deliver(b, a);
      }
    }
    boolean crossing = random.nextBoolean();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      int sentByB = crossing ? b.stream.size() : Integer.MAX_VALUE;
      boolean forward = crossing ? deliver(a, b, a.stream.size()) : deliver(a, b);
      boolean reverse = crossing ? deliver(b, a, sentByB) : deliver(b, a);
      if (!forward && !reverse && sentByB >= b.stream.size()) {
        return true;
      }
    }
    return false;
  }

  private boolean deliver(ModelSide from, ModelSide to) throws SQLException {
    return deliver(from, to, delivered.getOrDefault(from, 0) + 1 + random.nextInt(3));
  }

  private boolean deliver(ModelSide from, ModelSide to, int upTo) throws SQLException {
    int first = delivered.getOrDefault(from, 0);
    int last = Math.min(from.stream.size(), upTo);
    if (first >= last) {
      return false;
    }
    delivered.put(from, last);
    to.apply(List.copyOf(from.stream.subList(first, last)));
    return true;
  }

  private void write(ModelSide side) {
    Map<TargetTable, Map<List<@Nullable Object>, Version>> rows = side.rows.copy();
    Notes notes = this.notes;
    this.notes = notes.copy();
    int traced = trace.size();
    List<Sent> sent = new ArrayList<>();
    long micros = clock(side);
    for (int i = random.nextInt(3); i >= 0; i--) {
      write(side, sent, micros);
    }
    if (!sent.isEmpty() && side.rows.holdAtEnd(deferred)) {
      side.stream.add(new Transaction(List.copyOf(sent), micros));
    } else {
      this.notes = notes;
      side.rows.restore(rows);
      trace.subList(traced, trace.size()).clear();
    }
  }

  private void write(ModelSide side, List<Sent> sent, long micros) {
    TargetTable table = List.of(plain, unique, deferred).get(random.nextInt(3));
    List<@Nullable Object> key = List.of(String.valueOf(random.nextInt(KEYS)));
    if (side.equals(a) && random.nextInt(20) == 0) {
      truncate(sent, table);
      return;
    }
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> change(side, sent, micros, table, null, values(table, key));
      case 3, 4 -> change(side, sent, micros, table, key, values(table, key));
      case 5 -> change(side, sent, micros, table, key, null);
      case 6 -> {
        Version row = side.rows.of(table).get(key);
        List<@Nullable Object> moved = values(table, List.of(String.valueOf(random.nextInt(KEYS))));
        // Often its other values stay.
        change(
            side,
            sent,
            micros,
            table,
            key,
            row == null || table.equals(plain) || random.nextBoolean()
                ? moved
                : with(moved, row.values().get(1), row.values().get(2)));
      }
      default -> swap(side, sent, micros, table.equals(deferred) ? deferred : unique);
    }
  }

  private List<@Nullable Object> values(TargetTable table, List<@Nullable Object> key) {
    List<@Nullable Object> values = new ArrayList<>(key);
    if (!table.equals(plain)) {
      values.add(random.nextInt(4) == 0 ? null : String.valueOf(random.nextInt(FEW)));
      values.add(random.nextInt(2) == 0 ? null : String.valueOf(random.nextInt(FEW)));
    }
    values.add(shape.fewValues() ? "v" + random.nextInt(FEW) : "<" + versions++ + ">");
    return values;
  }

  /** Goes forward only, so A alone does it. */
  private void truncate(List<Sent> sent, TargetTable table) {
    for (Version row : a.rows.of(table).values()) {
      notes.known().add(version(row.values()));
      notes.deleted().add(version(row.values()));
    }
    a.truncate(table);
    sent.add(Sent.truncate(table));
    trace.add("A TRUNCATE " + table.name());
  }

  /** Two rows' unique values change places, by way of none where each step is checked. */
  private void swap(ModelSide side, List<Sent> sent, long micros, TargetTable table) {
    Map<List<@Nullable Object>, Version> rows = side.rows.of(table);
    List<List<@Nullable Object>> keys = new ArrayList<>(rows.keySet());
    if (keys.size() < 2) {
      return;
    }
    List<@Nullable Object> first = keys.get(0);
    List<@Nullable Object> second = keys.get(1);
    List<@Nullable Object> one = Objects.requireNonNull(rows.get(first)).values();
    List<@Nullable Object> two = Objects.requireNonNull(rows.get(second)).values();
    Object u = one.get(1);
    if (table.equals(unique)) {
      change(side, sent, micros, table, first, with(values(table, first), null, one.get(2)));
    }
    change(side, sent, micros, table, second, with(values(table, second), u, two.get(2)));
    change(side, sent, micros, table, first, with(values(table, first), two.get(1), one.get(2)));
  }

  private static List<@Nullable Object> with(
      List<@Nullable Object> values, @Nullable Object u, @Nullable Object w) {
    values.set(1, u);
    values.set(2, w);
    return values;
  }

  /** Does nothing where the side's own constraints forbid it. */
  private void change(
      ModelSide side,
      List<Sent> sent,
      long micros,
      TargetTable table,
      @Nullable List<@Nullable Object> oldKey,
      @Nullable List<@Nullable Object> values) {
    Version old = oldKey == null ? null : side.rows.of(table).get(oldKey);
    if ((oldKey != null && old == null)
        || (old != null && old.values().equals(values))
        || (values != null
            && side.rows.sharing(table, values).stream().anyMatch(key -> !key.equals(oldKey)))) {
      return;
    }
    if (old != null) {
      side.rows.of(table).remove(oldKey);
      notes.known().add(version(old.values()));
      if (values == null) {
        notes.deleted().add(version(old.values()));
      } else {
        notes.before().put(version(values), version(old.values()));
      }
    }
    if (values != null) {
      side.rows.put(table, new Version(values, false, OptionalLong.of(micros)));
      notes.made().add(version(values));
    }
    Kind kind = values == null ? Kind.DELETE : old == null ? Kind.INSERT : Kind.UPDATE;
    List<String> names = table.columns().stream().map(column -> column.name()).toList();
    RowChange change = new RowChange(
        new Position(offset++, 1, 1),
        table.name(),
        kind,
        old == null ? null : ModelSide.image(names, old.values()),
        values == null ? null : ModelSide.image(names, values),
        ReplicaIdentity.FULL,
        0,
        micros);
    trace.add((side.equals(a) ? "A " : "B ") + kind + " " + (old == null ? "" : old.values()) + " "
        + values);
    sent.add(Sent.row(change));
  }

  private static String version(List<@Nullable Object> values) {
    return String.valueOf(values.get(values.size() - 1));
  }

  /** Versions that are neither there at the end, nor known to the author of a later one, nor on record as a conflict. */
  Set<String> lost() {
    Set<String> lost = new HashSet<>(notes.made());
    lost.removeAll(notes.known());
    a.rows.contents().values().forEach(row -> lost.remove(version(row)));
    for (ModelSide side : Arrays.asList(a, b)) {
      side.conflicts.forEach(conflict -> lost.removeIf(conflict::has));
    }
    return lost;
  }

  /** Versions that were deleted, and live on in a later one that is there at the end, with no conflict on record. */
  Set<String> back() {
    Set<String> back = new HashSet<>();
    for (List<@Nullable Object> row : a.rows.contents().values()) {
      List<String> line = new ArrayList<>(List.of(version(row)));
      for (String one = notes.before().get(line.get(0));
          one != null;
          one = notes.before().get(one)) {
        line.add(one);
        if (notes.deleted().contains(one) && line.stream().noneMatch(this::isOnRecord)) {
          back.add(one);
        }
      }
    }
    return back;
  }

  private boolean isOnRecord(String version) {
    return a.conflicts.stream().anyMatch(conflict -> conflict.has(version))
        || b.conflicts.stream().anyMatch(conflict -> conflict.has(version));
  }

  boolean equal() {
    return a.rows.contents().equals(b.rows.contents());
  }
}
