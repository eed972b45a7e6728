/**
 * STEP 3 of pgduplex: from a direction's topic to the other database. The connector and its task are here; a change
 * then goes through {@code record} → {@code transaction} → {@code table} → {@code plan} → {@code statement} → {@code
 * apply}. Only {@code table} and {@code apply} know a database connection; {@code conflict} says who wins.
 */
@NullMarked
package io.pgduplex.connect.sink;

import org.jspecify.annotations.NullMarked;
