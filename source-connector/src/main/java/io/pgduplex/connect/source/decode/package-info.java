/**
 * Step 4 of 6: from a message of pgoutput to the row that Debezium goes on with: values as the text that the server wrote,
 * and the replica identity that the row was changed under.
 */
@NullMarked
package io.pgduplex.connect.source.decode;

import org.jspecify.annotations.NullMarked;
