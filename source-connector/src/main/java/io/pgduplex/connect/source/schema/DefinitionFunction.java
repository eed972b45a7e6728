package io.pgduplex.connect.source.schema;

import io.pgduplex.connect.source.schema.Query.Of;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The function {@code pgduplex_ddl.definition}: answers all queries about tables within the transaction that changes them, as a
 * jsonb object of the queries' names and their rows, for {@link RecordedCatalog}.
 */
final class DefinitionFunction {

  private static final List<Query> AT_LAST = Stream.of(
          Scope.QUERIES,
          Schemas.QUERIES,
          Types.QUERIES,
          Sequences.QUERIES,
          Tables.QUERIES,
          Columns.QUERIES,
          Constraints.QUERIES,
          Indexes.QUERIES,
          Statistics.QUERIES,
          Comments.QUERIES,
          List.of(Dependencies.OF_TYPES))
      .flatMap(List::stream)
      .toList();

  private DefinitionFunction() {}

  /**
   * What makes it, or makes it anew. It is called for one table at a time, in a database that may have thousands: each
   * lookup is to go by an index, whatever the planner takes the walk through the dependencies for; and planning all of
   * these queries takes longer than running them, so a session does it once.
   */
  static String sql() {
    return """
        CREATE OR REPLACE FUNCTION pgduplex_ddl.definition(of_tables oid[], of_selected oid[]) RETURNS jsonb
        LANGUAGE plpgsql STABLE
        SET search_path = '' SET quote_all_identifiers = on SET DateStyle = 'ISO, YMD' SET IntervalStyle = 'postgres'
        SET TimeZone = 'UTC' SET bytea_output = 'hex' SET extra_float_digits = 1 SET standard_conforming_strings = on
        SET plan_cache_mode = force_generic_plan SET jit = off SET work_mem = '256kB'
        SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
        AS $definition$
        #variable_conflict use_column
        DECLARE
          needed jsonb;
          of_types oid[] := '{}';
          of_collations oid[];
          of_sequences oid[];
        BEGIN
          needed := %s;
          of_types := ARRAY(SELECT DISTINCT (e ->> 'objid')::oid FROM jsonb_array_elements(needed) e WHERE e ->> 'category' = 'TYPE');
          of_collations := ARRAY(SELECT DISTINCT (e ->> 'objid')::oid FROM jsonb_array_elements(needed) e WHERE e ->> 'category' = 'COLLATION');
          of_sequences := ARRAY(
            SELECT (e ->> 'objid')::oid FROM jsonb_array_elements(needed) e WHERE e ->> 'category' = 'SEQUENCE'
            UNION
            SELECT (e ->> 'oid')::oid FROM jsonb_array_elements(%s) e);
          RETURN jsonb_build_object(%s, needed)
            || %s;
        END
        $definition$""".formatted(
            answer(Dependencies.OF_TABLES),
            answer(Scope.OWNED_SEQUENCES),
            literal(Dependencies.OF_TABLES),
            AT_LAST.stream()
                .map(query -> "jsonb_build_object(" + literal(query) + ", " + answer(query) + ")")
                .collect(Collectors.joining("\n    || ")));
  }

  private static String literal(Query query) {
    return "'" + query.name() + "'";
  }

  private static String answer(Query query) {
    String sql = query.sql();
    for (Of which : query.parameters()) {
      sql = sql.replaceFirst("\\?", parameter(which));
    }
    return "(SELECT coalesce(jsonb_agg(to_jsonb(q)), '[]') FROM (" + sql + ") q)";
  }

  private static String parameter(Of which) {
    return switch (which) {
      case TABLES -> "of_tables";
      case SELECTED -> "of_selected";
      case TYPES -> "of_types";
      case COLLATIONS -> "of_collations";
      case SEQUENCES -> "of_sequences";
    };
  }
}
