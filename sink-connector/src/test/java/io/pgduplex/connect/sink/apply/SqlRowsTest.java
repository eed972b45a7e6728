package io.pgduplex.connect.sink.apply;

import static io.pgduplex.connect.sink.fixture.Tables.change;
import static io.pgduplex.connect.sink.fixture.Tables.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.Direction;
import io.pgduplex.connect.common.LinkDirection;
import io.pgduplex.connect.sink.conflict.ConflictPolicies;
import io.pgduplex.connect.sink.conflict.ConflictPolicy;
import io.pgduplex.connect.sink.fixture.Tables;
import io.pgduplex.connect.sink.plan.Operation;
import io.pgduplex.connect.sink.record.ChangeEvent.Kind;
import io.pgduplex.connect.sink.resolve.Conflicts;
import io.pgduplex.connect.sink.resolve.RowWriter;
import io.pgduplex.connect.sink.resolve.Settlement;
import io.pgduplex.connect.sink.resolve.Settlement.Part;
import io.pgduplex.connect.sink.table.TargetTable;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SqlRowsTest {

  private final List<String> statements = new ArrayList<>();
  private int rowsHit = 1;

  @Test
  void overwritesARowThatIsAllKey() throws SQLException {
    TargetTable table =
        Tables.table("pairs").key("a", "bigint").key("b", "bigint").build();
    RowWriter writer = writer();
    writer.write(Operation.of(table, change(table, Kind.INSERT, null, row("a", 1, "b", 2))));
    assertThat(statements).hasSize(2);
    assertThat(statements.get(0)).startsWith("INSERT INTO \"public\".\"pairs\"");
    assertThat(statements.get(1)).startsWith("SELECT jsonb_object(");
  }

  /** As it would where the unique index has been dropped since the catalog was read. */
  @Test
  void stopsWhereItHitsMoreThanOneRow() {
    TargetTable table = Tables.table("t").key("k", "bigint").column("v", "text").build();
    rowsHit = 2;
    RowWriter writer = writer();
    assertThatThrownBy(() -> writer.write(
            Operation.of(table, change(table, Kind.UPDATE, null, row("k", 1, "v", "x")))))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "The UPDATE of public.t at offset 7 finds 2 rows by (k), where a unique index was when the task began."
                + " Put it back, then restart the task.");
  }

  private RowWriter writer() {
    Connection connection = connectionWhereEveryRowIsThere();
    LinkDirection link = new LinkDirection("orders", Direction.FORWARD);
    return new RowWriter(
        new SqlRows(connection, link.origin(), Duration.ofSeconds(1)),
        new Conflicts(
            link.direction(),
            new ConflictPolicies(ConflictPolicy.OVERWRITE, List.of()),
            Set.of(),
            new ConflictTable(connection, link),
            new Settlement(Part.NONE, new ControlTable(connection, link))));
  }

  /** Inserts into tables of users do nothing, all else meets one row, unless told otherwise. */
  private Connection connectionWhereEveryRowIsThere() {
    return fake(Connection.class, (method, args) -> {
      if (method.equals("prepareStatement")) {
        String sql = (String) args[0];
        statements.add(sql);
        int count = sql.startsWith("INSERT INTO \"") ? 0 : rowsHit;
        return fake(PreparedStatement.class, (name, any) -> switch (name) {
          case "executeUpdate" -> count;
          case "executeQuery" -> oneRow();
          default -> null;
        });
      }
      return null;
    });
  }

  private static ResultSet oneRow() {
    AtomicBoolean read = new AtomicBoolean();
    return fake(ResultSet.class, (get, column) -> switch (get) {
      case "next" -> !read.getAndSet(true);
      case "wasNull", "getBoolean" -> true;
      case "getLong" -> 0L;
      case "getArray" -> fake(Array.class, (name, any) -> new String[0]);
      default -> "{}";
    });
  }

  private static <T> T fake(Class<T> type, BiFunction<String, Object[], @Nullable Object> answers) {
    return type.cast(Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, args) ->
            answers.apply(method.getName(), args == null ? new Object[0] : args)));
  }
}
