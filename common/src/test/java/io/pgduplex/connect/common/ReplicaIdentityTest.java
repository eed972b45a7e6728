package io.pgduplex.connect.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaIdentityTest {

  @Test
  void isReadBackAsItWasWritten() {
    for (ReplicaIdentity identity : List.of(
        ReplicaIdentity.FULL,
        ReplicaIdentity.NOTHING,
        ReplicaIdentity.of(List.of("id")),
        ReplicaIdentity.of(List.of("id", "at")),
        ReplicaIdentity.of(List.of("*")),
        ReplicaIdentity.of(List.of("a,b", "c\\", "\\", ",", "*d", " ")))) {
      assertThat(ReplicaIdentity.parse(identity.text())).as(identity.text()).isEqualTo(identity);
    }
  }

  @Test
  void isShortWhereNamesAreOrdinary() {
    assertThat(ReplicaIdentity.FULL.text()).isEqualTo("*");
    assertThat(ReplicaIdentity.NOTHING.text()).isEmpty();
    assertThat(ReplicaIdentity.of(List.of("id", "at")).text()).isEqualTo("id,at");
    assertThat(ReplicaIdentity.of(List.of("*", "a,b")).text()).isEqualTo("\\*,a\\,b");
  }

  @Test
  void saysWhatItIs() {
    assertThat(ReplicaIdentity.FULL).hasToString("the whole row");
    assertThat(ReplicaIdentity.NOTHING).hasToString("nothing");
    assertThat(ReplicaIdentity.of(List.of("id", "at"))).hasToString("(id, at)");
  }
}
