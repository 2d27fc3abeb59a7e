package dev.weir.simulator.engine;

import dev.weir.simulator.component.ComputeArray;
import dev.weir.simulator.component.Delay;
import dev.weir.simulator.component.Flow;
import dev.weir.simulator.component.Port;
import dev.weir.simulator.component.Service;
import dev.weir.simulator.machine.Cost;
import dev.weir.simulator.machine.Nest;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.stats.Segment;
import dev.weir.simulator.stats.StallReason;
import dev.weir.simulator.trace.Recorder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Runs the nests of a unit: one, or several slot by slot as one piece. */
final class Work extends Activity implements Clock.Listener, ComputeArray.Task {

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
  private final OptionalInt stageAround;
  private final ComputeArray unit;
  private final Flow flow = new Flow(Flow.Urgency.OPERAND);
  private final Flow asked = new Flow(Flow.Urgency.OPERAND);
  private final List<Cost.OfNest> costs = new ArrayList<>();
  // Interleaved nests of the last time and their sum: it is nearly always the same again.
  private List<Cost.OfNest> latestCosts = List.of();
  private Cost.OfNest latestSum = Cost.OfNest.NOTHING;
  private Cost.OfNest cost;
  private long startedAt;
  private boolean waitsForOperands;

  /**
   * Work of a unit.
   *
   * @param stageAround the stage of the pipeline that it stands in, if any
   */
  Work(Run run, List<Slot> slots, Ranges ranges, Optional<Epochs> epochs, OptionalInt stageAround) {
    this.run = run;
    this.slots = slots;
    this.ranges = ranges;
    this.epochs = epochs;
    this.stageAround = stageAround;
    this.unit = run.clock().unit(slots.getFirst().nest().unit());
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
    if (cost.takesNoTime()) {
      finish();
      return;
    }
    unit.start(startedAt, this);
    waitsForOperands = cost.delay().isPresent();
    if (waitsForOperands) {
      run.clock().start(asked, cost.delay().get().service(), this);
    } else {
      run.clock().start(flow, cost.service(), this);
    }
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
    Cost.Time time = Cost.Time.slotBySlot(parts.stream().map(Cost.OfNest::time).toList());
    Optional<Delay> delay = Optional.empty();
    Map<Port, Long> words = new LinkedHashMap<>();
    for (Cost.OfNest part : parts) {
      if (delayCycles(part.delay()) > delayCycles(delay)) {
        delay = part.delay();
      }
      for (Service.Demand demand : part.service().demands()) {
        words.merge(demand.port(), demand.words(), Math::addExact);
      }
    }
    List<Service.Demand> demands =
        words.entrySet().stream().map(e -> new Service.Demand(e.getKey(), e.getValue())).toList();
    return Cost.OfNest.of(time, demands, delay);
  }

  private static long delayCycles(Optional<Delay> delay) {
    return delay.map(Delay::cycles).orElse(0L);
  }

  @Override
  public void flowDone() {
    if (waitsForOperands) {
      waitsForOperands = false;
      if (cost.service().nominalCycles() > 0) {
        run.clock().start(flow, cost.service(), this);
        return;
      }
    } else {
      run.clock().ended(cost.service());
    }
    long now = run.clock().now();
    unit.finish(now);
    if (run.recorder().isOpen(startedAt, now)) {
      run.recorder().worked(unit.name(), nests(), inEpoch(), startedAt, now, this);
    }
    finish();
  }

  private List<Recorder.Nest> nests() {
    List<Recorder.Nest> nests = new ArrayList<>();
    for (Slot slot : slots) {
      if (slot.stage() < 0) {
        Optional<Integer> stage = stageAround.stream().boxed().findFirst();
        nests.add(new Recorder.Nest(slot.nest().einsum(), stage, ranges));
      } else if (isActive(slot)) {
        Ranges there = epochs.orElseThrow().ranges(slot.stage());
        nests.add(new Recorder.Nest(slot.nest().einsum(), Optional.of(slot.stage()), there));
      }
    }
    return nests;
  }

  private Optional<Segment.InEpoch> inEpoch() {
    return epochs.map(Epochs::inEpoch);
  }

  @Override
  public double progress() {
    return waitsForOperands ? 0 : flow.progress();
  }

  @Override
  public long workCycles() {
    return cost.time().workCycles();
  }

  @Override
  public long fillCycles() {
    return cost.time().fillCycles();
  }

  /**
   * First for a memory to answer, then for results, then for ports; those of banks only add to the
   * others.
   */
  @Override
  public List<Segment.Stall> waits(long cycles) {
    List<Segment.Stall> waits = new ArrayList<>();
    long left = cycles;
    if (cost.delay().isPresent()) {
      left -= add(waits, cost.delay().get().reason(), Math.min(left, delayCycles(cost.delay())));
    }
    long awaited = Math.min(left, cost.time().operationCycles());
    left -= add(waits, StallReason.Cause.OPERATION, awaited);
    Optional<StallReason> slowest = cost.slowestPort().map(Port::reason);
    StallReason limit =
        flow.worstPort().map(Port::reason).or(() -> slowest).orElse(StallReason.Cause.FILL);
    if (limit instanceof StallReason.BankConflict && slowest.isPresent()) {
      long nominal = cost.service().nominalCycles() - cost.time().cycles();
      left -= add(waits, slowest.get(), Math.min(left, nominal));
    }
    add(waits, limit, left);
    return waits;
  }

  private static long add(List<Segment.Stall> waits, StallReason reason, long cycles) {
    if (cycles > 0) {
      waits.add(new Segment.Stall(reason, cycles));
    }
    return cycles;
  }

  @Override
  void walkRunning(StateWalk walk) {
    walk.same(cost);
    walk.same(waitsForOperands);
    startedAt = walk.moment(startedAt);
  }
}
