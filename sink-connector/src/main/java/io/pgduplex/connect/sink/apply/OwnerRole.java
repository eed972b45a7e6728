package io.pgduplex.connect.sink.apply;

import io.pgduplex.connect.common.Identifiers;
import io.pgduplex.connect.sink.config.SinkConfig;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** The role that owns what the sink makes, for a statement or two within a transaction. */
final class OwnerRole {

  private final Optional<String> owner;

  OwnerRole(SinkConfig config) {
    this.owner = config.owner();
  }

  void take(Statement statement) throws SQLException {
    if (owner.isPresent()) {
      statement.execute("SET LOCAL ROLE " + Identifiers.quote(owner.get()));
    }
  }

  void giveBack(Statement statement) throws SQLException {
    if (owner.isPresent()) {
      statement.execute("RESET ROLE");
    }
  }
}
