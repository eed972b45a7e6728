/**
 * Real servers for tests, quickstart and benchmarks: PostgreSQL, a Kafka broker and Connect workers, each a process of its
 * own, on free ports of the loopback interface, with data and logs in one temporary folder. {@link io.pgduplex.stack.Stack}
 * holds them all and leaves nothing behind.
 */
@NullMarked
package io.pgduplex.stack;

import org.jspecify.annotations.NullMarked;
