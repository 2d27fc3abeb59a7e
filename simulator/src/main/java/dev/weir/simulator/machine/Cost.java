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
   * Of a nest.
   *
   * @param workCycles cycles in which its unit does operations
   * @param fillCycles cycles in which operands travel through the array
   * @param delay how long the memory of an operand takes to answer, the slowest one counting; empty
   *     when none takes time
   * @param slowestPort the port whose words take longest, if that is longer than work and fill
   */
  record OfNest(
      Service service,
      long workCycles,
      long fillCycles,
      Optional<Delay> delay,
      Optional<Port> slowestPort,
      Counters.Increment counts)
      implements Cost {

    /** Of nothing at all. */
    public static final OfNest NOTHING = of(0, 0, List.of(), Optional.empty());

    /** Of nests that run slot by slot; what they count is counted one by one. */
    public static OfNest of(
        long workCycles, long fillCycles, List<Service.Demand> demands, Optional<Delay> delay) {
      return of(workCycles, fillCycles, demands, delay, Counters.Increment.NONE);
    }

    static OfNest of(
        long workCycles,
        long fillCycles,
        List<Service.Demand> demands,
        Optional<Delay> delay,
        Counters.Increment counts) {
      Service service = Service.of(workCycles + fillCycles, demands);
      Optional<Port> slowest =
          demands.stream()
              .filter(demand -> !demand.port().isBank())
              .filter(demand -> demand.port().cycles(demand.words()) > workCycles + fillCycles)
              .filter(demand -> demand.port().cycles(demand.words()) == service.nominalCycles())
              .map(Service.Demand::port)
              .findFirst();
      return new OfNest(service, workCycles, fillCycles, delay, slowest, counts);
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
