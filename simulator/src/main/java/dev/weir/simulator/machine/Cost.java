package dev.weir.simulator.machine;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
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
   * @param slowestPort the port whose words take longest, if that is longer than work and fill
   */
  record OfNest(
      Service service,
      long workCycles,
      long fillCycles,
      Optional<Port> slowestPort,
      Counters.Increment counts)
      implements Cost {

    /** Of nothing at all. */
    public static final OfNest NOTHING = of(0, 0, List.of());

    /** Of nests that run slot by slot; what they count is counted one by one. */
    public static OfNest of(long workCycles, long fillCycles, List<Service.Demand> demands) {
      return of(workCycles, fillCycles, demands, Counters.Increment.NONE);
    }

    static OfNest of(
        long workCycles, long fillCycles, List<Service.Demand> demands, Counters.Increment counts) {
      Service service = Service.of(workCycles + fillCycles, demands);
      Optional<Port> slowest =
          demands.stream()
              .filter(demand -> demand.port().cycles(demand.words()) > workCycles + fillCycles)
              .filter(demand -> demand.port().cycles(demand.words()) == service.nominalCycles())
              .map(Service.Demand::port)
              .findFirst();
      return new OfNest(service, workCycles, fillCycles, slowest, counts);
    }
  }

  /**
   * Of a tile that is loaded, stored or initialised.
   *
   * @param tensor whose tile
   * @param ends levels between which it moves
   */
  record OfTile(Service service, TensorName tensor, List<LevelName> ends, Counters.Increment counts)
      implements Cost {}
}
