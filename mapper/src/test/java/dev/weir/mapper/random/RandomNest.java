package dev.weir.mapper.random;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
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

/** A random nest around one compute: loops down to single points, with keeps among them. */
final class RandomNest {

  /** A loop before it has a body. */
  private record Head(RankName rank, long tile, Optional<AxisName> axis) {}

  private final Random random;
  private final CascadeFacts facts;
  private final Architecture architecture;
  private final Einsum einsum;
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
      Architecture architecture,
      Einsum einsum,
      ComputeUnit unit,
      Set<AxisName> taken,
      Map<RankName, AxisName> preferred) {
    this.random = random;
    this.facts = facts;
    this.architecture = architecture;
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
   */
  Node build(Map<RankName, Long> extents, Set<TensorName> keepable) {
    List<Head> heads = heads(extents);
    Node node = new Node.Compute(einsum.output().tensor(), unit.name());
    for (int at = heads.size() - 1; at >= 0; at--) {
      node = around(heads.get(at), node);
      if (random.nextInt(3) == 0) {
        node = keep(node, heads.subList(0, at), heads.subList(at, heads.size()), keepable);
      }
    }
    return node;
  }

  private List<Head> heads(Map<RankName, Long> extents) {
    List<Head> aligned = new ArrayList<>();
    List<List<Head>> chains = new ArrayList<>();
    for (RankName rank : einsum.iterationSpace()) {
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
    for (TensorName operand : CascadeFacts.operands(einsum)) {
      if (!facts.has(operand, head.rank()) && random.nextBoolean()) {
        multicast.add(operand);
      }
    }
    boolean reduces = einsum.reducedRanks().contains(head.rank());
    return new Node.Spatial(
        head.rank(),
        Size.of(head.tile()),
        head.axis().get(),
        multicast,
        reduces ? Set.of(einsum.output().tensor()) : Set.of(),
        body);
  }

  private Node keep(Node body, List<Head> above, List<Head> below, Set<TensorName> keepable) {
    List<TensorName> candidates = new ArrayList<>(CascadeFacts.operands(einsum));
    candidates.add(einsum.output().tensor());
    candidates.removeIf(tensor -> !keepable.contains(tensor));
    if (candidates.isEmpty()) {
      return body;
    }
    TensorName tensor = candidates.get(random.nextInt(candidates.size()));
    boolean isOutput = tensor.equals(einsum.output().tensor());
    List<LevelName> levels =
        architecture.levels().stream()
            .skip(1)
            .filter(level -> unit.reads().contains(level.name()))
            .filter(level -> above.stream().allMatch(h -> allowsKeep(h, level, isOutput)))
            .filter(
                level ->
                    taken.stream()
                        .allMatch(
                            axis ->
                                isBelow(axis, above, below)
                                    || architecture.selectsInstance(axis, level)))
            .filter(level -> below.stream().allMatch(h -> distributes(h, level, tensor)))
            .map(MemoryLevel::name)
            .toList();
    if (levels.isEmpty()) {
      return body;
    }
    LevelName level = levels.get(random.nextInt(levels.size()));
    return new Node.Keep(List.of(tensor), level, Size.of(1), random.nextBoolean(), body);
  }

  private boolean allowsKeep(Head above, MemoryLevel level, boolean isOutput) {
    return above.axis().isEmpty()
        || (architecture.selectsInstance(above.axis().get(), level)
            && !(isOutput && einsum.reducedRanks().contains(above.rank())));
  }

  private static boolean isBelow(AxisName axis, List<Head> above, List<Head> below) {
    Optional<AxisName> wanted = Optional.of(axis);
    return above.stream().map(Head::axis).anyMatch(wanted::equals)
        || below.stream().map(Head::axis).anyMatch(wanted::equals);
  }

  private boolean distributes(Head below, MemoryLevel level, TensorName tensor) {
    return below.axis().isEmpty()
        || !architecture.selectsInstance(below.axis().get(), level)
        || facts.has(tensor, below.rank());
  }
}
