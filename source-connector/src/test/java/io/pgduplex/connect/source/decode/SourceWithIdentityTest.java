package io.pgduplex.connect.source.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.SourceInfo;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

class SourceWithIdentityTest {

  @Test
  void putsTheRowsIdentityIntoTheSourceBlock() {
    PostgresConnectorConfig config = config();
    SourceWithIdentity source = source(config);
    source.nextRow("id,at");
    Struct block = block(config);
    assertThat(block.getString("replica_identity")).isEqualTo("id,at");
    assertThat(block.getString("name")).isEqualTo("link");
    source.nextRow(null);
    assertThat(block(config).get("replica_identity")).isNull();
  }

  /** The envelope's schema is made from another reading of the configuration than the rows' source blocks. */
  @Test
  void sharesOneSchema() {
    assertThat(source(config()).schema()).isSameAs(source(config()).schema());
  }

  private static Struct block(PostgresConnectorConfig config) {
    Struct block =
        new PostgresOffsetContext.Loader(config).load(Map.of("lsn", 7L)).getSourceInfo();
    block.validate();
    return block;
  }

  private static SourceWithIdentity source(PostgresConnectorConfig config) {
    return (SourceWithIdentity) config.<SourceInfo>getSourceInfoStructMaker();
  }

  private static PostgresConnectorConfig config() {
    return new PostgresConnectorConfig(Configuration.from(Map.of(
        "topic.prefix",
        "link",
        "database.dbname",
        "d",
        "sourceinfo.struct.maker",
        SourceWithIdentity.class.getName())));
  }
}
