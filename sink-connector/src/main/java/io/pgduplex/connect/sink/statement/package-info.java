/**
 * Step 5 of 7: from a batch's shape to SQL text. Pure.
 */
@NullMarked
package io.pgduplex.connect.sink.statement;

import org.jspecify.annotations.NullMarked;
