/**
 * Step 2 of 7: from change events in topic order to whole source transactions; repeats are dropped, gaps stop. Pure.
 */
@NullMarked
package io.pgduplex.connect.sink.transaction;

import org.jspecify.annotations.NullMarked;
