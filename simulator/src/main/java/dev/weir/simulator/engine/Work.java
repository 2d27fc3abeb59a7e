package dev.weir.simulator.engine;

import dev.weir.einsum.ir.TensorName;
import dev.weir.simulator.component.ComputeArray;
import dev.weir.simulator.component.Flow;
import dev.weir.simulator.component.Port;
import dev.weir.simulator.component.Service;
import dev.weir.simulator.machine.Cost;
import dev.weir.simulator.machine.Nest;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.stats.Timeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the nests of a unit: one, or several slot by slot as one piece. */
final class Work extends Activity implements Clock.Listener {

  /**
   * A nest and where it stands.
   *
   * @param stage in which stage it runs if it says so itself, else -1
   */
  record Slot(Nest nest, int stage) {}

  private final Run run;
  private final List<Slot> slots;
  private final Ranges ranges;
  private final Optional<Epochs> epochs;
  private final ComputeArray unit;
  private final Timeline.Lane lane;
  private final Flow flow = new Flow(Flow.Urgency.OPERAND);
  private final List<Cost.OfNest> costs = new ArrayList<>();
  // Interleaved nests of the last time and their sum: it is nearly always the same again.
  private List<Cost.OfNest> latestCosts = List.of();
  private Cost.OfNest latestSum = Cost.OfNest.NOTHING;
  private Cost.OfNest cost;
  private long startedAt;

  Work(Run run, List<Slot> slots, Ranges ranges, Optional<Epochs> epochs) {
    this.run = run;
    this.slots = slots;
    this.ranges = ranges;
    this.epochs = epochs;
    this.unit = run.clock().unit(slots.getFirst().nest().unit());
    this.lane = new Timeline.Lane.Unit(unit.name());
    this.cost = Cost.OfNest.NOTHING;
  }

  @Override
  void begin() {
    collect();
    startedAt = run.clock().now();
    if (costs.isEmpty()) {
      finish();
      return;
    }
    cost = together();
    if (cost.service().nominalCycles() == 0) {
      finish();
      return;
    }
    unit.start(startedAt);
    run.clock().start(flow, cost.service(), this);
  }

  private void collect() {
    costs.clear();
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      if (isActive(slot)) {
        add(slot.nest(), slot.stage() < 0 ? ranges : epochs.orElseThrow().ranges(slot.stage()));
      }
    }
  }

  private boolean isActive(Slot slot) {
    return slot.stage() < 0 || epochs.orElseThrow().isActive(slot.stage());
  }

  private void add(Nest nest, Ranges at) {
    Cost.OfNest one = nest.cost(at);
    run.prepared().count(one);
    costs.add(one);
  }

  private Cost.OfNest together() {
    if (costs.size() == 1) {
      return costs.getFirst();
    }
    if (!costs.equals(latestCosts)) {
      latestCosts = List.copyOf(costs);
      latestSum = sum(latestCosts);
    }
    return latestSum;
  }

  private static Cost.OfNest sum(List<Cost.OfNest> parts) {
    long workCycles = 0;
    long fillCycles = 0;
    Map<Port, Long> words = new LinkedHashMap<>();
    for (Cost.OfNest part : parts) {
      workCycles += part.workCycles();
      fillCycles += part.fillCycles();
      for (Service.Demand demand : part.service().demands()) {
        words.merge(demand.port(), demand.words(), Math::addExact);
      }
    }
    List<Service.Demand> demands =
        words.entrySet().stream().map(e -> new Service.Demand(e.getKey(), e.getValue())).toList();
    return Cost.OfNest.of(workCycles, fillCycles, demands);
  }

  @Override
  public void flowDone() {
    long now = run.clock().now();
    boolean waited = now - startedAt > cost.workCycles() + cost.fillCycles();
    unit.finish(
        now, cost.workCycles(), cost.fillCycles(), waited ? limit() : StallReason.Cause.FILL);
    run.clock().ended(cost.service());
    if (run.timeline().isOpen(lane)) {
      run.timeline().add(lane, latestNames(), Timeline.Activity.COMPUTE, startedAt, now);
    }
    finish();
  }

  private StallReason limit() {
    return flow.worstPort()
        .or(cost::slowestPort)
        .<StallReason>map(port -> new StallReason.Bandwidth(port.level()))
        .orElse(StallReason.Cause.FILL);
  }

  private List<TensorName> latestNames() {
    return slots.stream().filter(this::isActive).map(slot -> slot.nest().einsum()).toList();
  }

  @Override
  void walkRunning(StateWalk walk) {
    walk.same(cost);
    startedAt = walk.moment(startedAt);
  }
}
