package io.pgduplex.connect.sink.resolve;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.ReplicaIdentity;
import io.pgduplex.connect.sink.conflict.ConflictPolicies;
import io.pgduplex.connect.sink.conflict.ConflictPolicy;
import io.pgduplex.connect.sink.conflict.ConflictType;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.ControlKind;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.record.ChangeEvent.RowChange;
import io.pgduplex.connect.sink.record.Position;
import io.pgduplex.connect.sink.record.TableName;
import io.pgduplex.connect.sink.resolve.ModelRows.Version;
import io.pgduplex.connect.sink.resolve.Settlement.Part;
import io.pgduplex.connect.sink.table.TargetTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One side of a link in memory: its rows, what it sends, and the sink's own decision code over them. */
final class ModelSide implements ControlLog {

  /**
   * What one transaction sends.
   *
   * @param control null for a change of a user's row, or a TRUNCATE
   * @param change the row's change; of a control row the row that it is about
   * @param truncated the table of a TRUNCATE
   */
  record Sent(
      @Nullable ControlKind control,
      long number,
      int round,
      @Nullable RowChange change,
      @Nullable TargetTable truncated) {

    static Sent row(RowChange change) {
      return new Sent(null, 0, 0, change, null);
    }

    static Sent truncate(TargetTable table) {
      return new Sent(null, 0, 0, null, table);
    }

    static Sent control(ControlKind kind, long number, int round, @Nullable RowChange about) {
      return new Sent(kind, number, round, about, null);
    }
  }

  /**
   * A transaction in the stream.
   *
   * @param micros its commit time by its side's clock
   */
  record Transaction(List<Sent> sent, long micros) {}

  /**
   * A conflict on record.
   *
   * @param local the local row's text, or null
   */
  record Recorded(
      ConflictType type,
      String decidedBy,
      Operation operation,
      @Nullable String local) {

    /** Whether a row with this value is on record, as the incoming one or the local one. */
    boolean has(String value) {
      return Arrays.asList(operation.values()).contains(value)
          || Arrays.asList(operation.expected()).contains(value)
          || (local != null && local.contains(value));
    }

    @Override
    public String toString() {
      return type + " by " + decidedBy + " " + RowKey.of(operation) + " local " + local;
    }
  }

  private static final Position NOWHERE = new Position(0, 1, 1);

  final ModelRows rows;
  final List<Transaction> stream = new ArrayList<>();
  final List<Recorded> conflicts = new ArrayList<>();
  private final Map<TableName, TargetTable> tables;
  private final Map<Long, String> disputed = new LinkedHashMap<>();
  private final Mutation mutation;
  private final Direction incoming;
  private final ConflictPolicy policy;
  private List<Sent> open = new ArrayList<>();
  private long corrected;
  private final Set<TargetTable> truncated = new HashSet<>();

  /** What is broken on purpose. */
  enum Mutation {
    NONE,
    NO_CORRECTION,
    NO_REASSERTION,
    NO_ACKNOWLEDGEMENT,
    /** B asks, and does not say why. */
    DELETIONS_UNTOLD,
    DISPUTES_IGNORED,
    BOTH_SETTLE,
    NOBODY_SETTLES,
    TRUNCATE_AS_IS,
    /** And nobody settles. */
    TIE_BREAK,
    TIMES_ONLY
  }

  /** @param incoming the direction that writes to this side */
  ModelSide(
      Direction incoming,
      ConflictPolicy policy,
      Map<TableName, TargetTable> tables,
      Mutation mutation) {
    this.mutation = mutation;
    this.tables = tables;
    this.incoming = incoming;
    this.policy = policy;
    this.rows = mutation == Mutation.TIMES_ONLY ? new TimesOnlyRows() : new ModelRows();
  }

  /** The next transactions of the other side's stream, as one transaction here. */
  void apply(List<Transaction> transactions) throws SQLException {
    LeftOut leftOut = new LeftOut();
    while (!applied(transactions, leftOut)) {}
    long micros = transactions.get(transactions.size() - 1).micros();
    rows.commit(micros);
    if (!open.isEmpty()) {
      stream.add(new Transaction(open, micros));
      open = new ArrayList<>();
    }
  }

