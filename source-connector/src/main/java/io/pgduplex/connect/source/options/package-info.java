/**
 * Step 1 of 6: from the submitted configuration to settings, and to the configuration that Debezium gets. Pure: nothing in
 * here connects anywhere.
 */
@NullMarked
package io.pgduplex.connect.source.options;

import org.jspecify.annotations.NullMarked;
