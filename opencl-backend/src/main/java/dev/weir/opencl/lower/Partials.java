package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what is summed up here is the whole sum, or loops around bring further parts of it.
 *
 * @param around loops over reduced ranks between a home and here
 */
record Partials(List<Scope.Enclosing> around) {

  static Partials of(Einsum einsum, Home home, Scope scope) {
    Set<RankName> reduced = einsum.reducedRanks();
    return new Partials(
        scope.loops().stream()
            .skip(home.depth())
            .filter(loop -> reduced.contains(loop.rank()))
            .toList());
  }

  boolean isComplete() {
    return around.isEmpty();
  }

  /** True in the first steps of all loops: nothing is in memory yet. Nothing when complete. */
  Optional<Value> isFirst() {
    return Arithmetic.all(
        around.stream()
            .map(
                loop ->
                    Arithmetic.infix(Value.Operator.EQUAL, loop.counter(), new Value.Whole(0)))
            .toList());
  }

  /** Makes sure that the sum so far can be told from nothing. */
  void require(Tensor tensor, Home home, KernelState state, NodePath where) {
    Einsum einsum = state.facts().producer(tensor.name());
    boolean isClear =
        tensor.empty() == einsum.reduction().identity() || Double.isInfinite(tensor.empty());
    if (!isClear) {
      throw new RefusedException(
          where,
          tensor.name()
              + " is reduced in several parts and its empty value "
              + tensor.empty()
              + " cannot be told from a sum; let one nest reduce it completely, or give it the empty"
              + " value "
              + einsum.reduction().identity());
    }
    if (home instanceof Home.Tile tile) {
      state.mustStartEmpty(tile.next().orElse(tile.array()));
    }
  }

  /** The sum so far: what a keep holds was set at its entry, other memory is not set at all. */
  Value old(Tensor tensor, Home home, Value loaded) {
    return switch (home) {
      case Home.Tile _ -> loaded;
      case Home.Whole _ ->
          Arithmetic.select(
              isFirst().orElseThrow(), new Value.Number(tensor.empty()), loaded);
    };
  }
}
