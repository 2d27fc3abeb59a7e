package dev.weir.simulator.machine;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.simulator.component.Delay;
import dev.weir.simulator.component.Port;
import dev.weir.simulator.component.Service;
import java.util.List;
import java.util.Optional;

/** What one execution of something takes. */
public sealed interface Cost {

  Service service();

  Counters.Increment counts();

  /**
   * Cycles of a nest where no memory limits it.
   *
   * @param workCycles in which its unit does operations
   * @param fillCycles in which operands travel through the array
   * @param operationCycles in which results are awaited
   */
  record Time(long workCycles, long fillCycles, long operationCycles) {

    /** Of nests that share their unit slot by slot: slots of the others pass while one waits. */
    public static Time slotBySlot(List<Time> parts) {
      long work = parts.stream().mapToLong(Time::workCycles).sum();
      long fill = parts.stream().mapToLong(Time::fillCycles).sum();
      long longest =
          parts.stream()
              .mapToLong(part -> part.workCycles() + part.operationCycles())
              .max()
              .orElse(0);
      return new Time(work, fill, Math.max(0, longest - work));
    }

    /** All of them. */
    public long cycles() {
      return workCycles + fillCycles + operationCycles;
    }
  }

  /**
   * Of a nest.
   *
   * @param time where no memory limits it
   * @param delay how long the memory of an operand takes to answer, the slowest one counting; empty
   *     when none takes time
   * @param slowestPort the port whose words take longest, if that is longer than its time
   */
  record OfNest(
      Service service,
      Time time,
      Optional<Delay> delay,
      Optional<Port> slowestPort,
      Counters.Increment counts)
      implements Cost {

    /** Of nothing at all. */
    public static final OfNest NOTHING = of(new Time(0, 0, 0), List.of(), Optional.empty());

    /** Of nests that run slot by slot; what they count is counted one by one. */
    public static OfNest of(Time time, List<Service.Demand> demands, Optional<Delay> delay) {
      return of(time, demands, delay, Counters.Increment.NONE);
    }

    static OfNest of(
        Time time, List<Service.Demand> demands, Optional<Delay> delay, Counters.Increment counts) {
      Service service = Service.of(time.cycles(), demands);
      Optional<Port> slowest =
          demands.stream()
              .filter(demand -> !demand.port().isBank())
              .filter(demand -> demand.port().cycles(demand.words()) > time.cycles())
              .filter(demand -> demand.port().cycles(demand.words()) == service.nominalCycles())
              .map(Service.Demand::port)
              .findFirst();
      return new OfNest(service, time, delay, slowest, counts);
    }

    /** Whether it begins and ends at once. */
    public boolean takesNoTime() {
      return service.nominalCycles() == 0 && delay.isEmpty();
    }
  }

  /**
   * Of a tile that is loaded, stored or initialised.
   *
   * @param tensor whose tile
   * @param ends levels between which it moves
   * @param before how long the level that it leaves takes to answer; empty for constants
   * @param after how long the level that it comes to takes until it is there
   */
  record OfTile(
      Service service,
      TensorName tensor,
      List<LevelName> ends,
      Optional<Delay> before,
      Delay after,
      Counters.Increment counts)
      implements Cost {}
}
