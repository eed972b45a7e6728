package io.pgduplex.benchmarks;

import java.util.Locale;

/** What the source's transactions do to a table of accounts; each has a table and a link of its own. */
enum Work {
  INSERT,
  UPDATE,
  DELETE;

  /** Rows in a transaction of the source. */
  static final int TRANSACTION = 100;

  /** Seven columns beside the key, of the types that applications use most; together about 150 bytes. */
  private static final String CREATE = """
      CREATE TABLE %1$s (
        id bigint PRIMARY KEY,
        branch integer NOT NULL,
        owner text NOT NULL,
        balance numeric(12, 2) NOT NULL,
        active boolean NOT NULL,
        opened date NOT NULL,
        changed timestamptz NOT NULL,
        note text
      );
      ALTER TABLE %1$s REPLICA IDENTITY FULL""";

  private static final String INSERT_ROWS = """
      INSERT INTO %s
      SELECT g, g %% 100, 'owner ' || g, g %% 1000000 / 100.0, g %% 3 > 0, date '2020-01-01' + g %% 1000,
             timestamptz '2025-01-01 00:00 UTC' + g * interval '1 second',
             md5(g::text) || md5((-g)::text) || left(md5(g::text), 24)
        FROM generate_series(%s, %s) AS g""";

  String link() {
    return name().toLowerCase(Locale.ROOT);
  }

  String table() {
    return "account_" + link();
  }

  String create() {
    return CREATE.formatted(table());
  }

  /** The rows as they are before the first transaction. */
  String begin(int rows) {
    return this == INSERT ? "SELECT" : insert("1", Integer.toString(rows), "");
  }

  /** All transactions, one after the other. */
  String run(int rows) {
    String first = TRANSACTION + " * t + 1";
    String last = TRANSACTION + " * t + " + TRANSACTION;
    String which = " WHERE id BETWEEN " + first + " AND " + last;
    String transaction =
        switch (this) {
          case INSERT -> insert(first, last, "");
          case UPDATE ->
            "UPDATE " + table() + " SET balance = balance + 1, changed = changed + interval '1 day'"
                + which;
          case DELETE -> "DELETE FROM " + table() + which;
        };
    return "DO $$ BEGIN FOR t IN 0.." + (rows / TRANSACTION - 1) + " LOOP " + transaction
        + "; COMMIT; END LOOP; END $$";
  }

  /** Inserts the rows from one number to another, those for which a condition on {@code g} holds. */
  String insert(String first, String last, String condition) {
    return INSERT_ROWS.formatted(table(), first, last) + condition;
  }
}
