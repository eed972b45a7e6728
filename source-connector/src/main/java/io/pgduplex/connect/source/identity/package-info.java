/**
 * Step 4 of 6: from a message of pgoutput to the replica identity that its row was changed under, which Debezium does not
 * hand on.
 */
@NullMarked
package io.pgduplex.connect.source.identity;

import org.jspecify.annotations.NullMarked;
