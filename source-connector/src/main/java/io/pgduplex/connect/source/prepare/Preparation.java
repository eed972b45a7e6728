package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.PgduplexSchema;
import io.pgduplex.connect.common.Problem;
import io.pgduplex.connect.common.database.PoolerCheck;
import io.pgduplex.connect.common.database.ServerChecks;
import io.pgduplex.connect.source.options.Settings;
import io.pgduplex.connect.source.options.SnapshotMode;
import io.pgduplex.connect.source.position.EndOffset;
import io.pgduplex.connect.source.schema.SchemaStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the database and makes it ready for a run. */
public final class Preparation {

  private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

  /** Tables in a message. */
  private static final int SHOWN = 20;

  private static final String DDL_LOG = PgduplexSchema.NAME + '.' + PgduplexSchema.DDL_LOG;

  /** The definitions of some thousand tables take longer than other queries. */
  private static final int LONGEST_LOOK_MS = 600_000;

  private final Settings settings;
  private final Database database;

  public Preparation(Settings settings) {
    this.settings = settings;
    this.database = new Database(settings);
  }

  /**
   * What a run needs to know.
   *
   * @param epoch the run's number; every later run has a higher one
   * @param snapshotTables the tables, as {@code schema.table}, whose rows are to be sent first
   * @param estimatedRows about how many these are
   * @param schema the tables' definition that is sent before them; null where it is not
   */
  public record Prepared(
      long epoch,
      List<String> snapshotTables,
      long estimatedRows,
      InitialSchema.@Nullable Read schema) {
    public Prepared {
      snapshotTables = List.copyOf(snapshotTables);
    }
  }

  /**
   * Makes the database ready; can be repeated at will.
   *
   * @param start the END that the run resumes after; null where there is none
   * @throws SQLException that {@link SqlFailure} classes
   * @throws ConnectException when a human must act; says how
   */
  public Prepared prepare(@Nullable EndOffset start) throws SQLException {
    try (Connection connection = connectForCatalogs()) {
      DdlFollowing following = new DdlFollowing(connection, settings);
      following.register();
      String name = settings.link().objectName();
      Publication publication = new Publication(connection, name);
      Optional<Map<String, Boolean>> members = publication.members();
      List<Table> tables = tables(connection);
      refuse(problems(connection, tables));
      warnOfRowsKnownInPart(tables);
      PgduplexObjects.create(connection);
      // Before the slot: a slot never sees a publication that is younger than its position.
      publication.keep(tables, settings.direction(), members);
      following.follow(tables);
      List<String> snapshotTables = snapshotTables(start, tables);
      InitialSchema.Read schema = null;
      FirstStart firstStart = new FirstStart(connection, settings.link());
      if (start != null) {
        new Slot(connection, name).prepare(start, false);
        snapshotIsSafe(connection, tables);
      } else if (snapshotTables.isEmpty()) {
        following.beginAnew();
        beginAtSlot(new Slot(connection, name), firstStart, tables);
      } else {
        firstStart.begins();
        if (settings.syncSchema()) {
          // Before the slot, so that its point has what is written.
          schema = new InitialSchema(connection, settings.link()).write(tables);
          snapshotTables.add(DDL_LOG);
        }
        new Slot(connection, name).prepare(null, true);
      }
      return new Prepared(
          PgduplexObjects.nextEpoch(connection),
          snapshotTables,
          snapshotTables.isEmpty() ? 0 : SelectedTables.estimatedRows(connection, tables),
          schema);
    }
  }

  /** The sink can compare a row with what the sender changed only if it gets the whole row. */
  private void warnOfRowsKnownInPart(List<Table> tables) {
    List<String> inPart = tables.stream()
        .filter(table -> !table.partitioned() && table.replicaIdentity() != 'f')
        .map(Table::dotted)
        .toList();
    if (!inPart.isEmpty()) {
      LOG.warn(
          "{}: {} of {} tables have no REPLICA IDENTITY FULL, so that both sides changed one of their rows at the same time is"
              + " not noticed: {}",
          settings.link(),
          inPart.size(),
          tables.size(),
          inPart.size() <= SHOWN ? inPart : inPart.subList(0, SHOWN) + " ...");
    }
  }

