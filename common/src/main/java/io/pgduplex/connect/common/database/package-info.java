/**
 * What source and sink both ask of a database, over connections that they opened: whether it is one that can be used, and
 * whether the role may do what it will have to. Looks only, and changes nothing.
 */
@NullMarked
package io.pgduplex.connect.common.database;

import org.jspecify.annotations.NullMarked;
