/**
 * Step 2 of 6: from any database to one that Debezium can read from: checked, with pgduplex's own objects, a publication
 * that holds exactly the selected tables, and a slot that fits the position to start at.
 */
@NullMarked
package io.pgduplex.connect.source.prepare;

import org.jspecify.annotations.NullMarked;
