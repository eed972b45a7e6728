/**
 * Step 5 of 6: from the values that Debezium has read to those on the wire: numbers and booleans as such, everything else
 * as the text that PostgreSQL reads back as the same value. Debezium makes these classes by name.
 */
@NullMarked
package io.pgduplex.connect.source.values;

import org.jspecify.annotations.NullMarked;
