package io.pgduplex.stack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The states of a connector and its tasks: {@code RUNNING}, {@code FAILED}, {@code PAUSED}, {@code STOPPED}, {@code UNASSIGNED},
 * {@code RESTARTING}.
 *
 * @param connector the connector itself
 * @param tasks in order of their numbers
 */
public record ConnectorStatus(Part connector, List<Part> tasks) {

  /**
   * A connector or one of its tasks.
   *
   * @param name the connector's name, with the task's number if it is a task
   * @param worker {@code host:port} of the worker that runs it
   * @param trace the stack trace of a failure, else empty
   */
  public record Part(String name, String state, String worker, String trace) {

    static Part from(String name, JsonNode json) {
      return new Part(
          name,
          json.path("state").asText(),
          json.path("worker_id").asText(),
          json.path("trace").asText(""));
    }
  }

  static ConnectorStatus from(JsonNode answer) {
    String name = answer.path("name").asText();
    List<Part> tasks = new ArrayList<>();
    for (JsonNode task : answer.path("tasks")) {
      tasks.add(Part.from(name + "-" + task.path("id").asInt(), task));
    }
    return new ConnectorStatus(Part.from(name, answer.path("connector")), List.copyOf(tasks));
  }

  /** The connector and at least one task run, and no task does anything else. */
  public boolean isRunning() {
    return !tasks.isEmpty() && parts().allMatch(part -> "RUNNING".equals(part.state()));
  }

  /** It was stopped, and its tasks are gone. */
  public boolean isStopped() {
    return "STOPPED".equals(connector.state()) && tasks.isEmpty();
  }

  public boolean hasFailed() {
    return parts().anyMatch(part -> "FAILED".equals(part.state()));
  }

  /** A line a part, with traces. */
  public String describe() {
    return parts()
        .map(part -> part.name() + " " + part.state() + " " + part.trace())
        .reduce((first, second) -> first + "\n" + second)
        .orElseThrow();
  }

  private Stream<Part> parts() {
    return Stream.concat(Stream.of(connector), tasks.stream());
  }
}