  /** False where it was rolled back, to be applied again with more left out. */
  private boolean applied(List<Transaction> transactions, LeftOut leftOut) throws SQLException {
    Map<TargetTable, Map<List<@Nullable Object>, Version>> before = rows.copy();
    Map<Long, String> disputedBefore = new LinkedHashMap<>(disputed);
    Set<TargetTable> truncatedBefore = new HashSet<>(truncated);
    int conflictsBefore = conflicts.size();
    Applying applying = new Applying(leftOut);
    try {
      for (Transaction transaction : transactions) {
        for (Sent sent : transaction.sent()) {
          applying.apply(sent);
        }
      }
      applying.late.resolve();
      applying.settlement.write();
      return true;
    } catch (ApplyAgain again) {
      rows.restore(before);
      disputed.clear();
      disputed.putAll(disputedBefore);
      truncated.clear();
      truncated.addAll(truncatedBefore);
      conflicts.subList(conflictsBefore, conflicts.size()).clear();
      open.clear();
      return false;
    }
  }

  /** What a transaction is applied with. */
  private final class Applying {

    private final Settlement settlement;
    private final Corrections corrections;
    private final RowWriter writer;
    private final LateConflicts late;

    Applying(LeftOut leftOut) {
      Part part = mutation == Mutation.BOTH_SETTLE ? Part.SETTLES : Part.of(incoming, true);
      boolean alone = mutation == Mutation.NOBODY_SETTLES || mutation == Mutation.TIE_BREAK;
      this.settlement = new Settlement(alone ? Part.NONE : part, ModelSide.this);
      ConflictLog log = (type, decidedBy, operation, local, outcome) -> conflicts.add(
          new Recorded(type, decidedBy, operation, local == null ? null : local.json()));
      this.corrections = new Corrections(rows, log, settlement);
      Direction judged = mutation == Mutation.TIE_BREAK ? Direction.FORWARD : incoming;
      Conflicts decided =
          new Conflicts(judged, new ConflictPolicies(policy, List.of()), Set.of(), log, settlement);
      this.writer = new RowWriter(rows, decided);
      this.late = new LateConflicts(rows, decided, leftOut);
    }

    void apply(Sent sent) throws SQLException {
      if (sent.control() == ControlKind.ACKNOWLEDGEMENT) {
        settlement.acknowledged(sent.number());
        return;
      }
      if (sent.control() == ControlKind.REWRITTEN) {
        settlement.acknowledge(sent.number());
        return;
      }
      if (sent.truncated() != null) {
        rows.of(sent.truncated()).clear();
        return;
      }
      RowChange change = Objects.requireNonNull(sent.change());
      Operation operation =
          Operation.of(Objects.requireNonNull(tables.get(change.table())), change);
      if (sent.control() == null) {
        write(operation);
      } else if (sent.control() == ControlKind.REASSERTION) {
        settlement.note(RowKey.found(operation), sent.round());
      } else if (sent.control() == ControlKind.DELETION) {
        writer.staysDeleted(operation);
        settlement.note(RowKey.found(operation), sent.round());
      } else if (operation.kind() == Kind.DELETE) {
        corrections.remove(sent.number(), sent.round(), operation);
      } else {
        corrections.set(sent.number(), sent.round(), operation.withKey());
      }
    }

    private void write(Operation operation) throws SQLException {
      if (!late.isLost(operation)) {
        late.wrote(operation.table(), List.of(operation), writer.write(operation));
        settlement.noteDisputed(List.of(operation));
      }
    }
  }

  /** Corrections that are not acknowledged. */
  int disputes() {
    return disputed.size();
  }

  @Override
  public void correct(KeyColumns columns, Map<List<@Nullable Object>, Integer> rounds) {
    TargetTable table = columns.table();
    for (Map.Entry<List<@Nullable Object>, Integer> of : rounds.entrySet()) {
      List<@Nullable Object> key = of.getKey();
      corrected++;
      if (mutation != Mutation.NO_CORRECTION) {
        disputed.put(corrected, table.name() + " " + key);
        Version row = rows.of(table).get(key);
        open.add(Sent.control(
            ControlKind.CORRECTION,
            corrected,
            of.getValue(),
            about(table, key, row == null ? null : row.values())));
      }
    }
  }

