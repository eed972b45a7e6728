package io.pgduplex.connect.sink.conflict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConflictPoliciesTest {

  private static final ConflictPolicies POLICIES = new ConflictPolicies(
      ConflictPolicy.LAST_UPDATE_WINS,
      List.of(
          "public.audit:insert_exists=ignore",
          " public.a*=overwrite",
          "*:update_missing=skip",
          "odd.a:b?c?d=task_failed"));

  @ParameterizedTest
  @CsvSource({
    "public.audit, INSERT_EXISTS, IGNORE",
    "public.audit, UPDATE_ORIGIN_DIFFERS, OVERWRITE",
    "public.accounts, INSERT_EXISTS, OVERWRITE",
    "public.orders, INSERT_EXISTS, LAST_UPDATE_WINS",
    "public.orders, UPDATE_MISSING, SKIP",
    "public.accounts, UPDATE_MISSING, OVERWRITE",
    "odd.a:b=c:d, DELETE_ORIGIN_DIFFERS, TASK_FAILED",
    "odd.a, DELETE_ORIGIN_DIFFERS, LAST_UPDATE_WINS"
  })
  void theFirstThatFitsCounts(String table, ConflictType type, ConflictPolicy policy) {
    assertThat(POLICIES.of(table, type)).isEqualTo(policy);
  }

  @Test
  void withoutOverridesOnePolicyIsForAll() {
    ConflictPolicies policies = new ConflictPolicies(ConflictPolicy.IGNORE, List.of());
    assertThat(policies.of("public.t", ConflictType.INSERT_EXISTS))
        .isEqualTo(ConflictPolicy.IGNORE);
  }

  @ParameterizedTest
  @CsvSource({
    "public.t, is not <schema>.<table>=<policy>",
    "=ignore, is not <schema>.<table>=<policy>",
    "public.t=newest, names the policy newest; there are task_failed",
    "public.t:insert_missing=ignore, names the conflict type insert_missing; there are [insert_exists",
    "public.t=skip, skip is for the type update_missing alone",
    "public.t:insert_exists=skip, skip is for the type update_missing alone"
  })
  void saysWhatIsWrongWithAnEntry(String entry, String message) {
    assertThatThrownBy(
            () -> new ConflictPolicies(ConflictPolicy.IGNORE, List.of("a.b=ignore", entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + entry + "'")
        .hasMessageContaining(message);
  }
}
