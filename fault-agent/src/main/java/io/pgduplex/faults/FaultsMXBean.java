package io.pgduplex.faults;

import java.util.List;

/** The agent as a test sees it over JMX, under {@code io.pgduplex.faults:type=Faults}. */
public interface FaultsMXBean {

  /** The table: side, label and effect of each step, separated by tabs. */
  List<String> getSteps();

  /**
   * How often each connector has reached each step, before and after: connector, step and number, separated by tabs; in
   * the order in which the connector reached them first.
   */
  List<String> getCounts();

  /** What went wrong when the agent was woven in. */
  List<String> getErrors();

  /**
   * Arms stops that come one after the other, in place of the plan's earlier ones.
   *
   * @param plan any name
   * @param stops each connector, step, n-th time and action, separated by tabs; none to disarm
   */
  void arm(String plan, List<String> stops);

  /** The stops that have happened since the worker's start, from a number on: plan, id of the exception, stop. */
  List<String> happened(int from);
}
