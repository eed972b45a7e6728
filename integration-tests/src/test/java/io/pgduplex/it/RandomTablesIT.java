package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random tables of random types with random values, changed at random on both sides in transactions of random size; each
 * side changes rows of its own. The seed is printed, {@code -Dpgduplex.it.seed} repeats a run, {@code -Dpgduplex.it.rounds}
 * makes it longer.
 */
@Tag(TestLink.BOTH_WRITE_PATHS)
class RandomTablesIT {

  private static final long SEED = Long.getLong("pgduplex.it.seed", System.nanoTime());
  private static final int ROUNDS = Integer.getInteger("pgduplex.it.rounds", 6);
  private static final int TABLES = 25;
  private static final int SIDES = 2;

  private static final TestLink LINK = TestLink.named("random_tables");
  private static final Random RANDOM = new Random(SEED);
  private static final List<TypeCase> TYPES = TypeCases.all();
  private static final List<RandomTable> ALL = new ArrayList<>();

  /**
   * A table, and how to change it.
   *
   * @param name its name
   * @param types of the columns {@code c0}, {@code c1}, …
   * @param keyed whether it has the primary key {@code id}
   */
  private record RandomTable(String name, List<TypeCase> types, boolean keyed) {

    String ddl() {
      StringBuilder sql =
          new StringBuilder("CREATE TABLE " + name + " (id int NOT NULL, u int NOT NULL");
      for (int i = 0; i < types.size(); i++) {
        sql.append(", c").append(i).append(' ').append(types.get(i).name());
        String value = value(types.get(i));
        // A default can be no query, and name no role.
        if (types.get(i).nullable()
            && RANDOM.nextInt(10) == 0
            && !value.contains("SELECT")
            && !value.contains("regrole")) {
          sql.append(" DEFAULT ").append(value);
        }
      }
      sql.append(keyed ? ", PRIMARY KEY (id));" : ");");
      if (!keyed || RANDOM.nextInt(3) == 0) {
        sql.append("ALTER TABLE ").append(name).append(" REPLICA IDENTITY FULL;");
      } else if (RANDOM.nextInt(2) == 0) {
        sql.append(
            "CREATE UNIQUE INDEX %1$s_u ON %1$s (u); ALTER TABLE %1$s REPLICA IDENTITY USING INDEX %1$s_u;"
                .formatted(name));
      }
      return sql.toString();
    }

    /** One statement on the rows of a side. */
    String change(int side) {
      return switch (RANDOM.nextInt(6)) {
        case 0, 1, 2 -> insert(side);
        case 3, 4 -> update(side);
        default ->
          "DELETE FROM " + name + " WHERE id %% %d = %d AND %s".formatted(SIDES, side, some());
      };
    }

    private String insert(int side) {
      String rows = IntStream.range(0, 1 + RANDOM.nextInt(12))
          .mapToObj(row -> {
            int id = SIDES * nextId++ + side;
            return types.stream()
                .map(RandomTablesIT::nullOrValue)
                .collect(Collectors.joining(", ", "(" + id + ", " + id + ", ", ")"));
          })
          .collect(Collectors.joining(", "));
      return "INSERT INTO " + name + " VALUES " + rows;
    }

    private String update(int side) {
      List<String> assignments = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        if (RANDOM.nextInt(3) == 0) {
          assignments.add("c" + i + " = " + nullOrValue(types.get(i)));
        }
      }
      if (assignments.isEmpty() || RANDOM.nextInt(5) == 0) {
        // To a key that nobody has had.
        assignments.add("id = id + %1$d, u = u + %1$d".formatted(SIDES * 1_000_000));
      }
      return "UPDATE %s SET %s WHERE id < 100000000 AND id %% %d = %d AND %s"
          .formatted(name, String.join(", ", assignments), SIDES, side, some());
    }

    private static String some() {
      int modulus = 2 + RANDOM.nextInt(5);
      return "(id / %d) %% %d = %d".formatted(SIDES, modulus, RANDOM.nextInt(modulus));
    }
  }

  private static int nextId = 1;

  private static String nullOrValue(TypeCase type) {
    return type.nullable() && RANDOM.nextInt(4) == 0 ? "NULL" : value(type);
  }

  private static String value(TypeCase type) {
    return "(" + type.values().get(RANDOM.nextInt(type.values().size())) + ")::" + type.name();
  }

  @BeforeAll
  static void startLink() throws SQLException {
    System.out.println("RandomTablesIT: -Dpgduplex.it.seed=" + SEED);
    TYPES.forEach(type -> LINK.onBoth(type.setup()));
    for (int i = 0; i < TABLES; i++) {
      List<TypeCase> types = IntStream.rangeClosed(0, RANDOM.nextInt(8))
          .mapToObj(c -> TYPES.get(RANDOM.nextInt(TYPES.size())))
          .toList();
      RandomTable table = new RandomTable("r" + i, types, RANDOM.nextInt(4) > 0);
      LINK.onBoth(table.ddl());
      ALL.add(table);
    }
    change(LINK.a(), 0);
    LINK.twoWay("public\\..*").start();
  }

  @AfterAll
  static void stopLink() {
    LINK.close();
  }

  @Test
  void bothSidesAreTheSameAtRest() throws SQLException {
    for (int round = 0; round < ROUNDS; round++) {
      change(LINK.a(), 0);
      change(LINK.b(), 1);
      if (round == ROUNDS / 2) {
        LINK.rest().restart(LINK.connector("forward-source"));
        LINK.rest().restart(LINK.connector("reverse-sink"));
      }
    }
    ALL.forEach(table -> LINK.awaitEqual(table.name()));
    assertThat(LINK.conflicts(LINK.a())).as("seed " + SEED).isEmpty();
    assertThat(LINK.conflicts(LINK.b())).as("seed " + SEED).isEmpty();
  }

  private static void change(Side side, int number) throws SQLException {
    try (Connection connection = side.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < 3 * TABLES; i++) {
        String sql = ALL.get(RANDOM.nextInt(TABLES)).change(number);
        try {
          statement.execute(sql);
        } catch (SQLException e) {
          throw new AssertionError("Seed " + SEED + ": " + sql, e);
        }
        if (RANDOM.nextInt(5) == 0) {
          connection.commit();
        }
      }
      connection.commit();
    }
  }
}
