package io.pgduplex.connect.source.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.common.database.CatalogComparison;
import io.pgduplex.connect.source.schema.SchemaStatement.Phase;
import io.pgduplex.stack.PostgresServer;
import io.pgduplex.stack.PostgresSettings;
import io.pgduplex.stack.Stack;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Makes the tables of one server on another one, and compares the catalogs. */
class SchemaRoundTripIT {

  /** Holds what is not selected, or not carried. */
  private static final String UNUSED = "unused";

  private static Stack stack;

  @BeforeAll
  static void startServers() {
    stack = Stack.builder()
        .postgresA(PostgresSettings.major(18).withTimezone("America/St_Johns"))
        .postgresB(PostgresSettings.major(18).withTimezone("Asia/Kathmandu"))
        .start();
  }

  @AfterAll
  static void stopServers() {
    stack.close();
  }

  @Test
  void everyKindOfObjectComesOutTheSame() throws SQLException {
    try (TestDatabase a = TestDatabase.create(stack.a(), "same_a");
        TestDatabase b = TestDatabase.create(stack.b(), "same_b")) {
      a.script("schema/all-versions.sql");
      a.script("schema/since-18.sql");
      List<TableName> tables = a.tablesBut(UNUSED);
      assertThat(tables).hasSizeGreaterThan(60);

      SourceSchema read = SchemaReader.read(a.asPlainRole(), tables);
      b.apply(read.statements());

      assertThat(differences(a.asSuperuser(), b.asSuperuser())).isEmpty();
      assertThat(read.needs()).isEmpty();
      assertThat(read.leftOut()).isEmpty();
      assertThat(read.added()).isEmpty();
      assertThat(SchemaReader.read(b.asPlainRole(), tables).statements())
          .as("read from the copy")
          .isEqualTo(read.statements());
    }
  }

  @Test
  void aTableOfAnOldServerIsTheSameOnANewOne() throws SQLException {
    PostgresServer old = stack.addPostgres("old", PostgresSettings.major(14));
    try (TestDatabase a = TestDatabase.create(old, "old_a");
        TestDatabase b = TestDatabase.create(stack.b(), "old_b")) {
      a.script("schema/all-versions.sql");
      SourceSchema read = SchemaReader.read(a.asPlainRole(), a.tablesBut(UNUSED));
      b.apply(read.statements());

      // What PostgreSQL 14 does not know: constraints for NOT NULL, unlogged sequences, a place for
      // ICU's locale.
      assertThat(differences(a.asSuperuser(), b.asSuperuser()))
          .filteredOn(difference -> !difference.startsWith("not null "))
          .containsExactly(
              "collation types.\"Case blind\", collcollate: und-u-ks-level2 | null",
              "collation types.\"Case blind\", collctype: und-u-ks-level2 | null",
              "constraint types.a_domain.a_domain_not_null: in the second only",
              "sequence shop.unlogged_i_seq, persistence: p | u");
    } finally {
      old.stop();
    }
  }

  @Test
  void sequencesGoOnWhereTheyWere() throws SQLException {
    try (TestDatabase a = TestDatabase.create(stack.a(), "values_a");
        TestDatabase b = TestDatabase.create(stack.b(), "values_b")) {
      a.script("schema/all-versions.sql");
      List<TableName> tables = a.tablesBut(UNUSED);
      b.apply(SchemaReader.read(a.asPlainRole(), tables).statements());

      List<SchemaStatement> values = SequenceValues.read(a.asPlainRole(), tables);
      b.apply(values);

      assertThat(b.sequenceValues(UNUSED))
          .isEqualTo(a.sequenceValues(UNUSED))
          .hasSizeGreaterThan(10);
      assertThat(SequenceValues.read(b.asPlainRole(), tables)).isEqualTo(values);
    }
  }

  @Test
  void keysAreThereBeforeTheRowsAndTheRestAfterThem() throws SQLException {
    try (TestDatabase a = TestDatabase.create(stack.a(), "phases_a");
        TestDatabase b = TestDatabase.create(stack.b(), "phases_b")) {
      a.script("schema/all-versions.sql");
      List<SchemaStatement> statements =
          SchemaReader.read(a.asPlainRole(), a.tablesBut(UNUSED)).statements();
      b.apply(
          statements.stream().filter(one -> one.phase() == Phase.BEFORE_ROWS).toList());

      SortedMap<String, SortedMap<String, String>> before =
          CatalogComparison.read(b.asSuperuser(), List.of(UNUSED));
      assertThat(before)
          .containsKey("index shop.indexed_unique")
          .containsKey("index shop.indexed_unique_expression")
          .containsKey("constraint shop.parent.parent_deferrable")
          .doesNotContainKey("index shop.indexed_collated")
          .doesNotContainKey("constraint shop.child.amount_above")
          .doesNotContainKey("constraint shop.parent.no_two_regions")
          .doesNotContainKey("constraint shop.child.\"to the code\"");
      assertThat(before.get("index shop.listed_kind")).containsEntry("valid", "true");
      assertThat(statements).extracting(SchemaStatement::phase).isSorted();
    }
  }

  private static List<String> differences(Connection one, Connection other) throws SQLException {
    return CatalogComparison.differences(one, other, List.of(UNUSED), object -> true);
  }
}