  @Override
  public void reassert(KeyColumns columns, Map<List<@Nullable Object>, Integer> rounds) {
    ask(ControlKind.REASSERTION, columns, rounds);
  }

  @Override
  public void tellDeleted(KeyColumns columns, Map<List<@Nullable Object>, Integer> rounds) {
    ask(
        mutation == Mutation.DELETIONS_UNTOLD ? ControlKind.REASSERTION : ControlKind.DELETION,
        columns,
        rounds);
  }

  private void ask(
      ControlKind kind, KeyColumns columns, Map<List<@Nullable Object>, Integer> rounds) {
    if (mutation != Mutation.NO_REASSERTION) {
      rounds.forEach((key, round) ->
          open.add(Sent.control(kind, 0, round, about(columns.table(), key, null))));
    }
  }

  private static RowChange about(
      TargetTable table, List<@Nullable Object> key, @Nullable List<@Nullable Object> row) {
    List<String> names = table.names(bits(table));
    return new RowChange(
        NOWHERE,
        table.name(),
        row == null ? Kind.DELETE : Kind.UPDATE,
        image(table.key().stream().map(names::get).toList(), key),
        row == null ? null : image(names, row),
        ReplicaIdentity.of(table.key().stream().map(names::get).toList()),
        0,
        0);
  }

  private static BitSet bits(TargetTable table) {
    BitSet all = new BitSet();
    all.set(0, table.columns().size());
    return all;
  }

  static Map<String, @Nullable Object> image(List<String> names, List<@Nullable Object> values) {
    Map<String, @Nullable Object> image = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      image.put(names.get(i), values.get(i));
    }
    return image;
  }

  @Override
  public Collection<TargetTable> rewritten(Collection<TargetTable> tables) {
    List<TargetTable> changed = tables.stream().filter(truncated::contains).toList();
    truncated.removeAll(changed);
    return changed;
  }

  @Override
  public void keepStorage() {
    // Nothing has been truncated yet.
  }

  @Override
  public void tellRewritten(TargetTable table) {
    corrected++;
    disputed.put(corrected, table.name().toString());
    open.add(Sent.control(ControlKind.REWRITTEN, corrected, 0, null));
  }

  /** A user empties the table. */
  void truncate(TargetTable table) {
    rows.of(table).clear();
    if (mutation != Mutation.TRUNCATE_AS_IS) {
      truncated.add(table);
    }
  }

  @Override
  public void acknowledge(Collection<Long> applied) {
    if (mutation != Mutation.NO_ACKNOWLEDGEMENT) {
      applied.forEach(id -> open.add(Sent.control(ControlKind.ACKNOWLEDGEMENT, id, 0, null)));
    }
  }

  @Override
  public void acknowledged(Collection<Long> ids) {
    disputed.keySet().removeAll(ids);
  }

  @Override
  public boolean hasDisputed(TargetTable table) {
    return !disputed.isEmpty() && mutation != Mutation.DISPUTES_IGNORED;
  }

  @Override
  public Collection<List<@Nullable Object>> disputed(
      KeyColumns columns, Collection<List<@Nullable Object>> keys) {
    TargetTable table = columns.table();
    if (disputed.containsValue(table.name().toString())) {
      return keys;
    }
    return keys.stream()
        .filter(key -> disputed.containsValue(table.name() + " " + key))
        .toList();
  }

  /** Takes a change for one that knew the row wherever it is the later one. */
  private static final class TimesOnlyRows extends ModelRows {
    @Override
    @Nullable
    Version matching(Operation operation) {
      if (operation.compared().isEmpty()) {
        return super.matching(operation);
      }
      Version row = of(operation.table()).get(Arrays.asList(operation.identity()));
      return row == null
              || row.micros().isEmpty()
              || row.micros().getAsLong() <= operation.change().commitMicros()
          ? row
          : null;
    }
  }
}
