/**
 * Step 7 of 7: from batches to committed rows: the session, the two write paths, conflicts and progress.
 */
@NullMarked
package io.pgduplex.connect.sink.apply;

import org.jspecify.annotations.NullMarked;
