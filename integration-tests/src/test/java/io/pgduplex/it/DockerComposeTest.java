package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What can be known about {@code docker-compose.yml} without an engine to run it. */
class DockerComposeTest {

  private static final String BUILD_PRODUCT = "/target/plugin";

  private final JsonNode compose = read();
  private final JsonNode services = compose.path("services");

  private static JsonNode read() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try (InputStream in = Files.newInputStream(Repository.path("docker-compose.yml"))) {
      Object yaml = new Yaml(new SafeConstructor(options)).load(in);
      return new ObjectMapper().valueToTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<JsonNode> stream(JsonNode parent) {
    return StreamSupport.stream(parent.spliterator(), false);
  }

  private Stream<JsonNode> mounts(String type) {
    return stream(services)
        .flatMap(service -> stream(service.path("volumes")))
        .filter(mount -> (mount.isTextual() ? "volume" : mount.path("type").asText()).equals(type));
  }

  @Test
  void hasTheWholeStack() {
    assertThat(services.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("postgres-a", "postgres-b", "kafka", "connect", "kafka-ui");
  }

  @Test
  void pinsItsImages() {
    assertThat(stream(services).map(service -> service.path("image").asText()))
        .allMatch(image -> image.matches("[a-z0-9/-]+:v?\\d+(\\.\\d+)*"), "ends with a version");
  }

  @Test
  void publishesEachPortOnce() {
    List<String> hostPorts = stream(services)
        .flatMap(service -> stream(service.path("ports")))
        .map(port -> port.asText().split(":"))
        .map(parts -> parts[parts.length - 2])
        .toList();

    assertThat(hostPorts)
        .isNotEmpty()
        .doesNotHaveDuplicates()
        .allMatch(port -> port.matches("\\d+"));
  }

  @Test
  void mountsWhatIsInTheRepositoryOrTheBuildMakes() {
    assertThat(mounts("bind").map(mount -> mount.path("source").asText()))
        .isNotEmpty()
        .allSatisfy(source -> assertThat(exists(source)).as(source).isTrue());
  }

  private static boolean exists(String source) throws IOException {
    if (!source.endsWith(BUILD_PRODUCT)) {
      return Files.exists(Repository.path(source));
    }
    Path pom = Repository.path(source.replace(BUILD_PRODUCT, "/pom.xml"));
    return Files.readString(pom).contains("<artifactId>maven-assembly-plugin</artifactId>");
  }

  @Test
  void declaresTheVolumesItUses() {
    Set<String> used = new TreeSet<>();
    mounts("volume").forEach(mount -> used.add(mount.asText().replaceFirst(":.*", "")));

    assertThat(compose.path("volumes").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(used);
  }

  @Test
  void waitsOnlyForServicesThatReportHealth() {
    assertThat(stream(services).map(service -> service.path("healthcheck").path("test")))
        .allMatch(test -> test.size() > 1);
    for (JsonNode service : services) {
      for (Map.Entry<String, JsonNode> wait : service.path("depends_on").properties()) {
        assertThat(services.has(wait.getKey())).as(wait.getKey()).isTrue();
        assertThat(wait.getValue().path("condition").asText()).isEqualTo("service_healthy");
      }
    }
  }

  @Test
  void givesTheWorkerWhatTheExamplesReferTo() {
    Set<String> needed = new TreeSet<>();
    ConfigExamples.files()
        .forEach(file -> needed.addAll(ConfigExamples.read(file).variables()));
    Set<String> given = new TreeSet<>();
    services.path("connect").path("environment").fieldNames().forEachRemaining(given::add);
    given.removeIf(name -> !name.startsWith("PGDUPLEX_"));

    assertThat(given).isEqualTo(needed);
  }

  @Test
  void showsTheWorkerItsPluginsAndItsOwnConfiguration() throws IOException {
    Properties worker = new Properties();
    try (InputStream in =
        Files.newInputStream(ConfigExamples.FOLDER.resolve("connect-distributed.properties"))) {
      worker.load(in);
    }
    String pluginPath = worker.getProperty("plugin.path");

    assertThat(mounts("bind")
            .filter(mount -> mount.path("source").asText().endsWith(BUILD_PRODUCT))
            .map(mount -> mount.path("target").asText()))
        .hasSize(3)
        .allMatch(target -> target.startsWith(pluginPath + "/"));
    assertThat(mounts("bind").map(mount -> mount.path("target").asText()))
        .contains(services.path("connect").path("command").path(1).asText());
    assertThat(worker.getProperty("bootstrap.servers")).isEqualTo("kafka:9092");
    assertThat(worker.getProperty("rest.advertised.host.name")).isEqualTo("connect");
  }
}
