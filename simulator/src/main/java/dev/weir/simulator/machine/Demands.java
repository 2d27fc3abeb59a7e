package dev.weir.simulator.machine;

import dev.weir.simulator.component.Memory;
import dev.weir.simulator.component.Port;
import dev.weir.simulator.component.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the words that something moves through ports; a port that both ends share adds up. */
final class Demands {

  private final Map<Port, Long> words = new LinkedHashMap<>();

  void read(Memory memory, long amount) {
    add(memory.reads(amount));
  }

  void write(Memory memory, long amount) {
    add(memory.writes(amount));
  }

  private void add(List<Service.Demand> demands) {
    for (Service.Demand demand : demands) {
      if (demand.words() > 0) {
        words.merge(demand.port(), demand.words(), Math::addExact);
      }
    }
  }

  List<Service.Demand> build() {
    return words.entrySet().stream()
        .map(entry -> new Service.Demand(entry.getKey(), entry.getValue()))
        .toList();
  }
}
