package io.pgduplex.stack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a worker thinks of a connector's configuration.
 *
 * @param errors by option; empty if there is nothing to say against it
 */
public record ConfigValidation(Map<String, List<String>> errors) {

  static ConfigValidation from(JsonNode answer) {
    Map<String, List<String>> errors = new LinkedHashMap<>();
    for (JsonNode option : answer.path("configs")) {
      JsonNode value = option.path("value");
      List<String> messages = new ArrayList<>();
      value.path("errors").forEach(message -> messages.add(message.asText()));
      if (!messages.isEmpty()) {
        errors.put(value.path("name").asText(), List.copyOf(messages));
      }
    }
    return new ConfigValidation(errors);
  }

  public boolean isValid() {
    return errors.isEmpty();
  }

  /** What is said against one option. */
  public List<String> errorsOf(String option) {
    return errors.getOrDefault(option, List.of());
  }
}
