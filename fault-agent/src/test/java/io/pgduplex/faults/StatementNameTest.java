package io.pgduplex.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementNameTest {

  @Test
  void leavesOutNamesAndValues() {
    assertThat(StatementName.name("COPY \"public\".\"items\" (\"id\", \"note\") FROM STDIN"))
        .isEqualTo("COPY … (…) FROM STDIN");
    assertThat(StatementName.name("SELECT 1 FROM t WHERE a = 'it''s' AND b = 17"))
        .isEqualTo("SELECT n FROM t WHERE a = … AND b = n");
    assertThat(StatementName.name("START_REPLICATION SLOT \"s\" LOGICAL 0/1A2B3C"))
        .isEqualTo("START_REPLICATION SLOT … LOGICAL n");
    assertThat(StatementName.name("ALTER PUBLICATION pgduplex_bank_reverse ADD TABLE ONLY t"))
        .isEqualTo("ALTER PUBLICATION … ADD TABLE ONLY t");
  }

  @Test
  void cutsWhatIsLong() {
    assertThat(StatementName.name("SELECT\n  " + "x".repeat(100)))
        .isEqualTo("SELECT " + "x".repeat(57) + "…");
  }

  @Test
  void callsAnEmptyStatementSo() {
    assertThat(StatementName.name(" ")).isEqualTo("(empty)");
  }

  @Test
  void remembersNames() {
    StatementName names = new StatementName();
    assertThat(names.of("SELECT 1")).isSameAs(names.of("SELECT 1"));
  }
}
