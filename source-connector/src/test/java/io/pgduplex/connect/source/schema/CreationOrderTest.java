package io.pgduplex.connect.source.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.connect.source.schema.CreationOrder.Node;
import org.junit.jupiter.api.Test;

class CreationOrderTest {

  private static final Node TYPE = Node.type(1);
  private static final Node LATER_TYPE = Node.type(2);
  private static final Node TABLE = Node.table(1);
  private static final Node LATER_TABLE = Node.table(2);

  private final CreationOrder order = new CreationOrder();

  CreationOrderTest() {
    order.add(LATER_TABLE, new TableName("s", "z"));
    order.add(TABLE, new TableName("s", "a"));
    order.add(LATER_TYPE, new TableName("z", "a"));
    order.add(TYPE, new TableName("s", "b"));
  }

  @Test
  void typesComeBeforeTablesAndNamesInOrder() {
    assertThat(order.sorted()).containsExactly(TYPE, LATER_TYPE, TABLE, LATER_TABLE);
  }

  @Test
  void whatIsNeededComesFirst() {
    order.needs(TYPE, LATER_TYPE);
    order.needs(LATER_TYPE, TABLE);
    order.needs(TABLE, TABLE);
    assertThat(order.sorted()).containsExactly(TABLE, LATER_TYPE, TYPE, LATER_TABLE);
  }

  @Test
  void whatIsNotMadeIsNotWaitedFor() {
    order.needs(TYPE, Node.type(99));
    assertThat(order.sorted()).containsExactly(TYPE, LATER_TYPE, TABLE, LATER_TABLE);
  }

  @Test
  void whatNeedsEachOtherIsMadeAllTheSame() {
    order.needs(TABLE, LATER_TABLE);
    order.needs(LATER_TABLE, TABLE);
    assertThat(order.sorted()).containsExactly(TYPE, LATER_TYPE, LATER_TABLE, TABLE);
  }
}
