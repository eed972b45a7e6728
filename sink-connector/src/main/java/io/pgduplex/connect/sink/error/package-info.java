/**
 * How an error of the server is classed, by SQLSTATE, before anything is done about it.
 */
@NullMarked
package io.pgduplex.connect.sink.error;

import org.jspecify.annotations.NullMarked;
