package io.pgduplex.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Apicurio's schema registry; what it knows is in memory and gone when it ends. */
public final class SchemaRegistry implements StackServer {

  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final int OK = 200;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path home;
  private final Path converter;
  private final FreePort port = FreePort.reserve();
  private final ManagedProcess server;

  SchemaRegistry(RuntimeFolder runtime, StackFolder stack) {
    this.home = runtime.folder().resolve("schema-registry");
    this.converter = runtime.folder().resolve("avro-converter");
    this.server =
        new ManagedProcess(name(), stack.processes(), stack.log("schema-registry"), "KILL");
  }

  @Override
  public String name() {
    return "Schema registry";
  }

  @Override
  public int port() {
    return port.number();
  }

  /** Of the REST API, as converters take it. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port() + "/apis/registry/v2");
  }

  /** A folder with the Avro converter's jars, a plugin for a worker. */
  public Path converter() {
    return converter;
  }

  @Override
  public void start() {
    List<String> jars = RuntimeFolder.names(home, "apicurio-registry-app-").stream()
        .filter(name -> name.endsWith("-runner.jar"))
        .toList();
    if (jars.size() != 1) {
      throw new StackException(
          "No schema registry in " + home + ", or several: build local-stack/schema-registry");
    }
    server.start(
        List.of(
            KafkaProgram.ownJavaHome().resolve("bin/java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-jar",
            home.resolve(jars.get(0)).toString()),
        Map.of("HTTP_PORT", Integer.toString(port()), "QUARKUS_HTTP_HOST", "127.0.0.1"),
        home);
    server.await("ready", START_TIMEOUT, this::isReady);
  }

  private boolean isReady() {
    URI ready = URI.create("http://127.0.0.1:" + port() + "/health/ready");
    try {
      return http.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
              .statusCode()
          == OK;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while waiting for " + name(), e);
    }
  }

  @Override
  public void stop() {
    server.stop("TERM", STOP_GRACE);
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public boolean isRunning() {
    return server.isAlive();
  }

  @Override
  public OptionalLong pid() {
    return server.pid();
  }

  @Override
  public Path log() {
    return server.log();
  }
}