  /** Without a copy: from the slot's point on, once it is known that no row of before is left behind. */
  private void beginAtSlot(Slot slot, FirstStart firstStart, List<Table> tables)
      throws SQLException {
    slot.prepare(null, firstStart.wasInterrupted());
    if (!slot.exists()) {
      firstStart.begins();
      Optional<Problem> problem = new NewSlot(database, settings).create(tables);
      if (problem.isPresent()) {
        slot.drop();
        refuse(List.of(problem.get()));
      }
    }
    firstStart.isDone();
  }

  /** Once the rows of a snapshot, and an END after it, are safe in Kafka, so that it is not done again. */
  public void snapshotIsSafe() throws SQLException {
    try (Connection connection = database.connect()) {
      snapshotIsSafe(connection, tables(connection));
    }
  }

  /** With it go the sequences' values, once: from now on the other side may have given out its own. */
  private void snapshotIsSafe(Connection connection, List<Table> tables) throws SQLException {
    FirstStart firstStart = new FirstStart(connection, settings.link());
    if (!firstStart.wasInterrupted()) {
      return;
    }
    InitialSchema schema = new InitialSchema(connection, settings.link());
    List<SchemaStatement> sequences =
        settings.syncSchema() && settings.snapshotMode() == SnapshotMode.INITIAL
            ? schema.sequences(tables)
            : List.of();
    connection.setAutoCommit(false);
    schema.send(sequences);
    firstStart.isDone();
    connection.commit();
    connection.setAutoCommit(true);
  }

  private Connection connectForCatalogs() throws SQLException {
    Connection connection = database.connect();
    connection.setNetworkTimeout(Runnable::run, LONGEST_LOOK_MS);
    return connection;
  }

  /** To be called when the copy has begun, so that nobody can change the tables any more. */
  public boolean isStillSo(Prepared prepared) throws SQLException {
    InitialSchema.Read schema = prepared.schema();
    if (schema == null) {
      return true;
    }
    try (Connection connection = connectForCatalogs()) {
      // A table that came into being before the slot would be in neither the copy nor the stream.
      boolean stillSo = InitialSchema.names(tables(connection)).equals(schema.tables())
          && new InitialSchema(connection, settings.link()).isStill(schema);
      if (stillSo) {
        new DdlFollowing(connection, settings).beginAnew();
      }
      return stillSo;
    }
  }

  /** What keeps the database from being read, as far as looking at it tells; empty when nothing does. */
  public List<Problem> check() {
    try (Connection connection = database.connect()) {
      List<Table> tables = SelectedTables.read(connection, settings.selection(), Set.of());
      List<Problem> problems = problems(connection, tables);
      new DdlFollowing(connection, settings).problem().ifPresent(problems::add);
      if (problems.isEmpty()
          && RowsBefore.matter(settings)
          && !new Slot(connection, settings.link().objectName()).exists()) {
        RowsBefore.glance(connection, settings, tables).ifPresent(problems::add);
      }
      return problems;
    } catch (SQLException e) {
      return List.of(ServerChecks.unreachable(e));
    }
  }

  private List<Table> tables(Connection connection) throws SQLException {
    return SelectedTables.read(
        connection, settings.selection(), new DdlFollowing(connection, settings).followed());
  }

  private List<Problem> problems(Connection connection, List<Table> tables) throws SQLException {
    List<Problem> problems = new ArrayList<>(SourceServerChecks.problems(connection, settings));
    PoolerCheck.problem(connection, database::connect).ifPresent(problems::add);
    problems.addAll(RoleChecks.problems(connection, settings.link().objectName(), tables));
    problems.addAll(TableChecks.problems(settings, tables));
    return problems;
  }

  private List<String> snapshotTables(@Nullable EndOffset start, List<Table> tables) {
    if (start != null || settings.snapshotMode() == SnapshotMode.NO_DATA) {
      return List.of();
    }
    return tables.stream()
        .filter(table -> !table.partitioned())
        .map(Table::dotted)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static void refuse(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new ConnectException(problems.stream()
          .map(Problem::toString)
          .collect(Collectors.joining("\n", "The database cannot be read as it is:\n", "")));
    }
  }
}
