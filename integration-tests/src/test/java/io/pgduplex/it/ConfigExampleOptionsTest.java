package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgduplex.it.ConfigExamples.Document;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connect takes any option of any name: one that nobody reads just has no effect. */
class ConfigExampleOptionsTest {

  private static final Set<String> CONNECTS_OWN = Set.of(
      "name",
      "connector.class",
      "tasks.max",
      "header.converter",
      "key.converter",
      "value.converter");
  private static final Set<String> CONVERTERS =
      Set.of("schemas.enable", "replace.null.with.default");
  private static final Pattern OPTION = Pattern.compile("^#### `(.*)`$", Pattern.MULTILINE);

  static List<Path> files() {
    return ConfigExamples.files();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyOptionIsRead(Path file) throws IOException, IllegalAccessException {
    Document document = ConfigExamples.read(file);
    Set<String> unread = new TreeSet<>(document.config().keySet());
    unread.removeAll(CONNECTS_OWN);
    remove(unread, "key.converter.", CONVERTERS);
    remove(unread, "value.converter.", CONVERTERS);
    if (document.isSource()) {
      unread.removeAll(documented("source-connector"));
      unread.removeAll(List.of("transforms", "transforms.dropLoopback.type"));
      remove(unread, "transforms.dropLoopback.", documented("smt"));
      remove(unread, "topic.creation.default.", topicSettings());
      remove(unread, "producer.override.", ProducerConfig.configNames());
    } else {
      unread.removeAll(documented("sink-connector"));
      unread.remove("topics");
      remove(unread, "consumer.override.", ConsumerConfig.configNames());
    }
    assertThat(unread).as("options in %s that nobody reads", file.getFileName()).isEmpty();
  }

  private static void remove(Set<String> options, String prefix, Set<String> names) {
    names.forEach(name -> options.remove(prefix + name));
  }

  /** The options in a plugin's section of the reference, which is generated from their declarations. */
  private static Set<String> documented(String section) throws IOException {
    String all = Files.readString(Repository.path("docs/options.md"));
    String ours = all.substring(
        all.indexOf("<!-- begin " + section + " -->"), all.indexOf("<!-- end " + section + " -->"));
    Set<String> names = new TreeSet<>();
    OPTION.matcher(ours).results().map(found -> found.group(1)).forEach(names::add);
    return names;
  }

  private static Set<String> topicSettings() throws IllegalAccessException {
    Set<String> names = new TreeSet<>(Set.of("partitions", "replication.factor"));
    for (Field field : TopicConfig.class.getFields()) {
      if (field.getName().endsWith("_CONFIG")) {
        names.add((String) field.get(null));
      }
    }
    return names;
  }
}
