package io.pgduplex.faults;

import java.lang.reflect.InvocationTargetException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Where the woven code calls, and what the control changes. */
public final class Faults implements FaultsMXBean {

  private static final Faults INSTANCE = new Faults();
  private static final String CONNECTION_FAILURE = "08006";

  private final Place place = new Place();
  private final StatementName statementName = new StatementName();
  private final Map<String, Map<String, LongAdder>> counts = new ConcurrentHashMap<>();
  private final Map<String, Plan> plans = new ConcurrentHashMap<>();
  private final List<String> happened = new ArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();

  private Faults() {}

  static Faults instance() {
    return INSTANCE;
  }

  /** Called at each step of the table. */
  public static void reached(String step, String when, @Nullable Object self) {
    String connector = INSTANCE.place.connector(self);
    if (connector != null && isOf(connector, step)) {
      INSTANCE.reach(connector, step.concat(when), self);
    }
  }

  /** Called for each statement that the driver executes. */
  public static void executes(Object query, String when, Object executor) {
    String connector = INSTANCE.place.connector(null);
    if (connector != null) {
      String side = connector.endsWith("source") ? "source: " : "sink: ";
      INSTANCE.reach(
          connector, side + "SQL " + INSTANCE.statementName.of(query.toString()) + when, executor);
    }
  }

  private static boolean isOf(String connector, String step) {
    return step.startsWith(connector.endsWith("source") ? "source" : "sink");
  }

  private void reach(String connector, String step, @Nullable Object self) {
    counts
        .computeIfAbsent(connector, name -> Collections.synchronizedMap(new LinkedHashMap<>()))
        .computeIfAbsent(step, name -> new LongAdder())
        .increment();
    for (Map.Entry<String, Plan> plan : plans.entrySet()) {
      Stop stop = plan.getValue().reach(connector, step);
      if (stop != null) {
        happen(plan.getKey(), stop, self);
      }
    }
  }

  private void happen(String plan, Stop stop, @Nullable Object self) {
    String id;
    synchronized (happened) {
      id = plan + "#" + ProcessHandle.current().pid() + "." + happened.size();
      happened.add(plan + "\t" + id + "\t" + stop);
    }
    String message = "injected " + id + ": " + stop.step();
    switch (stop.action()) {
      case FAIL -> throw new InjectedFault(message);
      case OUTAGE -> {
        cut(self);
        throw Faults.<RuntimeException>unchecked(new SQLException(message, CONNECTION_FAILURE));
      }
      case KILL -> {
        while (true) {
          LockSupport.park();
        }
      }
    }
  }

  /** The driver is in the plugins' class loaders, several times, and not in ours. */
  private static void cut(@Nullable Object executor) {
    if (executor == null) {
      throw new IllegalStateException("Only the driver's steps can lose a connection");
    }
    try {
      executor.getClass().getMethod("abort").invoke(executor);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("The driver has changed: " + executor.getClass(), e);
    }
  }

  /** Throws what the driver's own method throws, although the compiler cannot know. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E unchecked(Throwable failure) throws E {
    throw (E) failure;
  }

  void error(String what) {
    errors.add(what);
  }

  @Override
  public List<String> getSteps() {
    return StepTable.STEPS.stream()
        .map(step -> String.join("\t", step.side(), step.label(), step.effect().name()))
        .toList();
  }

  @Override
  public List<String> getCounts() {
    List<String> lines = new ArrayList<>();
    counts.forEach((connector, steps) -> {
      synchronized (steps) {
        steps.forEach((step, count) -> lines.add(connector + "\t" + step + "\t" + count.sum()));
      }
    });
    return lines;
  }

  @Override
  public List<String> getErrors() {
    return List.copyOf(errors);
  }

  @Override
  public void arm(String plan, List<String> stops) {
    if (stops.isEmpty()) {
      plans.remove(plan);
    } else {
      plans.put(plan, new Plan(stops.stream().map(Stop::parse).toList()));
    }
  }

  @Override
  public List<String> happened(int from) {
    synchronized (happened) {
      return List.copyOf(happened.subList(from, happened.size()));
    }
  }
}
