package dev.weir.mapper.random;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A random nest around one compute: loops down to single points, with keeps among them whose levels
 * {@link KeepLevels} chooses.
 */
final class RandomNest {

  /** A loop before it has a body. */
  private record Head(RankName rank, long tile, Optional<AxisName> axis) {}

  private final Random random;
  private final CascadeFacts facts;
  private final Placed einsum;
  private final ComputeUnit unit;
  private final Set<AxisName> taken;
  private final Map<RankName, AxisName> preferred;

  /**
   * A nest of an Einsum on a unit.
   *
   * @param taken axes of the spatial loops around
   * @param preferred axes that all nests around a tensor should use for these ranks
   */
  RandomNest(
      Random random,
      CascadeFacts facts,
      Placed einsum,
      ComputeUnit unit,
      Set<AxisName> taken,
      Map<RankName, AxisName> preferred) {
    this.random = random;
    this.facts = facts;
    this.einsum = einsum;
    this.unit = unit;
    this.taken = new HashSet<>(taken);
    this.preferred = preferred;
  }

  /**
   * The nest.
   *
   * @param extents largest extent of every rank here
   * @param keepable tensors that may get another keep here
   * @param level of all its keeps, for now
   */
  Node build(Map<RankName, Long> extents, List<TensorName> keepable, LevelName level) {
    List<Head> heads = heads(extents);
    Node node = new Node.Compute(einsum.output(), unit.name());
    for (int at = heads.size() - 1; at >= 0; at--) {
      node = around(heads.get(at), node);
      if (!keepable.isEmpty() && random.nextInt(3) == 0) {
        TensorName tensor = keepable.get(random.nextInt(keepable.size()));
        node = new Node.Keep(List.of(tensor), level, Size.of(1), random.nextBoolean(), node);
      }
    }
    return node;
  }

  private List<Head> heads(Map<RankName, Long> extents) {
    List<Head> aligned = new ArrayList<>();
    List<List<Head>> chains = new ArrayList<>();
    for (RankName rank : einsum.space()) {
      long extent = extents.get(rank);
      if (extent == 1) {
        continue;
      }
      AxisName wanted = preferred.get(rank);
      if (wanted != null && fits(wanted, extent)) {
        taken.add(wanted);
        aligned.add(new Head(rank, 1, Optional.of(wanted)));
      } else {
        chains.add(chain(rank, extent));
      }
    }
    while (!chains.isEmpty()) {
      List<Head> chain = chains.get(random.nextInt(chains.size()));
      aligned.add(chain.removeFirst());
      chains.removeIf(List::isEmpty);
    }
    return aligned;
  }

  private boolean fits(AxisName axis, long tiles) {
    return !taken.contains(axis) && unit.axis(axis).filter(a -> a.width() >= tiles).isPresent();
  }

  /** Sometimes coarse tiles first, then single coordinates; either may be spatial. */
  private List<Head> chain(RankName rank, long extent) {
    List<Head> chain = new ArrayList<>();
    long rest = extent;
    if (random.nextBoolean()) {
      long tile = 1L + random.nextInt((int) extent + 1);
      chain.add(head(rank, rest, tile));
      rest = Math.min(rest, tile);
    }
    chain.add(head(rank, rest, 1));
    return chain;
  }

  private Head head(RankName rank, long extent, long tile) {
    List<Axis> axes = new ArrayList<>(unit.axes());
    Collections.shuffle(axes, random);
    for (Axis axis : axes) {
      if (random.nextInt(3) == 0 && fits(axis.name(), Math.ceilDiv(extent, tile))) {
        taken.add(axis.name());
        return new Head(rank, tile, Optional.of(axis.name()));
      }
    }
    return new Head(rank, tile, Optional.empty());
  }

  private Node around(Head head, Node body) {
    if (head.axis().isEmpty()) {
      return new Node.For(head.rank(), Size.of(head.tile()), false, body);
    }
    Set<TensorName> multicast = new HashSet<>();
    for (TensorName operand : einsum.operands()) {
      if (!facts.has(operand, head.rank()) && random.nextBoolean()) {
        multicast.add(operand);
      }
    }
    Set<TensorName> reduce =
        einsum.reduced().contains(head.rank()) ? Set.of(einsum.output()) : Set.of();
    return new Node.Spatial(
        head.rank(), Size.of(head.tile()), head.axis().get(), multicast, reduce, body);
  }
}
