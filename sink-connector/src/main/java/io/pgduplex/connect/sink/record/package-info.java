/**
 * Step 1 of 7: from a Kafka record to a change event. Pure.
 */
@NullMarked
package io.pgduplex.connect.sink.record;

import org.jspecify.annotations.NullMarked;
