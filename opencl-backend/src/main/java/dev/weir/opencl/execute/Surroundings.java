package dev.weir.opencl.execute;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.execute.RankLoops.Iteration;
import dev.weir.opencl.kernel.AddressSpace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What holds at a node.
 *
 * @param iterations by the outer part of a partitioned rank, or the rank
 * @param homes from the outermost to the innermost, by tensor
 * @param open Einsums whose sums have begun, with how many homes were around then
 * @param used dimensions of work-groups (0 to 2) and work-items (3 to 5) that loops spread over
 * @param lane the rank on lanes
 * @param isInNest whether only loops stand between here and one compute
 */
record Surroundings(
    Map<RankName, List<Iteration>> iterations,
    Map<TensorName, List<Home>> homes,
    Map<TensorName, Integer> open,
    Set<Integer> used,
    Optional<RankName> lane,
    boolean isInNest) {

  private static final long REGISTER_VECTORS = 32;
  private static final long REGISTER_SCALARS = 128;

  /**
   * Where a tensor lives.
   *
   * @param room the tensor after which its array is named: another one for a tile in its place
   * @param elements of its array, in registers if they are few
   * @param lanes of an element, 1 for scalars
   * @param isBelowLanes whether a loop over lanes stands around it
   */
  record Home(
      AddressSpace space, TensorName room, long elements, long lanes, boolean isBelowLanes) {

    boolean isSameArray(Home other) {
      return space == other.space && room.equals(other.room);
    }

    boolean isTile() {
      return space != AddressSpace.GLOBAL;
    }

    boolean isRegisters() {
      return space == AddressSpace.PRIVATE
          && elements <= (lanes > 1 ? REGISTER_VECTORS : REGISTER_SCALARS);
    }
  }

  Surroundings with(RankName group, List<Iteration> own) {
    Map<RankName, List<Iteration>> more = new LinkedHashMap<>(iterations);
    more.put(group, own);
    return new Surroundings(more, homes, open, used, lane, isInNest);
  }

  Surroundings with(TensorName tensor, Home home) {
    Map<TensorName, List<Home>> more = new HashMap<>(homes);
    more.put(tensor, Stream.concat(around(tensor).stream(), Stream.of(home)).toList());
    return new Surroundings(iterations, more, open, used, lane, isInNest);
  }

  Surroundings withOpen(TensorName tensor) {
    Map<TensorName, Integer> more = new HashMap<>(open);
    more.put(tensor, around(tensor).size());
    return new Surroundings(iterations, homes, more, used, lane, isInNest);
  }

  Surroundings using(int dimension) {
    Set<Integer> more = new HashSet<>(used);
    more.add(dimension);
    return new Surroundings(iterations, homes, open, more, lane, isInNest);
  }

  Surroundings onLanes(RankName rank) {
    return new Surroundings(iterations, homes, open, used, Optional.of(rank), isInNest);
  }

  Surroundings inNest() {
    return new Surroundings(iterations, homes, open, used, lane, true);
  }

  /**
   * At the points of an Einsum: work-items, and vectors, pass over what lies beyond a hard limit.
   *
   * @param owned ranks of elements that are read as they are written, and lie among those of other
   *     work-items: there nothing beyond a soft limit is touched either
   */
  Surroundings atPoints(Einsum einsum, Set<RankName> owned) {
    Set<RankName> ranks = einsum.iterationSpace();
    Map<RankName, List<Iteration>> own = new LinkedHashMap<>(iterations);
    own.replaceAll(
        (_, all) ->
            all.stream()
                .filter(
                    iteration ->
                        iteration.spans().entrySet().stream()
                            .filter(span -> ranks.contains(span.getKey()))
                            .allMatch(
                                span ->
                                    span.getValue().beginsInside(owned.contains(span.getKey()))))
                .toList());
    return new Surroundings(own, homes, open, used, lane, isInNest);
  }

  List<Home> around(TensorName tensor) {
    return homes.getOrDefault(tensor, List.of());
  }
}
