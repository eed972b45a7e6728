package io.pgduplex.connect.source.capture;

import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.pgduplex.connect.source.decode.RowDecoder;
import java.sql.SQLException;

/** Debezium's task with a decoder of our own for rows. */
final class DecodingTask extends PostgresConnectorTask {

  @Override
  protected ReplicationConnection buildReplicationConnection(
      PostgresConnection connection, PostgresSchema schema, PostgresConnectorConfig config)
      throws SQLException {
    ReplicationConnection stream = super.buildReplicationConnection(connection, schema, config);
    RowDecoder.installIn(stream, connection, schema, config);
    return stream;
  }
}
