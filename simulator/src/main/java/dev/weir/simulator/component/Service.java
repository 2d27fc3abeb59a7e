package dev.weir.simulator.component;

import java.util.List;

/**
 * What an activity asks of ports: so many words of each, spread evenly over its duration.
 *
 * @param nominalCycles its duration when it has all ports to itself
 * @param demands one a port; ports that it does not use are missing
 */
public record Service(long nominalCycles, List<Demand> demands) {

  /** Words through one port. */
  public record Demand(Port port, long words) {}

  public Service {
    demands = List.copyOf(demands);
  }

  /** It begins: its ports are in use. */
  public void begin() {
    for (int i = 0; i < demands.size(); i++) {
      demands.get(i).port().beginUse();
    }
  }

  /** It ends: its words have passed. */
  public void end() {
    for (int i = 0; i < demands.size(); i++) {
      demands.get(i).port().endUse(demands.get(i).words());
    }
  }

  /**
   * The service of an activity with these demands: as long as the slowest port takes, banks apart,
   * and no shorter than its own work.
   */
  public static Service of(long leastCycles, List<Demand> demands) {
    long nominal = leastCycles;
    for (Demand demand : demands) {
      if (!demand.port().isBank()) {
        nominal = Math.max(nominal, demand.port().cycles(demand.words()));
      }
    }
    return new Service(nominal, demands);
  }
}
