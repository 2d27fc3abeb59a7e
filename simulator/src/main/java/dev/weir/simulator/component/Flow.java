package dev.weir.simulator.component;

import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import java.util.Optional;
import java.util.function.ObjDoubleConsumer;

/**
 * A running activity: how far it is, and how fast it may go on. Progress is counted in cycles of
 * its nominal duration, so at rate 1 it is not held up by anyone.
 */
public final class Flow implements Stateful {

  /** Who waits for the words. */
  public enum Urgency {
    /** Operands and results of running work: served first. */
    OPERAND,
    /** Tiles that are loaded or stored: served in bursts in what operands leave. */
    TILE
  }

  /** Rounding of rates must not cost a whole cycle, so the last such part of a cycle is free. */
  private static final double SLACK = 1e-6;

  private final Urgency urgency;
  private Port[] ports = {};
  private double[] wordsPerCycle = {};
  private double[] lostCycles = {};
  private double nominal;
  private double remaining;
  double rate;
  boolean settled;
  int limitedBy;

  public Flow(Urgency urgency) {
    this.urgency = urgency;
  }

  /** Begins anew with this service. */
  public void restart(Service service) {
    int count = service.demands().size();
    if (ports.length != count) {
      ports = new Port[count];
      wordsPerCycle = new double[count];
      lostCycles = new double[count];
    }
    for (int i = 0; i < count; i++) {
      Service.Demand demand = service.demands().get(i);
      ports[i] = demand.port();
      wordsPerCycle[i] = (double) demand.words() / service.nominalCycles();
      lostCycles[i] = 0;
    }
    nominal = service.nominalCycles();
    remaining = nominal;
    rate = 1;
  }

  Urgency urgency() {
    return urgency;
  }

  int portCount() {
    return ports.length;
  }

  Port port(int i) {
    return ports[i];
  }

  double wordsPerCycle(int i) {
    return wordsPerCycle[i];
  }

  public boolean usesPorts() {
    return ports.length > 0;
  }

  /** How much of it is done, from 0 to 1. */
  public double progress() {
    return Math.clamp(1 - remaining / nominal, 0, 1);
  }

  /** Tells at which rate, in words per cycle, it uses each of its ports now, banks apart. */
  public void forEachRate(ObjDoubleConsumer<Port> user) {
    for (int i = 0; i < ports.length; i++) {
      if (!ports[i].isBank()) {
        user.accept(ports[i], rate * wordsPerCycle[i]);
      }
    }
  }

  /** Tells how many words it has moved through each of its ports so far. */
  public void forEachMoved(ObjDoubleConsumer<Port> user) {
    for (int i = 0; i < ports.length; i++) {
      user.accept(ports[i], progress() * nominal * wordsPerCycle[i]);
    }
  }

  /** Whole cycles until it is done at its present rate; the largest long when it stands still. */
  public long cyclesLeft() {
    if (rate == 1) {
      return (long) Math.ceil(remaining - SLACK);
    }
    return rate == 0 ? Long.MAX_VALUE : (long) Math.ceil(remaining / rate - SLACK);
  }

  /** Time passes. */
  public void advance(long cycles) {
    remaining -= rate * cycles;
    if (rate < 1) {
      lostCycles[limitedBy] += (1 - rate) * cycles;
    }
  }

  public boolean isDone() {
    return remaining <= SLACK;
  }

  /**
   * For a flow that runs; its rate follows from those of all flows, its nominal duration from the
   * service, which belongs to the state of who began it.
   */
  @Override
  public void walk(StateWalk walk) {
    walk.same(remaining);
    walk.same(rate);
    for (double lost : lostCycles) {
      walk.same(lost);
    }
  }

  /** The port at which it lost most, if it lost anything. */
  public Optional<Port> worstPort() {
    int worst = -1;
    for (int i = 0; i < ports.length; i++) {
      if (lostCycles[i] > 0 && (worst < 0 || lostCycles[i] > lostCycles[worst])) {
        worst = i;
      }
    }
    return worst < 0 ? Optional.empty() : Optional.of(ports[worst]);
  }
}
