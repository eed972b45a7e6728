/**
 * A Java agent for tests: a Connect worker that runs with it can be told, over JMX, to stop a task at a named step, by an
 * exception, by a lost database connection or by standing still until it is killed. Production code knows nothing of it.
 */
@NullMarked
package io.pgduplex.faults;

import org.jspecify.annotations.NullMarked;
