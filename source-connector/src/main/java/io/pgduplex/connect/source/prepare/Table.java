package io.pgduplex.connect.source.prepare;

import io.pgduplex.connect.common.Identifiers;
import java.util.List;

/**
 * A table that the selection includes, by itself or as a partition of one that it includes.
 *
 * @param partitioned whether it has partitions and no rows of its own
 * @param partition whether it is itself a partition
 * @param belowSelected whether it is selected only because a partitioned table above it is
 * @param unlogged whether its changes are not in WAL
 * @param replicaIdentity pg_class.relreplident: d, i, f or n
 * @param hasIdentity whether old rows can be told by it: the index that d or i means exists, or it is f
 * @param generatedStored its GENERATED … STORED columns
 * @param generatedVirtual its GENERATED … VIRTUAL columns
 * @param sameButCase columns whose names differ only by case
 * @param generatedInIdentity generated columns of the key or index that is its replica identity
 */
record Table(
    String schema,
    String name,
    boolean partitioned,
    boolean partition,
    boolean belowSelected,
    boolean unlogged,
    char replicaIdentity,
    boolean hasIdentity,
    List<String> generatedStored,
    List<String> generatedVirtual,
    List<String> sameButCase,
    List<String> generatedInIdentity) {

  /** As in option values and messages. */
  String dotted() {
    return schema + '.' + name;
  }

  String quoted() {
    return Identifiers.quote(schema, name);
  }
}
