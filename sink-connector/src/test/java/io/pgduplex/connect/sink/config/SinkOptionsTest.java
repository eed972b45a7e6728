package io.pgduplex.connect.sink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgduplex.connect.common.LinkOptions;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class SinkOptionsTest {

  /** LinkDirection reads these itself. */
  private static final Set<String> OF_THE_LINK =
      Set.of(LinkOptions.LINK_NAME, LinkOptions.LINK_DIRECTION);

  private static Map<String, String> everyOption() {
    Map<String, String> config = new HashMap<>();
    SinkOptions.CONFIG_DEF
        .configKeys()
        .forEach((name, key) -> config.put(
            name,
            key.hasDefault() && key.defaultValue != null
                ? ConfigDef.convertToString(key.defaultValue, key.type)
                : "given"));
    config.put(LinkOptions.LINK_NAME, "orders");
    config.put(LinkOptions.LINK_DIRECTION, "reverse");
    config.put(LinkOptions.DATABASE_PASSWORD, "secret");
    return config;
  }

  @Test
  void declaresEveryNamedOptionAndNamesEveryDeclaredOne() throws IllegalAccessException {
    Set<String> named = new TreeSet<>();
    for (Class<?> holder : new Class<?>[] {SinkOptions.class, LinkOptions.class}) {
      for (Field field : holder.getFields()) {
        if (field.getType() == String.class && Modifier.isStatic(field.getModifiers())) {
          named.add((String) field.get(null));
        }
      }
    }
    assertThat(named).isEqualTo(new TreeSet<>(SinkOptions.CONFIG_DEF.names()));
  }

  /** AbstractConfig throws where an option is read that is not declared, and keeps count of those that are read. */
  @Test
  void readsEveryDeclaredOptionAndNoOther() throws ReflectiveOperationException {
    SinkConfig config = new SinkConfig(everyOption());
    for (Method method : SinkConfig.class.getMethods()) {
      if (method.getDeclaringClass() == SinkConfig.class) {
        assertThat(method.invoke(config)).as(method.getName()).isNotNull();
      }
    }
    Field values = SinkConfig.class.getDeclaredField("values");
    values.setAccessible(true);
    Set<String> unread = new TreeSet<>(((AbstractConfig) values.get(config)).unused());
    unread.removeAll(OF_THE_LINK);
    assertThat(unread).as("declared and never read").isEmpty();
  }

  @Test
  void refusesAMistypedPolicy() {
    Map<String, String> config = everyOption();
    config.put(SinkOptions.CONFLICT_POLICY, "overwritten");
    assertThatThrownBy(() -> new SinkConfig(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("conflict.policy")
        .hasMessageContaining("task_failed, ignore, overwrite");
  }

  @Test
  void passesTheConnectionOn() {
    Map<String, String> config = everyOption();
    config.put(LinkOptions.DATABASE_HOSTNAME, "::1");
    config.put(LinkOptions.DATABASE_PORT, "5433");
    SinkConfig parsed = new SinkConfig(config);
    assertThat(parsed.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5433/");
    assertThat(parsed.jdbcProperties())
        .containsEntry("password", "secret")
        .containsEntry("logServerErrorDetail", "false")
        .containsEntry("tcpKeepAlive", "true");
  }

  @Test
  void retriesForEverUnlessTold() {
    Map<String, String> config = everyOption();
    assertThat(new SinkConfig(config).retryTimeout()).isEmpty();
    config.put(SinkOptions.RETRY_TIMEOUT_MS, "0");
    assertThat(new SinkConfig(config).retryTimeout()).hasValue(Duration.ZERO);
  }
}
