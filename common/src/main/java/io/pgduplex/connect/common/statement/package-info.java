/** What can be read from the text of statements, where the catalogs do not say it. */
@NullMarked
package io.pgduplex.connect.common.statement;

import org.jspecify.annotations.NullMarked;
