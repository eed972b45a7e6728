package io.pgduplex.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ConnectAnswersTest {

  @Test
  void validationKeepsTheErrorsOfEachOption() throws JsonProcessingException {
    ConfigValidation validation = ConfigValidation.from(json("""
            {"error_count": 2, "configs": [
              {"definition": {"name": "a"}, "value": {"name": "a", "errors": ["bad", "worse"]}},
              {"definition": {"name": "b"}, "value": {"name": "b", "errors": []}}]}
            """));
    assertThat(validation.isValid()).isFalse();
    assertThat(validation.errors()).containsOnlyKeys("a");
    assertThat(validation.errorsOf("a")).containsExactly("bad", "worse");
    assertThat(validation.errorsOf("b")).isEmpty();
  }

  @Test
  void aConnectorRunsOnlyWithAllItsTasks() throws JsonProcessingException {
    assertThat(status("RUNNING", "[]").isRunning()).isFalse();
    assertThat(status("RUNNING", "[{'id':0,'state':'RUNNING'}]").isRunning()).isTrue();
    assertThat(status("RUNNING", "[{'id':0,'state':'RUNNING'},{'id':1,'state':'UNASSIGNED'}]")
            .isRunning())
        .isFalse();
    assertThat(status("PAUSED", "[{'id':0,'state':'RUNNING'}]").isRunning()).isFalse();
  }

  @Test
  void aFailedTaskShowsItsTrace() throws JsonProcessingException {
    ConnectorStatus status =
        status("RUNNING", "[{'id':0,'state':'RUNNING'},{'id':1,'state':'FAILED','trace':'at x'}]");
    assertThat(status.hasFailed()).isTrue();
    assertThat(status.describe()).isEqualTo("c RUNNING \nc-0 RUNNING \nc-1 FAILED at x");
  }

  private static ConnectorStatus status(String state, String tasks) throws JsonProcessingException {
    String text = "{'name':'c','connector':{'state':'" + state + "'},'tasks':" + tasks + "}";
    return ConnectorStatus.from(json(text.replace('\'', '"')));
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }
}
