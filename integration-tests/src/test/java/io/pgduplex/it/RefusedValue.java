package io.pgduplex.it;

import java.util.List;

/**
 * A value that the target cannot hold as the source does: the direction stops before the transaction.
 *
 * @param what in a few words, for people
 * @param source statements that make table {@code v} there, with a column {@code v} beside the key {@code id}
 * @param target the same at the target
 * @param value an SQL expression
 * @param message what the task fails with, between the row's place and the advice
 * @param remedy a statement at the target that lets the row in
 */
record RefusedValue(
    String what, String source, String target, String value, String message, String remedy) {

  /** All of them, between a newer source and an older target. */
  static List<RefusedValue> all() {
    return List.of(
        new RefusedValue(
            "a label that the target's enum lacks",
            "CREATE TYPE mood AS ENUM ('sad', 'new'); CREATE TABLE %s (id int PRIMARY KEY, v mood)",
            "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE %s (id int PRIMARY KEY, v mood)",
            "'new'",
            "ERROR: invalid input value for enum public.mood: \"new\"; column v of type public.mood (SQLSTATE 22P02)",
            "ALTER TYPE mood ADD VALUE 'new'"),
        new RefusedValue(
            "a text that is longer than the target's column",
            "CREATE TABLE %s (id int PRIMARY KEY, v text)",
            "CREATE TABLE %s (id int PRIMARY KEY, v varchar(3))",
            "'four'",
            "ERROR: value too long for type character varying(3); column v of type character varying (SQLSTATE 22001)",
            "ALTER TABLE %s ALTER v TYPE text"),
        new RefusedValue(
            "a number that is too large for the target's type",
            "CREATE TABLE %s (id int PRIMARY KEY, v bigint)",
            "CREATE TABLE %s (id int PRIMARY KEY, v integer)",
            "9999999999",
            "ERROR: value \"9999999999\" is out of range for type integer; column v of type integer (SQLSTATE 22003)",
            "ALTER TABLE %s ALTER v TYPE bigint"),
        new RefusedValue(
            "a value that the target's domain forbids",
            "CREATE DOMAIN even AS int; CREATE TABLE %s (id int PRIMARY KEY, v even)",
            "CREATE DOMAIN even AS int CHECK (VALUE %% 2 = 0); CREATE TABLE %s (id int PRIMARY KEY, v even)",
            "3",
            "ERROR: value for domain public.even violates check constraint \"even_check\"; column v of type integer"
                + " (SQLSTATE 23514)",
            "ALTER DOMAIN even DROP CONSTRAINT even_check"),
        new RefusedValue(
            "a name that the target does not know (regclass and kin)",
            "CREATE TABLE only_here (id int PRIMARY KEY); CREATE TABLE %s (id int PRIMARY KEY, v regclass)",
            "CREATE TABLE %s (id int PRIMARY KEY, v regclass)",
            "'only_here'",
            "ERROR: relation \"public.only_here\" does not exist; column v of type regclass (SQLSTATE 42P01)",
            "CREATE TABLE only_here (id int PRIMARY KEY)"),
        new RefusedValue(
            "an infinite interval, before PostgreSQL 17",
            "CREATE TABLE %s (id int PRIMARY KEY, v interval)",
            "CREATE TABLE %s (id int PRIMARY KEY, v interval)",
            "'infinity'",
            "ERROR: invalid input syntax for type interval: \"infinity\"; column v of type interval (SQLSTATE 22007)",
            "ALTER TABLE %s ALTER v TYPE text"),
        new RefusedValue(
            "a \"char\" that is no ASCII character, before PostgreSQL 16",
            "CREATE TABLE %s (id int PRIMARY KEY, v \"char\")",
            "CREATE TABLE %s (id int PRIMARY KEY, v \"char\")",
            "'\\377'",
            "Column public.%s.v of type \"char\" arrives at offset N as a \"char\" that is written as an octal number, which"
                + " PostgreSQL before 16 would read as another character. Upgrade the target.",
            "ALTER TABLE %s ALTER v TYPE text"),
        new RefusedValue(
            "the same inside of another value, before PostgreSQL 16",
            "CREATE TYPE flagged AS (n int, flags \"char\"[]); CREATE TABLE %s (id int PRIMARY KEY, v flagged)",
            "CREATE TYPE flagged AS (n int, flags \"char\"[]); CREATE TABLE %s (id int PRIMARY KEY, v flagged)",
            "ROW(1, ARRAY['a', '\\377']::\"char\"[])",
            "Column public.%s.v of type public.flagged arrives at offset N as a \"char\" that is written as an octal number",
            "ALTER TABLE %s ALTER v TYPE text"),
        new RefusedValue(
            "a column that the target lacks",
            "CREATE TABLE %s (id int PRIMARY KEY, v int)",
            "CREATE TABLE %s (id int PRIMARY KEY)",
            "1",
            "Table public.%s of the target has no column v, which the source's row at offset N carries.",
            "ALTER TABLE %s ADD v int"));
  }

  /** Whether the server says so, and not the sink before it asks. */
  boolean isServers() {
    return message.startsWith("ERROR");
  }
}
