/**
 * Step 6 of 6: from Debezium's record to the record on the direction's topic: one partition, epoch and seq in headers, an
 * offset that is always the end of a transaction, schemas without column defaults,
 * long values in parts.
 */
@NullMarked
package io.pgduplex.connect.source.position;

import org.jspecify.annotations.NullMarked;
