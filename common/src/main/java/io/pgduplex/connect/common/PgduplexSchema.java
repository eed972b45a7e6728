package io.pgduplex.connect.common;

/** The schema that holds what pgduplex keeps inside a database, and the tables in it. */
public final class PgduplexSchema {

  public static final String NAME = "pgduplex";

  /** Source side, forward only: the schema of what captures statements; an administrator's. */
  public static final String DDL_CAPTURE = "pgduplex_ddl";

  /** Source side: the sequence that numbers the runs of source tasks. */
  public static final String EPOCH_SEQUENCE = "epoch";

  /** Source side: one row a link and direction, touched so that quiet databases still show a position. */
  public static final String HEARTBEAT = "heartbeat";

  /** Source side: which tables each direction publishes, for the sink to compare. */
  public static final String SELECTION = "selection";

  /**
   * Source side, forward only: statements that the other side is to run. A sink keeps those that have to wait under {@link
   * #SCHEMA_SYNC}.
   */
  public static final String DDL_LOG = "ddl_log";

  /** Both: what the two sides tell each other about rows that they may hold differently. */
  public static final String CONTROL = "control";

  /**
   * Makes {@link #CONTROL}, which a sink writes to and the source of the same side reads. A correction stays until it is
   * acknowledged: so long its key is disputed.
   */
  public static final String CREATE_CONTROL = """
      CREATE TABLE IF NOT EXISTS pgduplex.control (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        link text NOT NULL,
        direction text NOT NULL,
        kind text NOT NULL,
        answers bigint,
        round int,
        table_schema text,
        table_name text,
        key_columns text[],
        key_values text[],
        columns text[],
        row_values text[],
        written_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )""";

  /** Sink side: how far each direction has been applied. */
  public static final String PROGRESS = "progress";

  /** Sink side: the conflicts that were met, and how each was resolved. */
  public static final String CONFLICTS = "conflicts";

  /** Sink side: the statements of the initial sync, and which of them have been run. */
  public static final String SCHEMA_SYNC = "schema_sync";

  /** Sink side: the tables that each direction has written to. */
  public static final String SNAPSHOT_TABLES = "snapshot_tables";

  /**
   * Key of the advisory lock that whoever makes objects in the schema holds until it commits: CREATE … IF NOT EXISTS
   * alone fails when two connectors start at once.
   */
  public static final long DDL_LOCK = 0x7067_6475_706c_6578L;

  private PgduplexSchema() {}
}
