package io.pgduplex.connect.sink.table;

/**
 * A column that can be written.
 *
 * @param name its name, not quoted
 * @param type its type without length or precision, for a cast: {@code bpchar}, {@code numeric}, {@code app.mood}; of a
 *     domain the type under it, since a cast to the domain itself would cut the value to its length
 * @param domain whether it is of a domain over {@code type}
 * @param equals the operator that tells whether two values are the same key: {@code =}, or with its schema where it comes
 *     with an extension, whose schema is not searched
 * @param collate its collation as SQL behind a value, where that is not the type's own; else empty
 * @param byDefault SQL of what a row gets there that does not say
 * @param asciiOnly whether a {@code "char"} is in it, which before PostgreSQL 16 took no octal number
 * @param identityAlways whether it is GENERATED ALWAYS AS IDENTITY
 * @param exactEquality whether the type's {@code =} holds only between values of the same text form
 */
public record TargetColumn(
    String name,
    String type,
    boolean domain,
    String equals,
    String collate,
    String byDefault,
    boolean asciiOnly,
    boolean identityAlways,
    boolean exactEquality) {}
