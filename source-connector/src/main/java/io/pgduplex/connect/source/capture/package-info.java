/** Step 3 of 6: from the prepared database's WAL to Debezium's records, one run of Debezium at a time. */
@NullMarked
package io.pgduplex.connect.source.capture;

import org.jspecify.annotations.NullMarked;
