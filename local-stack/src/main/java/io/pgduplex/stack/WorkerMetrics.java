package io.pgduplex.stack;

import java.io.IOException;
import java.util.OptionalDouble;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Reads a worker's own metrics.
 *
 * @param port of its JMX service on the loopback interface
 */
public record WorkerMetrics(int port) {

  /** For tools such as jconsole. */
  public String url() {
    return "service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi";
  }

  /**
   * Records that a source connector's transforms dropped since its tasks started: those polled less those written; those in
   * flight count as dropped until they are written. Empty when none of its tasks runs on this worker.
   */
  public OptionalDouble droppedByTransforms(String connector) {
    String beans = "kafka.connect:type=source-task-metrics,connector=" + connector + ",task=*";
    OptionalDouble polled = sum(beans, "source-record-poll-total");
    OptionalDouble written = sum(beans, "source-record-write-total");
    return polled.isEmpty() || written.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(polled.getAsDouble() - written.getAsDouble());
  }

  /**
   * Adds up one attribute of all beans whose names match; empty when none does.
   *
   * @param beans an object name, which may have wildcards
   */
  @SuppressWarnings(
      "BanJNDI") // The address is fixed but for the port, on loopback, of a process of our own.
  public OptionalDouble sum(String beans, String attribute) {
    try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(url()))) {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      OptionalDouble sum = OptionalDouble.empty();
      for (ObjectName bean : server.queryNames(new ObjectName(beans), null)) {
        if (server.getAttribute(bean, attribute) instanceof Number value) {
          sum = OptionalDouble.of(sum.orElse(0) + value.doubleValue());
        }
      }
      return sum;
    } catch (IOException | JMException e) {
      throw new StackException("Cannot read " + attribute + " of " + beans + " at " + url(), e);
    }
  }
}
