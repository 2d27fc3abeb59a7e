package dev.weir.mapper.random;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Random schedules that are likely, but not certain, to be legal: neighbouring Einsums are fused
 * under common loops, run one after another, side by side or in a pipeline; tensors are kept at
 * several levels, which {@link KeepLevels} chooses afterwards.
 */
final class RandomSchedule {

  private final Random random;
  private final CascadeFacts facts;
  private final Cascade cascade;
  private final List<Partition> partitions;
  private final Architecture architecture;
  private final List<Placed> placed;
  private final LevelName level;
  private final Map<TensorName, ComputeUnit> units = new HashMap<>();

  RandomSchedule(
      Random random,
      CascadeFacts facts,
      List<Placed> placed,
      Cascade cascade,
      Architecture architecture) {
    this.random = random;
    this.facts = facts;
    this.cascade = cascade;
    this.partitions = cascade.partitions();
    this.architecture = architecture;
    this.placed = placed;
    this.level = architecture.levels().get(1).name();
    for (Placed einsum : placed) {
      List<ComputeUnit> all = architecture.units();
      units.put(einsum.output(), all.get(random.nextInt(all.size())));
    }
  }

  /** A tree whose keeps are all at one level. */
  Node root(Set<RankName> ranks, Shapes shapes) {
    Map<RankName, Long> extents = new HashMap<>();
    ranks.forEach(rank -> extents.put(rank, shapes.of(rank)));
    return block(placed, new Around(extents, Set.of(), Set.of(), preferences(), false, false));
  }

  /** In half of the schedules some ranks always lie along the same axis. */
  private Map<RankName, AxisName> preferences() {
    Map<RankName, AxisName> preferred = new HashMap<>();
    if (random.nextBoolean()) {
      for (ComputeUnit unit : architecture.units()) {
        List<Axis> axes = new ArrayList<>(unit.axes());
        Collections.shuffle(axes, random);
        preferred.put(new RankName(random.nextBoolean() ? "P" : "M"), axes.getFirst().name());
      }
    }
    return preferred;
  }

  ComputeUnit unit(Placed einsum) {
    return units.get(einsum.output());
  }

  /** Loops around all of the Einsums, then keeps and parts. */
  Node block(List<Placed> einsums, Around around) {
    if (einsums.size() > 1 && random.nextInt(3) == 0) {
      Optional<Node> again = recomputing(einsums, around);
      if (again.isPresent()) {
        return again.get();
      }
    }
    List<RankName> fusable = fusable(einsums, around);
    if (!fusable.isEmpty() && random.nextInt(3) > 0) {
      RankName rank = fusable.get(random.nextInt(fusable.size()));
      long tile = 1L + random.nextInt(around.extents().get(rank).intValue());
      Optional<Node> spatial = spatialBlock(einsums, around, rank, tile);
      if (spatial.isPresent()) {
        return spatial.get();
      }
      Node body = block(einsums, around.narrowed(rank, tile));
      return new Node.For(rank, Size.of(tile), flow(body), body);
    }
    return keeps(einsums, around);
  }

  /** A loop that some of the Einsums lack, which are then produced again in every iteration. */
  private Optional<Node> recomputing(List<Placed> einsums, Around around) {
    Set<RankName> ranks = new LinkedHashSet<>();
    einsums.forEach(einsum -> ranks.addAll(einsum.space()));
    ranks.removeIf(rank -> around.extents().get(rank) == 1 || isIterative(rank));
    partitions.forEach(split -> ranks.removeAll(List.of(split.outer(), split.inner())));
    ranks.removeIf(
        rank -> !again(einsums, rank).stream().allMatch(e -> mayRepeat(e, einsums, around)));
    ranks.removeIf(rank -> again(einsums, rank).isEmpty() || isNeededComplete(einsums, rank));
    if (ranks.isEmpty()) {
      return Optional.empty();
    }
    RankName rank = new ArrayList<>(ranks).get(random.nextInt(ranks.size()));
    Set<TensorName> outputs = new LinkedHashSet<>();
    again(einsums, rank).forEach(einsum -> outputs.add(einsum.output()));
    long tile = 1L + random.nextInt(around.extents().get(rank).intValue());
    Node body = block(einsums, around.narrowed(rank, tile));
    return Optional.of(new Node.For(rank, Size.of(tile), false, outputs, false, body));
  }

  private static List<Placed> again(List<Placed> einsums, RankName rank) {
    return einsums.stream().filter(einsum -> !einsum.space().contains(rank)).toList();
  }

  private boolean mayRepeat(Placed einsum, List<Placed> einsums, Around around) {
    TensorName output = einsum.output();
    return !facts.livesAtTop(output)
        && facts.generations(output).isEmpty()
        && !around.homed().contains(output)
        && allUsersIn(output, einsums);
  }

