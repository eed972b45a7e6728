package io.pgduplex.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client of Connect's REST API. An answer other than success is a {@link ConnectRestException} with its body;
 * those that a group gives while it rebalances are tried again for a while first.
 */
public final class ConnectRest {

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(90);
  private static final Duration REBALANCE_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /** @param base such as {@code http://127.0.0.1:8083} */
  public ConnectRest(URI base) {
    this.base = base;
  }

  /** Whether the worker has started and joined its group. */
  public boolean isHealthy() {
    try {
      int status = send("GET", "/health", null, HEALTH_TIMEOUT).statusCode();
      // Workers before 3.9 do not have it.
      return status == 404
          ? send("GET", "/connectors", null, HEALTH_TIMEOUT).statusCode() == 200
          : status == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The worker's own version. */
  public String version() {
    return get("/").path("version").asText();
  }

  public List<String> connectors() {
    return JSON.convertValue(
        get("/connectors"),
        JSON.getTypeFactory().constructCollectionType(List.class, String.class));
  }

  /** Classes of connectors, or of all kinds of plugins, with their types and versions. */
  public JsonNode plugins(boolean connectorsOnly) {
    return get("/connector-plugins?connectorsOnly=" + connectorsOnly);
  }

  /** Creates a connector from a {@code {"name": …, "config": …}} document. */
  public JsonNode create(JsonNode document) {
    return exchange("POST", "/connectors", document);
  }

  /** Creates a connector from a file with such a document. */
  public JsonNode create(Path document) {
    return create(read(document));
  }

  /** Creates a connector or gives it another configuration. */
  public JsonNode put(String name, Map<String, String> config) {
    return exchange("PUT", connector(name) + "/config", JSON.valueToTree(config));
  }

  /** Lets the worker judge a configuration, which must name {@code connector.class}. */
  public ConfigValidation validate(Map<String, String> config) {
    String type = config.getOrDefault("connector.class", "");
    JsonNode answer = exchange(
        "PUT",
        "/connector-plugins/" + encoded(type) + "/config/validate",
        JSON.valueToTree(config));
    return ConfigValidation.from(answer);
  }

  public ConnectorStatus status(String name) {
    return ConnectorStatus.from(get(connector(name) + "/status"));
  }

  /** The states of all connectors by name, in one request. */
  public Map<String, ConnectorStatus> statuses() {
    Map<String, ConnectorStatus> statuses = new LinkedHashMap<>();
    get("/connectors?expand=status")
        .properties()
        .forEach(connector -> statuses.put(
            connector.getKey(), ConnectorStatus.from(connector.getValue().path("status"))));
    return statuses;
  }

  /** The configuration as it was submitted. */
  public JsonNode config(String name) {
    return get(connector(name) + "/config");
  }

  public void pause(String name) {
    exchange("PUT", connector(name) + "/pause", null);
  }

  public void resume(String name) {
    exchange("PUT", connector(name) + "/resume", null);
  }

  public void stop(String name) {
    exchange("PUT", connector(name) + "/stop", null);
  }

  /** Restarts the connector and all its tasks. */
  public void restart(String name) {
    exchange("POST", connector(name) + "/restart?includeTasks=true&onlyFailed=false", null);
  }

  /** Restarts one task, whatever its state. */
  public void restartTask(String name, int task) {
    exchange("POST", connector(name) + "/tasks/" + task + "/restart", null);
  }

  public void delete(String name) {
    exchange("DELETE", connector(name), null);
  }

  public JsonNode offsets(String name) {
    return get(connector(name) + "/offsets");
  }

  /** Changes offsets of a stopped connector; the document has the form that {@link #offsets} gives. */
  public JsonNode patchOffsets(String name, JsonNode document) {
    return exchange("PATCH", connector(name) + "/offsets", document);
  }

  /** Forgets all offsets of a stopped connector. */
  public JsonNode deleteOffsets(String name) {
    return exchange("DELETE", connector(name) + "/offsets", null);
  }

  /** Waits until the connector and all of at least one tasks run; a failed one is an error with its trace. */
  public ConnectorStatus awaitRunning(String name, Duration timeout) {
    boolean running = Await.until(timeout, () -> {
      ConnectorStatus status = statusIfKnown(name);
      if (status != null && status.hasFailed()) {
        throw new StackException("Connector " + name + " failed:\n" + status.describe());
      }
      return status != null && status.isRunning();
    });
    if (!running) {
      throw new StackException("Connector " + name + " does not run after " + timeout.toSeconds()
          + " s:\n" + status(name).describe());
    }
    return status(name);
  }

  private @Nullable ConnectorStatus statusIfKnown(String name) {
    try {
      return status(name);
    } catch (ConnectRestException e) {
      // A connector has no status before its first start.
      if (e.status() == 404) {
        return null;
      }
      throw e;
    }
  }

  private JsonNode get(String path) {
    return exchange("GET", path, null);
  }

  private JsonNode exchange(String method, String path, @Nullable JsonNode body) {
    long deadline = System.nanoTime() + REBALANCE_TIMEOUT.toNanos();
    while (true) {
      HttpResponse<String> response = sendOrFail(method, path, body);
      int status = response.statusCode();
      if (status / 100 == 2) {
        return parse(response.body());
      }
      if (!passes(status, response.body()) || System.nanoTime() - deadline > 0) {
        throw new ConnectRestException(method + " " + base.resolve(path), status, response.body());
      }
      Await.pause();
    }
  }

  /** Whether this is how a group answers that has just lost or gained a worker. */
  private static boolean passes(int status, String body) {
    boolean rebalancing = status == 409 && body.contains("rebalanc");
    boolean leaderGone = status == 500 && body.contains("trying to forward REST request");
    return rebalancing || leaderGone;
  }

  private HttpResponse<String> sendOrFail(String method, String path, @Nullable JsonNode body) {
    try {
      return send(method, path, body, REQUEST_TIMEOUT);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + base.resolve(path) + ": no answer", e);
    }
  }

  private HttpResponse<String> send(
      String method, String path, @Nullable JsonNode body, Duration timeout) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
        .timeout(timeout)
        .header("Accept", "application/json")
        .header("Content-Type", "application/json")
        .method(
            method,
            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
        .build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted in " + method + " " + path, e);
    }
  }

  private static JsonNode parse(String body) {
    try {
      return body.isBlank() ? JSON.nullNode() : JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException("Not JSON: " + body, e);
    }
  }

  private static JsonNode read(Path document) {
    try {
      return JSON.readTree(document.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + document, e);
    }
  }

  private static String connector(String name) {
    return "/connectors/" + encoded(name);
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
