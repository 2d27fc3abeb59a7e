package dev.weir.simulator.machine;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.UnitName;
import dev.weir.simulator.component.ComputeArray;
import dev.weir.simulator.component.Memory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of a machine, made from its architecture. */
public final class Machine {

  private final Architecture architecture;
  private final Map<LevelName, Memory> memories = new LinkedHashMap<>();
  private final List<ComputeArray> units = new ArrayList<>();

  public Machine(Architecture architecture) {
    this.architecture = architecture;
    for (MemoryLevel level : architecture.levels()) {
      memories.put(level.name(), Memory.of(level));
    }
    for (ComputeUnit unit : architecture.units()) {
      units.add(new ComputeArray(unit.name()));
    }
  }

  /** All memories, the top level first. */
  public List<Memory> memories() {
    return List.copyOf(memories.values());
  }

  /** All units by number. */
  public List<ComputeArray> units() {
    return List.copyOf(units);
  }

  Memory memory(LevelName name) {
    Memory memory = memories.get(name);
    if (memory == null) {
      throw new IllegalArgumentException("architecture has no level " + name);
    }
    return memory;
  }

  Memory top() {
    return memory(architecture.top().name());
  }

  int unitNumber(UnitName name) {
    for (int number = 0; number < units.size(); number++) {
      if (units.get(number).name().equals(name)) {
        return number;
      }
    }
    throw new IllegalArgumentException("architecture has no unit " + name);
  }

  /** Whether a spatial loop on an axis selects instances of a memory. */
  boolean selects(AxisName axis, Memory memory) {
    return architecture.selectsInstance(axis, architecture.level(memory.name()).orElseThrow());
  }
}
