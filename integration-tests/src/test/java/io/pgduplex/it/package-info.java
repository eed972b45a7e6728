/** What can only be seen in the whole: the built archives, the examples and the stack that they run on. */
@NullMarked
package io.pgduplex.it;

import org.jspecify.annotations.NullMarked;
