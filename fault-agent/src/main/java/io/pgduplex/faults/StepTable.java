package io.pgduplex.faults;

import io.pgduplex.faults.Step.Effect;
import java.util.ArrayList;
import java.util.List;

/**
 * The named steps of both tasks, in the order in which they come. Every statement that a task executes is a step beside
 * these, under its own text, so that a new one needs no entry.
 */
final class StepTable {

  private static final String PRODUCT = "io.pgduplex.connect.";
  private static final String CONNECT = "org.apache.kafka.connect.";
  private static final String PGJDBC = "org.postgresql.core.v3.";

  static final List<Step> STEPS = new StepTable().fill();

  private final List<Step> steps = new ArrayList<>();

  private StepTable() {}

  private List<Step> fill() {
    sourceBegins();
    sourceRuns();
    sinkBegins();
    sinkRuns();
    sinkDefines();
    return List.copyOf(steps);
  }

  private void sourceBegins() {
    source("start", PRODUCT + "source.PostgresDuplexSourceTask", "start", Effect.FAILS);
    source("prepare", PRODUCT + "source.prepare.Preparation", "prepare", Effect.FAILS);
    source("make objects", PRODUCT + "source.prepare.PgduplexObjects", "create", 1, Effect.FAILS);
    source("keep publication", PRODUCT + "source.prepare.Publication", "keep", Effect.FAILS);
    source("prepare slot", PRODUCT + "source.prepare.Slot", "prepare", Effect.FAILS);
    source("take epoch", PRODUCT + "source.prepare.PgduplexObjects", "nextEpoch", Effect.FAILS);
    source("register link", PRODUCT + "source.prepare.DdlFollowing", "register", Effect.FAILS);
    source("follow statements", PRODUCT + "source.prepare.DdlFollowing", "follow", Effect.FAILS);
    source("write definitions", PRODUCT + "source.prepare.InitialSchema", "write", Effect.FAILS);
    source("start Debezium", PRODUCT + "source.capture.DebeziumRun", "start", Effect.FAILS);
  }

  private void sourceRuns() {
    source("read WAL", PGJDBC + "QueryExecutorImpl", "readFromCopy", Effect.MAY_PASS);
    source("poll", PRODUCT + "source.capture.Capture", "poll", Effect.FAILS);
    source("poll Debezium", PRODUCT + "source.capture.DebeziumRun", "poll", Effect.FAILS);
    source("look again", PRODUCT + "source.prepare.Preparation", "isStillSo", Effect.FAILS);
    source(
        "copy is safe", PRODUCT + "source.prepare.Preparation", "snapshotIsSafe", 0, Effect.FAILS);
    source("send sequences", PRODUCT + "source.prepare.InitialSchema", "send", Effect.FAILS);
    source(
        "make statements", PRODUCT + "source.schema.SchemaChange", "statements", 1, Effect.FAILS);
    source("position", PRODUCT + "source.position.Positioner", "position", Effect.FAILS);
    source("drop loop-backs", PRODUCT + "transforms.DropLoopback", "apply", Effect.FAILS);
    source("send batch", CONNECT + "runtime.AbstractWorkerSourceTask", "sendRecords", Effect.FAILS);
    // Also by the store of offsets, whose failures Connect passes over.
    source(
        "send record",
        "org.apache.kafka.clients.producer.KafkaProducer",
        "send",
        2,
        Effect.MAY_PASS);
    source("acknowledgement", CONNECT + "runtime.WorkerSourceTask", "recordSent", Effect.KILL_ONLY);
    source("offset commit", CONNECT + "runtime.WorkerSourceTask", "commitOffsets", Effect.MAY_PASS);
    source("store offsets", CONNECT + "storage.OffsetStorageWriter", "doFlush", Effect.KILL_ONLY);
    source("commit", PRODUCT + "source.capture.Capture", "commit", Effect.MAY_PASS);
    source(
        "confirm to slot",
        PGJDBC + "replication.V3PGReplicationStream",
        "forceUpdateStatus",
        Effect.MAY_PASS);
    source("close Debezium", PRODUCT + "source.capture.DebeziumRun", "close", Effect.MAY_PASS);
    source("stop", PRODUCT + "source.PostgresDuplexSourceTask", "stop", Effect.MAY_PASS);
  }

  private void sinkBegins() {
    sink("start", PRODUCT + "sink.PostgresDuplexSinkTask", "start", Effect.FAILS);
    sink(
        "partitions assigned",
        CONNECT + "runtime.WorkerSinkTask$HandleRebalance",
        "onPartitionsAssigned",
        Effect.MAY_PASS);
    sink("open partition", PRODUCT + "sink.PostgresDuplexSinkTask", "open", Effect.FAILS);
    sink("begin session", PRODUCT + "sink.apply.TargetSession", "open", Effect.FAILS);
    sink("make objects", PRODUCT + "sink.apply.PgduplexObjects", "create", Effect.FAILS);
    sink("set up origin", PRODUCT + "sink.apply.TargetSession", "setUpOrigin", Effect.FAILS);
    sink("read progress", PRODUCT + "sink.apply.ProgressStore", "acquire", Effect.FAILS);
  }

