/**
 * Beside the steps: texts of values as they are once a statement has changed the types of this side, from texts as the other
 * side sent them before it had made the same change.
 */
@NullMarked
package io.pgduplex.connect.sink.former;

import org.jspecify.annotations.NullMarked;
