/**
 * Step 0 of 6: from Connect's calls to the steps. The connector checks a configuration and hands it to its one task; the
 * task runs Debezium and survives its failures. {@code options} (1) turns the configuration into Debezium's, {@code
 * prepare} (2) makes the database ready, {@code schema} (2) reads what the target's tables are to be, {@code capture} (3)
 * runs Debezium with our {@code identity} (4) and {@code values} (5) in it, {@code position} (6) gives each record its place.
 */
@NullMarked
package io.pgduplex.connect.source;

import org.jspecify.annotations.NullMarked;
