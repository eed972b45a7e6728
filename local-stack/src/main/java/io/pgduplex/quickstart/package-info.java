/** The quickstart: a link between two databases on a local stack, a workload on both sides, and what to see of it. */
@NullMarked
package io.pgduplex.quickstart;

import org.jspecify.annotations.NullMarked;
