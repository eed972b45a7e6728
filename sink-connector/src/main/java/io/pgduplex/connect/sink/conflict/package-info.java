/**
 * What a conflict is called, which policy decides it, and who wins. Pure.
 */
@NullMarked
package io.pgduplex.connect.sink.conflict;

import org.jspecify.annotations.NullMarked;
