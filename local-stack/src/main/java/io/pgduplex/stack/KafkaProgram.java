package io.pgduplex.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * Command lines of Kafka's programs.
 *
 * @param javaHome of the JVM to run on
 * @param classPath Kafka's jars and nothing else
 * @param logging a Log4j 2 configuration file
 */
record KafkaProgram(Path javaHome, String classPath, Path logging) {

  /** The version that the build names. */
  static final String DEFAULT_VERSION = readDefaultVersion();

  private static final String LOGGING = """
      <Configuration status="WARN">
        <Appenders>
          <Console name="out">
            <PatternLayout pattern="%d{ISO8601} %-5p [%t] %c{1}: %m%n"/>
          </Console>
        </Appenders>
        <Loggers>
          <Root level="INFO">
            <AppenderRef ref="out"/>
          </Root>
          <!-- Would bury everything else: each option with each start, a line for each request, and in Debezium a
               warning for each record while there is too little CPU. -->
          <Logger name="io.debezium.metrics.stats" level="ERROR"/>
          <Logger name="org.apache.kafka.common.config.AbstractConfig" level="WARN"/>
          <Logger name="org.apache.kafka.connect.runtime.rest.RestServer" level="WARN"/>
        </Loggers>
      </Configuration>
      """;

  /** The programs of one version on one JVM, logging to standard output. */
  static KafkaProgram in(RuntimeFolder runtime, String version, Path javaHome, Path folder) {
    Path logging = Folders.create(folder).resolve("log4j2.xml");
    try {
      Files.writeString(logging, LOGGING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new KafkaProgram(javaHome, runtime.kafkaClassPath(version), logging);
  }

  /** The JVM that we run on ourselves. */
  static Path ownJavaHome() {
    return Path.of(System.getProperty("java.home"));
  }

  List<String> command(List<String> jvmArguments, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(javaHome.resolve("bin").resolve("java").toString());
    command.add("-Dlog4j2.configurationFile=" + logging);
    command.add("-Djava.awt.headless=true");
    command.addAll(jvmArguments);
    command.add("-cp");
    command.add(classPath);
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }

  private static String readDefaultVersion() {
    Properties properties = new Properties();
    try (InputStream in = KafkaProgram.class.getResourceAsStream("stack.properties")) {
      properties.load(Objects.requireNonNull(in, "stack.properties"));
      return Objects.requireNonNull(properties.getProperty("kafka.version"), "kafka.version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void writeProperties(Path file, Map<String, String> values) {
    Properties properties = new Properties();
    properties.putAll(values);
    try (Writer out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
