package io.pgduplex.connect.source.capture;

import java.lang.management.ManagementFactory;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics that a task left registered which Connect gave up because it did not stop in time. Debezium would wait a minute
 * for each of their names, and stream nothing meanwhile.
 */
final class AbandonedMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(AbandonedMetrics.class);

  private AbandonedMetrics() {}

  /** Frees the names for the newest run. */
  static void unregister(String server) {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    try {
      for (ObjectName name : beans.queryNames(
          new ObjectName("debezium.postgres:type=connector-metrics,server=" + server + ",*"),
          null)) {
        LOG.warn("Taking the place of {}, which a task that did not stop has left behind", name);
        beans.unregisterMBean(name);
      }
    } catch (InstanceNotFoundException e) {
      // Its owner was faster.
      LOG.debug("Gone by itself", e);
    } catch (JMException e) {
      throw new IllegalStateException("Cannot look for metrics of " + server, e);
    }
  }
}
