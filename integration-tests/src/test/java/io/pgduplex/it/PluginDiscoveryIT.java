package io.pgduplex.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgduplex.stack.ConnectWorker;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Workers find the plugins in the built archives, by their service files and by scanning, and know their version. */
class PluginDiscoveryIT {

  private static final String[] PLUGINS = {
    "io.pgduplex.connect.source.PostgresDuplexSourceConnector",
    "io.pgduplex.connect.transforms.DropLoopback",
    "io.pgduplex.connect.sink.PostgresDuplexSinkConnector"
  };

  @Test
  void serviceLoad() {
    assertFound(SharedStack.get().worker());
  }

  @Test
  void onlyScan() {
    ConnectWorker worker = SharedStack.get()
        .addWorker(SharedStack.worker()
            // So that the shared worker's connectors stay where they are.
            .group("only-scan")
            .pluginDiscovery("only_scan")
            .build());
    try {
      assertFound(worker);
    } finally {
      worker.stop();
    }
  }

  private static void assertFound(ConnectWorker worker) {
    Map<String, String> versions = new HashMap<>();
    for (JsonNode plugin : worker.rest().plugins(false)) {
      versions.put(plugin.path("class").asText(), plugin.path("version").asText());
    }
    for (String plugin : PLUGINS) {
      assertThat(versions).containsEntry(plugin, Repository.version());
    }
  }
}