  private void sinkRuns() {
    sink("poll", CONNECT + "runtime.WorkerSinkTask", "pollConsumer", Effect.MAY_PASS);
    sink("put", PRODUCT + "sink.apply.DirectionApplier", "put", Effect.FAILS);
    sink("decode", PRODUCT + "sink.record.RecordDecoder", "decode", Effect.FAILS);
    sink("accept", PRODUCT + "sink.transaction.TransactionAssembler", "accept", Effect.FAILS);
    sink("END", PRODUCT + "sink.transaction.TransactionAssembler", "end", Effect.FAILS);
    sink("stream part", PRODUCT + "sink.apply.SessionApplier", "writePart", Effect.FAILS);
    sink("write changes", PRODUCT + "sink.apply.ChangeWriter", "write", Effect.FAILS);
    sink("write set", PRODUCT + "sink.apply.SetWriter", "write", Effect.FAILS);
    sink("end COPY", PGJDBC + "QueryExecutorImpl", "endCopy", Effect.FAILS);
    sink("write row", PRODUCT + "sink.resolve.RowWriter", "write", Effect.FAILS);
    sink("save progress", PRODUCT + "sink.apply.ProgressStore", "save", Effect.FAILS);
    sink("commit", PRODUCT + "sink.apply.TargetSession", "commit", Effect.FAILS);
    sink("commit group", PRODUCT + "sink.apply.SessionApplier", "commit", Effect.FAILS);
    sink("preCommit", PRODUCT + "sink.PostgresDuplexSinkTask", "preCommit", Effect.MAY_PASS);
    sink("offset commit", CONNECT + "runtime.WorkerSinkTask", "commitOffsets", 3, Effect.MAY_PASS);
    sink(
        "offsets committed",
        CONNECT + "runtime.WorkerSinkTask",
        "onCommitCompleted",
        Effect.MAY_PASS);
    sink(
        "partitions revoked",
        CONNECT + "runtime.WorkerSinkTask$HandleRebalance",
        "onPartitionsRevoked",
        Effect.MAY_PASS);
    sink("close partition", PRODUCT + "sink.PostgresDuplexSinkTask", "close", Effect.MAY_PASS);
    sink("close session", PRODUCT + "sink.apply.TargetSession", "close", Effect.MAY_PASS);
    sink("stop", PRODUCT + "sink.PostgresDuplexSinkTask", "stop", Effect.MAY_PASS);
  }

  /** In a first copy, and then as the source's definitions change. */
  private void sinkDefines() {
    sink("begin long work", PRODUCT + "sink.apply.LongWork", "start", Effect.FAILS);
    sink("take result", PRODUCT + "sink.apply.LongWork", "result", Effect.FAILS);
    sink("define for copy", PRODUCT + "sink.apply.SchemaSync", "take", Effect.FAILS);
    sink("note statement", PRODUCT + "sink.apply.SchemaSteps", "add", Effect.FAILS);
    sink("finish copy", PRODUCT + "sink.apply.SessionApplier", "finishCopy", Effect.FAILS);
    sink("mark statement", PRODUCT + "sink.apply.SchemaSteps", "done", Effect.FAILS);
    sink("set sequence", PRODUCT + "sink.apply.SchemaSync", "now", Effect.FAILS);
    sink("define", PRODUCT + "sink.apply.SchemaChanges", "take", Effect.FAILS);
    sink("run statement", PRODUCT + "sink.apply.TargetObjects", "run", 3, Effect.FAILS);
    sink("publish table", PRODUCT + "sink.apply.TargetObjects", "publish", 1, Effect.FAILS);
    sink("look for index", PRODUCT + "sink.apply.ConcurrentIndexes", "isThere", Effect.FAILS);
    sink("tell definitions", PRODUCT + "sink.apply.ControlTable", "tellDefinitions", Effect.FAILS);
    sink("other side has defined", PRODUCT + "sink.apply.FormerTables", "applied", Effect.FAILS);
    sink("read former tables", PRODUCT + "sink.apply.FormerTables", "read", Effect.FAILS);
    sink("translate row", PRODUCT + "sink.apply.FormerTable", "translate", 3, Effect.FAILS);
  }

  private void source(String label, String type, String method, Effect effect) {
    source(label, type, method, -1, effect);
  }

  private void source(String label, String type, String method, int parameters, Effect effect) {
    steps.add(new Step("source", label, type, method, parameters, effect));
  }

  private void sink(String label, String type, String method, Effect effect) {
    sink(label, type, method, -1, effect);
  }

  private void sink(String label, String type, String method, int parameters, Effect effect) {
    steps.add(new Step("sink", label, type, method, parameters, effect));
  }
}
