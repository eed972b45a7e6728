/** What things cost on real servers. Figures of one run are compared with each other, and with nothing else. */
@NullMarked
package io.pgduplex.benchmarks;

import org.jspecify.annotations.NullMarked;
