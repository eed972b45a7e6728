/**
 * What the user can set: the options, their checks, and their values once parsed.
 */
@NullMarked
package io.pgduplex.connect.sink.config;

import org.jspecify.annotations.NullMarked;
