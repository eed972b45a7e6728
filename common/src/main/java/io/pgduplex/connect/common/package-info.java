/**
 * The contract that the steps share: how a link's objects are called, where a record keeps its position, and how an
 * option is declared. Nothing but {@code database} does I/O.
 */
@NullMarked
package io.pgduplex.connect.common;

import org.jspecify.annotations.NullMarked;