  /** Whether one of the Einsums reads sums over the rank of another one. */
  private static boolean isNeededComplete(List<Placed> einsums, RankName rank) {
    return einsums.stream()
        .filter(einsum -> einsum.reduced().contains(rank))
        .anyMatch(einsum -> einsums.stream().anyMatch(e -> e.needed().contains(einsum.output())));
  }

  /** Work-groups: only where one unit does all. */
  private Optional<Node> spatialBlock(
      List<Placed> einsums, Around around, RankName rank, long tile) {
    long tiles = Math.ceilDiv(around.extents().get(rank), tile);
    boolean oneUnit = einsums.stream().map(this::unit).distinct().count() == 1;
    if (!oneUnit || random.nextInt(3) > 0) {
      return Optional.empty();
    }
    Set<TensorName> reduced = new HashSet<>();
    einsums.stream()
        .filter(einsum -> einsum.reduced().contains(rank))
        .forEach(einsum -> reduced.add(einsum.output()));
    return unit(einsums.getFirst()).axes().stream()
        .filter(axis -> !around.taken().contains(axis.name()) && axis.width() >= tiles)
        .findFirst()
        .map(Axis::name)
        .map(
            axis ->
                new Node.Spatial(
                    rank,
                    Size.of(tile),
                    axis,
                    lacking(einsums, rank),
                    reduced,
                    block(einsums, around.narrowed(rank, tile).taking(axis))));
  }

  private Set<TensorName> lacking(List<Placed> einsums, RankName rank) {
    Set<TensorName> tensors = new LinkedHashSet<>();
    einsums.forEach(einsum -> tensors.addAll(einsum.operands()));
    tensors.removeIf(tensor -> facts.has(tensor, rank) || random.nextBoolean());
    return tensors;
  }

  /** Ranks that all have and nobody needs complete. */
  List<RankName> fusable(List<Placed> einsums, Around around) {
    Set<RankName> common = new LinkedHashSet<>(einsums.getFirst().space());
    for (Placed einsum : einsums) {
      common.retainAll(einsum.space());
      if (einsums.stream().anyMatch(other -> other.needed().contains(einsum.output()))) {
        common.removeAll(einsum.reduced());
        common.removeIf(rank -> facts.projection(einsum.output()).isCutWholeBy(rank, cascade));
      }
    }
    common.removeIf(rank -> around.extents().get(rank) == 1 || isIterative(rank));
    for (Partition split : partitions) {
      if (around.extents().get(split.outer()) > 1) {
        common.remove(split.inner());
      }
    }
    return new ArrayList<>(common);
  }

  private boolean isIterative(RankName rank) {
    return placed.stream()
        .map(einsum -> facts.generations(einsum.output()))
        .anyMatch(Optional.of(rank)::equals);
  }

  /** Keeps around the parts: of what must live here, and of what may. */
  private Node keeps(List<Placed> einsums, Around around) {
    Parts parts = parts(einsums, around);
    Set<TensorName> kept = new LinkedHashSet<>();
    for (Placed einsum : einsums) {
      for (TensorName tensor : einsum.tensors()) {
        boolean hasHome = facts.livesAtTop(tensor) || around.homed().contains(tensor);
        if (!hasHome && allUsersIn(tensor, einsums)) {
          if (staysWhole(tensor, parts) || random.nextInt(3) > 0) {
            kept.add(tensor);
          }
        } else if (hasHome && facts.generations(tensor).isEmpty() && random.nextInt(4) == 0) {
          kept.add(tensor);
        }
      }
    }
    Node node = arranged(parts, around.homing(kept));
    for (TensorName tensor : kept) {
      node = new Node.Keep(List.of(tensor), level, Size.of(1), random.nextInt(3) == 0, node);
    }
    return node;
  }

  boolean allUsersIn(TensorName tensor, List<Placed> einsums) {
    return placed.stream().filter(e -> e.uses(tensor)).allMatch(einsums::contains);
  }

  /** Whether no single part has all users of a tensor, so that it cannot be kept further inside. */
  private boolean staysWhole(TensorName tensor, Parts parts) {
    return switch (parts) {
      case Parts.Nest _ -> true;
      case Parts.Pipelined _ -> false;
      case Parts.Iterated iterated ->
          facts.generations(tensor).isPresent()
              || (!allUsersIn(tensor, iterated.inside()) && !allUsersIn(tensor, iterated.after()));
      case Parts.Split split ->
          !allUsersIn(tensor, split.first()) && !allUsersIn(tensor, split.second());
    };
  }

  /** How a block goes on inside its keeps. */
  private sealed interface Parts {
    record Nest(Placed einsum) implements Parts {}

    record Iterated(RankName rank, List<Placed> inside, List<Placed> after) implements Parts {}

    record Pipelined(List<Placed> einsums, RankName rank) implements Parts {}

