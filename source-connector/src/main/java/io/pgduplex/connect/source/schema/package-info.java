/**
 * Step 2 of 6, beside {@code prepare}: from the catalogs of the source database to the statements that make the selected
 * tables, and what they need, in an empty database.
 */
@NullMarked
package io.pgduplex.connect.source.schema;

import org.jspecify.annotations.NullMarked;
