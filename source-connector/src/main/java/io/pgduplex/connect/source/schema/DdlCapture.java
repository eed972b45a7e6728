package io.pgduplex.connect.source.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What an administrator makes in a database so that its statements are captured: {@code sql/ddl.sql}. */
public final class DdlCapture {

  private static final String BODY = DefinitionFunction.sql() + ";\n\n" + resource("capture.sql");

  private static final String VERSION = Digest.of(BODY).substring(0, 16);

  private DdlCapture() {}

  /** What {@code pgduplex_ddl.version()} says where this version of the script has been run. */
  public static String version() {
    return VERSION;
  }

  /** Only a superuser may make event triggers, or who stands for one in a managed service. */
  public static String script() {
    return resource("capture-head.sql")
        + BODY
        + "\nCREATE OR REPLACE FUNCTION pgduplex_ddl.version() RETURNS text LANGUAGE sql AS $$ SELECT '"
        + VERSION
        + "' $$;\n"
        + resource("capture-tail.sql");
  }

  private static String resource(String name) {
    try (InputStream sql =
        Objects.requireNonNull(DdlCapture.class.getResourceAsStream(name), name)) {
      return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
