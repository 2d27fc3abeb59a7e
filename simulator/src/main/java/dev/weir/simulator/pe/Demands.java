package dev.weir.simulator.pe;

import dev.weir.simulator.component.Delay;
import dev.weir.simulator.component.Memory;
import dev.weir.simulator.component.Port;
import dev.weir.simulator.component.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Words that something asks of ports. */
final class Demands {

  private final Map<Port, Long> words = new LinkedHashMap<>();
  private final List<Delay> delays = new ArrayList<>();

  /** Nothing begins before this memory has answered. */
  void ask(Memory memory) {
    delays.add(memory.readDelay());
  }

  void read(Memory memory, long count) {
    memory.reads(count).forEach(this::add);
  }

  void write(Memory memory, long count) {
    memory.writes(count).forEach(this::add);
  }

  private void add(Service.Demand demand) {
    if (demand.words() > 0) {
      words.merge(demand.port(), demand.words(), Math::addExact);
    }
  }

  /** What takes so many cycles at least, and longer where ports are slower. */
  Service service(long leastCycles) {
    return Service.of(leastCycles, all());
  }

  /** The port of a whole level whose words take longest, if longer than this many cycles. */
  Optional<Port> slowest(long cycles) {
    long longest = cycles;
    Optional<Port> slowest = Optional.empty();
    for (Service.Demand demand : all()) {
      long own = demand.port().cycles(demand.words());
      if (own > longest && !demand.port().isBank()) {
        longest = own;
        slowest = Optional.of(demand.port());
      }
    }
    return slowest;
  }

  /** How long the slowest memory takes to answer, the first of those that are as slow. */
  Optional<Delay> longestDelay() {
    long longest = delays.stream().mapToLong(Delay::cycles).max().orElse(0);
    return longest == 0
        ? Optional.empty()
        : delays.stream().filter(delay -> delay.cycles() == longest).findFirst();
  }

  private List<Service.Demand> all() {
    return words.entrySet().stream()
        .map(entry -> new Service.Demand(entry.getKey(), entry.getValue()))
        .toList();
  }
}
