package dev.weir.simulator.component;

import java.util.List;

/**
 * Who gets how much of the ports. Operands come before tiles, which fill what is left: the limit of
 * cutting transfers into ever smaller bursts, so that no prefetch ever holds up an operand. Within
 * a class all flows slow down alike until a port is full, then those that do not use it go on
 * growing (max-min fairness on progress). Nothing exceeds a port's rate at any time.
 */
public final class PortSharing {

  private static final double ROUNDING = 1e-12;

  private PortSharing() {}

  /** Sets the rate of every flow. */
  public static void share(List<Flow> flows) {
    if (allFit(flows)) {
      for (int i = 0; i < flows.size(); i++) {
        flows.get(i).rate = 1;
      }
      return;
    }
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      for (int p = 0; p < flow.portCount(); p++) {
        flow.port(p).left = flow.port(p).capacity();
      }
    }
    fill(flows, Flow.Urgency.OPERAND);
    fill(flows, Flow.Urgency.TILE);
  }

  private static boolean allFit(List<Flow> flows) {
    clear(flows);
    boolean fit = true;
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      for (int p = 0; p < flow.portCount(); p++) {
        Port port = flow.port(p);
        port.wanted += flow.wordsPerCycle(p);
        fit &= port.wanted <= port.capacity() * (1 + ROUNDING);
      }
    }
    return fit;
  }

  private static void clear(List<Flow> flows) {
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      for (int p = 0; p < flow.portCount(); p++) {
        flow.port(p).wanted = 0;
      }
    }
  }

  /** Raises the rates of a class together; every round fills at least one port or ends. */
  private static void fill(List<Flow> flows, Flow.Urgency urgency) {
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      if (flow.urgency() == urgency) {
        flow.rate = 0;
        flow.settled = false;
      }
    }
    double reached = 0;
    while (reached < 1) {
      double step = Math.min(1 - reached, largestStep(flows, urgency));
      reached = step == 1 - reached ? 1 : reached + step;
      if (!raise(flows, urgency, step, reached)) {
        return;
      }
    }
  }

  private static double largestStep(List<Flow> flows, Flow.Urgency urgency) {
    clear(flows);
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      for (int p = 0; isOpen(flow, urgency) && p < flow.portCount(); p++) {
        flow.port(p).wanted += flow.wordsPerCycle(p);
      }
    }
    double step = Double.POSITIVE_INFINITY;
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      for (int p = 0; isOpen(flow, urgency) && p < flow.portCount(); p++) {
        step = Math.min(step, flow.port(p).left / flow.port(p).wanted);
      }
    }
    return step;
  }

  /** Whether flows of the class are left that can still grow. */
  private static boolean raise(
      List<Flow> flows, Flow.Urgency urgency, double step, double reached) {
    boolean open = false;
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      if (isOpen(flow, urgency)) {
        flow.rate = reached;
        settleAtFullPort(flow, step);
        open |= !flow.settled;
      }
    }
    takeFromPorts(flows, step);
    return open;
  }

  private static void settleAtFullPort(Flow flow, double step) {
    for (int p = 0; p < flow.portCount(); p++) {
      Port port = flow.port(p);
      if (port.left - step * port.wanted <= ROUNDING * port.capacity()) {
        // Where the ports of the whole level are full, its banks are not to blame.
        if (!flow.settled || !port.isBank()) {
          flow.limitedBy = p;
        }
        flow.settled = true;
      }
    }
  }

  /** {@code wanted} is zeroed so that a port that several flows use is charged once. */
  private static void takeFromPorts(List<Flow> flows, double step) {
    for (int i = 0; i < flows.size(); i++) {
      Flow flow = flows.get(i);
      for (int p = 0; p < flow.portCount(); p++) {
        Port port = flow.port(p);
        double left = port.left - step * port.wanted;
        port.left = left <= ROUNDING * port.capacity() ? 0 : left;
        port.wanted = 0;
      }
    }
  }

  private static boolean isOpen(Flow flow, Flow.Urgency urgency) {
    return flow.urgency() == urgency && !flow.settled;
  }
}
