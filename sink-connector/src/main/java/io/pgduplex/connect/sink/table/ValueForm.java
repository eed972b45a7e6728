package io.pgduplex.connect.sink.table;

/** How a value on the wire becomes PostgreSQL's text form, where the plain text is not already it. */
public enum ValueForm {
  /** The text as it comes. */
  PLAIN,
  /** Hexadecimal digits, to which the {@code \x} is added. */
  BYTEA,
  /** A boolean for bit(1); else the wire's form is not exact and is refused. */
  BIT
}
