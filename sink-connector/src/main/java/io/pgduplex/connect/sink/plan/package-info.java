/**
 * Step 4 of 7: from row changes to batches of equal shape, values as PostgreSQL's text form. Pure.
 */
@NullMarked
package io.pgduplex.connect.sink.plan;

import org.jspecify.annotations.NullMarked;
