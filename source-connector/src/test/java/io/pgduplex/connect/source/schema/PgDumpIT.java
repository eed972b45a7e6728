package io.pgduplex.connect.source.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgduplex.stack.PostgresServer;
import io.pgduplex.stack.PostgresSettings;
import io.pgduplex.stack.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is made from a schema dumps as the schema does. Only where there is a {@code pg_dump}, which reads servers of its own
 * version: PostgreSQL's own view of the same comparison as in {@link SchemaRoundTripIT}.
 */
class PgDumpIT {

  private static final Pattern VERSION = Pattern.compile("pg_dump \\(PostgreSQL\\) (\\d+)");

  /** What is not carried, on tables that are. */
  private static final String NOT_CARRIED = """
      DROP TRIGGER not_carried ON shop.parent;
      DROP RULE not_carried ON shop.no_key;
      DROP POLICY not_carried ON shop.parent;
      ALTER TABLE shop.parent DISABLE ROW LEVEL SECURITY""";

  @TempDir
  private Path folder;

  @Test
  void bothDumpTheSame() throws SQLException, IOException, InterruptedException {
    int major = version();
    assumeTrue(major >= 14, "no pg_dump of PostgreSQL 14 or newer");
    try (Stack stack = Stack.builder().postgresA(PostgresSettings.major(major)).start();
        TestDatabase a = TestDatabase.create(stack.a(), "dump_a");
        TestDatabase b = TestDatabase.create(stack.a(), "dump_b")) {
      a.script("schema/all-versions.sql");
      if (major >= 18) {
        a.script("schema/since-18.sql");
      }
      a.execute(NOT_CARRIED);

      b.apply(SchemaReader.read(a.asPlainRole(), a.tablesBut("unused")).statements());

      List<String> ofA = dump(stack.a(), "dump_a");
      assertThat(ofA).filteredOn(line -> line.startsWith("CREATE TABLE ")).hasSizeGreaterThan(60);
      assertThat(dump(stack.a(), "dump_b")).isEqualTo(ofA);
    }
  }

  private int version() throws InterruptedException {
    try {
      Matcher version = VERSION.matcher(Files.readString(run(List.of("pg_dump", "--version"), "")));
      return version.find() ? Integer.parseInt(version.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private List<String> dump(PostgresServer server, String database)
      throws IOException, InterruptedException {
    Path dump = run(
        List.of(
            "pg_dump",
            "--schema-only",
            "--no-owner",
            "--no-privileges",
            "--exclude-schema=unused",
            "--host=" + server.host(),
            "--port=" + server.port(),
            "--username=" + PostgresServer.USER,
            database),
        server.password());
    // Another word in each dump, so that nothing in it is taken for a command of psql's.
    return Files.readAllLines(dump).stream()
        .filter(line -> !line.startsWith("\\restrict ") && !line.startsWith("\\unrestrict "))
        .toList();
  }

  private Path run(List<String> command, String password) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", "");
    Path errors = Files.createTempFile(folder, "errors", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().put("PGPASSWORD", password);
    assertThat(builder.start().waitFor())
        .as(() -> command + ": " + text(errors))
        .isZero();
    return output;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