    record Split(List<Placed> first, List<Placed> second) implements Parts {}
  }

  private Parts parts(List<Placed> einsums, Around around) {
    Optional<RankName> iterated = iteratedHere(einsums, around);
    if (iterated.isPresent()) {
      RankName rank = iterated.get();
      return new Parts.Iterated(
          rank,
          einsums.stream().filter(e -> e.space().contains(rank)).toList(),
          einsums.stream().filter(e -> !e.space().contains(rank)).toList());
    }
    if (einsums.size() == 1) {
      return new Parts.Nest(einsums.getFirst());
    }
    List<RankName> fusable = fusable(einsums, around);
    if (!fusable.isEmpty() && !around.inPipeline() && random.nextInt(4) > 0) {
      return new Parts.Pipelined(einsums, fusable.get(random.nextInt(fusable.size())));
    }
    int split = 1 + random.nextInt(einsums.size() - 1);
    return new Parts.Split(einsums.subList(0, split), einsums.subList(split, einsums.size()));
  }

  /** Where the block holds all Einsums of an iterative rank that is not looped over yet. */
  private Optional<RankName> iteratedHere(List<Placed> einsums, Around around) {
    if (around.iterated()) {
      return Optional.empty();
    }
    return einsums.stream().flatMap(e -> facts.generations(e.output()).stream()).findFirst();
  }

  private Node arranged(Parts parts, Around around) {
    return switch (parts) {
      case Parts.Nest nest -> nest(nest.einsum(), around);
      case Parts.Iterated iterated -> iterate(iterated, around);
      case Parts.Pipelined pipelined ->
          new RandomPipeline(random, facts, this, level)
              .of(pipelined.einsums(), around, pipelined.rank());
      case Parts.Split split -> split(split, around);
    };
  }

  private Node nest(Placed einsum, Around around) {
    List<TensorName> keepable = new ArrayList<>();
    for (TensorName tensor : einsum.tensors()) {
      if (facts.generations(tensor).isEmpty()
          && (facts.livesAtTop(tensor) || around.homed().contains(tensor))) {
        keepable.add(tensor);
      }
    }
    return new RandomNest(random, facts, einsum, unit(einsum), around.taken(), around.preferred())
        .build(around.extents(), keepable, level);
  }

  private Node split(Parts.Split split, Around around) {
    List<ComputeUnit> first = split.first().stream().map(this::unit).distinct().toList();
    List<ComputeUnit> second = split.second().stream().map(this::unit).distinct().toList();
    boolean independent =
        split.second().stream().noneMatch(e -> split.first().stream().anyMatch(e::needs));
    Node one = block(split.first(), around);
    Node other = block(split.second(), around);
    if (independent && Collections.disjoint(first, second) && random.nextInt(4) > 0) {
      return new Node.Par(List.of(one, other));
    }
    if (first.size() == 1 && first.equals(second) && random.nextInt(6) == 0) {
      return new Node.Interleave(first.getFirst().name(), List.of(one, other));
    }
    List<Node> all = new ArrayList<>();
    for (Node half : List.of(one, other)) {
      if (half instanceof Node.Seq seq) {
        all.addAll(seq.parts());
      } else {
        all.add(half);
      }
    }
    return new Node.Seq(all);
  }

  private Node iterate(Parts.Iterated parts, Around around) {
    List<Placed> inside = parts.inside();
    boolean last = random.nextBoolean() && !parts.after().isEmpty();
    Around step = around.iterating(parts.rank());
    List<RankName> fusable = fusable(inside, step);
    Node body =
        inside.size() > 1 && !fusable.isEmpty() && random.nextInt(3) > 0
            ? new RandomPipeline(random, facts, this, level)
                .of(inside, step, fusable.get(random.nextInt(fusable.size())))
            : block(inside, step);
    if (last) {
      body = new Node.Seq(List.of(body, new Node.Last(parts.rank(), block(parts.after(), step))));
    }
    Node iterate = new Node.Iterate(parts.rank(), flow(body), body);
    return last || parts.after().isEmpty()
        ? iterate
        : new Node.Seq(List.of(iterate, block(parts.after(), around)));
  }

  /** Whether a loop around may be marked: a pipeline follows, with only keeps before it. */
  private boolean flow(Node body) {
    Node node = body;
    while (node instanceof Node.Keep keep) {
      node = keep.body();
    }
    boolean leads =
        switch (node) {
          case Node.Pipeline _ -> true;
          case Node.For loop -> loop.flow();
          case Node.Iterate loop -> loop.flow();
          case Node.Spatial _,
              Node.Last _,
              Node.Keep _,
              Node.Seq _,
              Node.Par _,
              Node.Stage _,
              Node.Interleave _,
              Node.Compute _ ->
              false;
        };
    return leads && random.nextInt(5) > 0;
  }
}
