package io.pgduplex.it;

import io.pgduplex.stack.ConnectWorker;
import io.pgduplex.stack.SchemaRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How records become bytes: the converters of a source and of its sink. */
enum WireForm {
  JSON,
  JSON_WITH_SCHEMAS,
  AVRO;

  /** What a connector's document says; the examples have the rest. */
  Map<String, String> options() {
    return switch (this) {
      case JSON -> Map.of("value.converter.schemas.enable", "false");
      case JSON_WITH_SCHEMAS -> Map.of("value.converter.schemas.enable", "true");
      case AVRO -> avro("value.converter");
    };
  }

  private static Map<String, String> avro(String converter) {
    String registry = converter + ".apicurio.registry.";
    Map<String, String> options = new HashMap<>();
    options.put(converter, "io.apicurio.registry.utils.converter.AvroConverter");
    options.put(registry + "url", Avro.REGISTRY.uri().toString());
    options.put(registry + "auto-register", "true");
    options.put(registry + "auto-register.if-exists", "RETURN_OR_UPDATE");
    options.put(registry + "find-latest", "false");
    options.put(registry + "headers.enabled", "false");
    options.put(
        registry + "artifact-resolver-strategy",
        "io.apicurio.registry.serde.avro.strategy.TopicRecordIdStrategy");
    return options;
  }

  /** The worker that has the converter, where the shared one has not. */
  Optional<ConnectWorker> worker() {
    return this == AVRO ? Optional.of(Avro.WORKER) : Optional.empty();
  }

  /** Started when first asked for. */
  private static final class Avro {
    static final SchemaRegistry REGISTRY = SharedStack.get().addSchemaRegistry();
    static final ConnectWorker WORKER = SharedStack.get()
        .addWorker(SharedStack.worker()
            .group("avro")
            // The converter's jar names it in no META-INF/services.
            .pluginDiscovery("hybrid_warn")
            .plugin(REGISTRY.converter())
            .build());
  }
}
