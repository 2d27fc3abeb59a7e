package dev.weir.opencl.execute;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.execute.TileWalk.Digit;
import dev.weir.opencl.kernel.AddressSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongBiFunction;

/**
 * How computes below a keep spread its tile over work-items and lanes.
 *
 * @param isPadded whether they do so in different ways
 */
record TileUses(List<Digit> digits, boolean isPadded) {

  TileUses {
    digits = List.copyOf(digits);
  }

  static TileUses of(
      Node.Keep keep,
      TensorName tensor,
      AddressSpace space,
      Surroundings place,
      ToLongBiFunction<Surroundings, RankName> extents,
      Problem problem,
      CascadeRoles roles) {
    Set<List<Digit>> uses = new LinkedHashSet<>();
    for (List<Node> path : ScheduleNodes.pathsToComputes(keep)) {
      TensorName einsum = ((Node.Compute) path.getLast()).einsum();
      if (roles.accessed(roles.producer(einsum)).anyMatch(tensor::equals)) {
        List<Digit> own =
            digits(path, tensor, place, extents, problem, roles).stream()
                .filter(digit -> digit.item().isEmpty() || space == AddressSpace.PRIVATE)
                .toList();
        uses.add(own);
        if (!isAligned(path, own, problem, place, extents)) {
          uses.add(withoutLanes(own));
        }
      }
    }
    if (uses.size() == 1) {
      return new TileUses(uses.iterator().next(), false);
    }
    return uses.isEmpty()
        ? new TileUses(List.of(), false)
        : new TileUses(withoutLanes(uses.iterator().next()), true);
  }

  private static List<Digit> withoutLanes(List<Digit> digits) {
    return digits.stream().filter(digit -> digit.item().isPresent()).toList();
  }

  /** Whether vectors of one step do not begin inside those of another. */
  private static boolean isAligned(
      List<Node> path,
      List<Digit> digits,
      Problem problem,
      Surroundings place,
      ToLongBiFunction<Surroundings, RankName> extents) {
    Map<RankName, Long> steps = new HashMap<>();
    Map<RankName, Long> current = new HashMap<>();
    for (Node node : path) {
      ScheduleNodes.Loop loop = ScheduleNodes.loop(node, problem).orElse(null);
      if (loop == null) {
        continue;
      }
      long extent = current.computeIfAbsent(loop.rank(), rank -> extents.applyAsLong(place, rank));
      boolean isLanes = loop.axis().map(Axis::kind).equals(Optional.of(Axis.Kind.LANE));
      if (isLanes) {
        for (Digit digit : digits) {
          boolean isIt = digit.item().isEmpty() && digit.rank().equals(loop.rank());
          if (isIt && steps.getOrDefault(loop.rank(), 0L) % (digit.tile() * digit.count()) != 0) {
            return false;
          }
        }
      } else if (loop.axis().isEmpty() && loop.tile() < extent) {
        steps.merge(loop.rank(), loop.tile(), TileUses::greatestDivisor);
      }
      current.put(loop.rank(), Math.min(extent, loop.tile()));
    }
    return true;
  }

  private static long greatestDivisor(long left, long right) {
    return right == 0 ? left : greatestDivisor(right, left % right);
  }

  /** Spatial loops on the way to a compute over ranks that the tensor has. */
  static List<Digit> digits(
      List<Node> path,
      TensorName tensor,
      Surroundings place,
      ToLongBiFunction<Surroundings, RankName> extents,
      Problem problem,
      CascadeRoles roles) {
    List<Digit> digits = new ArrayList<>();
    Map<RankName, Long> current = new HashMap<>();
    for (Node node : path) {
      ScheduleNodes.Loop loop = ScheduleNodes.loop(node, problem).orElse(null);
      if (loop == null) {
        continue;
      }
      RankName rank = loop.rank();
      long extent = current.computeIfAbsent(rank, r -> extents.applyAsLong(place, r));
      long tiles = Math.ceilDiv(extent, loop.tile());
      if (loop.axis().isPresent() && roles.rankVariables(tensor).contains(rank)) {
        Axis axis = loop.axis().get();
        if (axis.kind() == Axis.Kind.LANE && tiles > 1) {
          long lanes = RankLoops.powerOfTwo(tiles);
          digits.add(new Digit(rank, loop.tile(), lanes, Optional.empty()));
        } else if (axis.kind() == Axis.Kind.WORK_ITEM) {
          int dimension = ScheduleNodes.dimension(axis);
          digits.add(new Digit(rank, loop.tile(), tiles, Optional.of(dimension)));
        }
      }
      current.put(rank, Math.min(extent, loop.tile()));
    }
    return digits;
  }
}
