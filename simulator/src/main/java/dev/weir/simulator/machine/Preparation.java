package dev.weir.simulator.machine;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Size;
import dev.weir.simulator.component.Memory;
import java.util.IdentityHashMap;

/**
 * What the builders of a program share: the problem, its names by number, and the machine and
 * counters that costs refer to.
 *
 * @param regions where keeps lie in memories with banks
 */
record Preparation(
    Problem problem,
    Machine machine,
    Ranks ranks,
    TensorFacts tensors,
    Counters counters,
    IdentityHashMap<Node.Keep, Memory> regions) {

  static Preparation of(
      Problem problem, Machine machine, IdentityHashMap<Node.Keep, Memory> regions) {
    Ranks ranks = new Ranks(problem.cascade(), problem.shapes());
    return new Preparation(
        problem,
        machine,
        ranks,
        new TensorFacts(problem.cascade(), ranks),
        new Counters(),
        regions);
  }

  int rank(RankName name) {
    return ranks.number(name);
  }

  long value(Size size) {
    return problem.value(size);
  }

  /** Where a keep lies. */
  Memory region(Node.Keep keep) {
    return regions.getOrDefault(keep, machine.memory(keep.level()));
  }

  Axis axis(AxisName name) {
    return problem
        .architecture()
        .axis(name)
        .orElseThrow(() -> new IllegalArgumentException("architecture has no axis " + name));
  }
}
