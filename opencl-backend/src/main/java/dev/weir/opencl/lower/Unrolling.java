package dev.weir.opencl.lower;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which loops are unrolled: short ones that index an array small enough for registers. A compiler
 * keeps an array in registers only when every index is a constant, and without that the kernels
 * lose more than half their speed.
 */
final class Unrolling {

  private static final long REGISTER_VECTORS = 32;
  private static final long REGISTER_SCALARS = 128;

  private Unrolling() {}

  /** Whether an array may live in registers. */
  static boolean isRegisters(Array array) {
    return array.space() == AddressSpace.PRIVATE && array.length() <= most(array.element().lanes());
  }

  /** Elements that registers hold beside what else is needed. */
  static long most(int lanes) {
    return lanes > 1 ? REGISTER_VECTORS : REGISTER_SCALARS;
  }

  /**
   * Whether registers hold the slots of a populate action, a value and a coordinate each. Loops
   * over slots stand alone, so they may be longer than those of nests.
   */
  static boolean holdsSlots(Array values) {
    return values.space() == AddressSpace.PRIVATE
        && 2 * values.length() <= most(values.element().lanes());
  }

  static boolean isUnrolled(RankName rank, long tile, Part part, Scope scope, Facts facts) {
    long trips = Math.ceilDiv(scope.range(rank).extent(), tile);
    if (trips > Walk.UNROLLED_TRIPS) {
      return false;
    }
    Set<TensorName> touched =
        part.computes()
            .flatMap(compute -> facts.accesses(((Node.Compute) compute.node()).einsum()))
            .map(access -> access.tensor())
            .collect(Collectors.toSet());
    return touched.stream()
        .anyMatch(
            tensor ->
                scope.homes().get(tensor) instanceof Home.Tile tile1
                    && isRegisters(tile1.array())
                    && tile1.array().length() > 1
                    && facts.rankVariables(tensor).contains(rank));
  }
}
