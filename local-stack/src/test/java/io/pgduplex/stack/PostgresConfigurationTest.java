package io.pgduplex.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresConfigurationTest {

  @Test
  void isDurableUnlessTheTestSaysOtherwise() {
    PostgresSettings settings = PostgresSettings.major(18);
    assertThat(PostgresConfiguration.of(5_555, settings))
        .containsEntry("fsync", "on")
        .containsEntry("synchronous_commit", "on")
        .containsEntry("port", "5555")
        .containsEntry("listen_addresses", "127.0.0.1");
    assertThat(PostgresConfiguration.of(5_555, settings.with("synchronous_commit", "off")))
        .containsEntry("synchronous_commit", "off");
  }

  @Test
  void valuesAreQuoted() {
    assertThat(PostgresConfiguration.text(Map.of("search_path", "\"it's\"")))
        .isEqualTo("search_path = '\"it''s\"'\n");
  }

  @Test
  void localeIsTheBuiltInOneWhereThereIsOne() {
    assertThat(PostgresConfiguration.initdbArguments(PostgresSettings.major(17), true))
        .contains("--builtin-locale=C.UTF-8", "--encoding=UTF8");
    assertThat(PostgresConfiguration.initdbArguments(PostgresSettings.major(16), true))
        .contains("--locale=C.UTF-8");
    assertThat(PostgresConfiguration.initdbArguments(PostgresSettings.major(16), false))
        .contains("--locale=C");
  }
}
