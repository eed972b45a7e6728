package io.pgduplex.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BiConsumer;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The fault agent of one run of a worker, over JMX. */
final class FaultControl implements AutoCloseable {

  private static final ObjectName BEAN = bean();

  private final JMXConnector connector;
  private final MBeanServerConnection server;

  private FaultControl(JMXConnector connector) throws IOException {
    this.connector = connector;
    this.server = connector.getMBeanServerConnection();
  }

  /** @param url of the worker's JMX service */
  @SuppressWarnings("BanJNDI") // A process of our own, on the loopback interface.
  static FaultControl connect(String url) {
    try {
      return new FaultControl(JMXConnectorFactory.connect(new JMXServiceURL(url)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Side, label and effect of each step of the agent's table. */
  List<String[]> steps() {
    return attribute("Steps").stream().map(line -> line.split("\t", -1)).toList();
  }

  /** Calls back for each connector that reached a step: connector and step, and how often. */
  void counts(BiConsumer<String[], Integer> each) {
    for (String line : attribute("Counts")) {
      String[] parts = line.split("\t", -1);
      each.accept(new String[] {parts[0], parts[1]}, Integer.parseInt(parts[2]));
    }
  }

  List<String> errors() {
    return attribute("Errors");
  }

  void arm(String plan, List<CrashStop> stops) {
    Object unused = invoke(
        "arm",
        new Object[] {plan, stops.stream().map(CrashStop::text).toArray(String[]::new)},
        String.class.getName(),
        String[].class.getName());
  }

  /** What happened since the worker's start, from a number on: plan, id, then the stop. */
  List<String> happened(int from) {
    return List.of((String[]) invoke("happened", new Object[] {from}, "int"));
  }

  private List<String> attribute(String name) {
    try {
      return List.of((String[]) server.getAttribute(BEAN, name));
    } catch (IOException | JMException e) {
      throw new IllegalStateException("Cannot read " + name + " of the fault agent", e);
    }
  }

  private Object invoke(String operation, Object[] arguments, String... types) {
    try {
      return server.invoke(BEAN, operation, arguments, types);
    } catch (IOException | JMException e) {
      throw new IllegalStateException("Cannot call " + operation + " of the fault agent", e);
    }
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      // The worker is gone, and that is all that closing is to bring about.
    }
  }

  private static ObjectName bean() {
    try {
      return new ObjectName("io.pgduplex.faults:type=Faults");
    } catch (MalformedObjectNameException e) {
      throw new IllegalStateException(e);
    }
  }
}
