package dev.weir.simulator.machine;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Size;

/**
 * What the builders of a program share: the problem, its names by number, and the machine and
 * counters that costs refer to.
 */
record Preparation(
    Problem problem, Machine machine, Ranks ranks, TensorFacts tensors, Counters counters) {

  static Preparation of(Problem problem, Machine machine) {
    Ranks ranks = new Ranks(problem.cascade(), problem.shapes());
    return new Preparation(
        problem, machine, ranks, new TensorFacts(problem.cascade(), ranks), new Counters());
  }

  int rank(RankName name) {
    return ranks.number(name);
  }

  long value(Size size) {
    return problem.value(size);
  }

  Axis axis(AxisName name) {
    return problem
        .architecture()
        .axis(name)
        .orElseThrow(() -> new IllegalArgumentException("architecture has no axis " + name));
  }
}
