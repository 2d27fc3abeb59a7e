package dev.weir.mapper.random;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
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
 * under common loops, run one after another or in a pipeline; tensors are kept at one or two
 * levels.
 */
final class RandomSchedule {

  private final Random random;
  private final CascadeFacts facts;
  private final List<Partition> partitions;
  private final Architecture architecture;
  private final Map<TensorName, ComputeUnit> units = new HashMap<>();

  /** What stands around a block. */
  private record Around(
      Map<RankName, Long> extents,
      Set<AxisName> taken,
      Set<TensorName> homed,
      Map<RankName, AxisName> preferred,
      boolean iterated,
      boolean inPipeline) {

    Around narrowed(RankName rank, long tile) {
      Map<RankName, Long> narrower = new HashMap<>(extents);
      narrower.merge(rank, tile, Math::min);
      return new Around(narrower, taken, homed, preferred, iterated, inPipeline);
    }

    Around taking(AxisName axis) {
      Set<AxisName> more = new HashSet<>(taken);
      more.add(axis);
      return new Around(extents, more, homed, preferred, iterated, inPipeline);
    }

    Around homing(Set<TensorName> tensors) {
      Set<TensorName> more = new HashSet<>(homed);
      more.addAll(tensors);
      return new Around(extents, taken, more, preferred, iterated, inPipeline);
    }

    Around iterating(RankName rank) {
      Around narrower = narrowed(rank, 1);
      return new Around(narrower.extents, taken, homed, preferred, true, inPipeline);
    }

    Around pipelining() {
      return new Around(extents, taken, homed, preferred, iterated, true);
    }
  }

  RandomSchedule(
      Random random, CascadeFacts facts, List<Partition> partitions, Architecture architecture) {
    this.random = random;
    this.facts = facts;
    this.partitions = partitions;
    this.architecture = architecture;
    for (Einsum einsum : facts.placed()) {
      List<ComputeUnit> all = architecture.units();
      units.put(einsum.output().tensor(), all.get(random.nextInt(all.size())));
    }
  }

  Node root(Set<RankName> ranks, Shapes shapes) {
    Map<RankName, Long> extents = new HashMap<>();
    ranks.forEach(rank -> extents.put(rank, shapes.of(rank)));
    return block(
        facts.placed(), new Around(extents, Set.of(), Set.of(), preferences(), false, false));
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

  private Node block(List<Einsum> einsums, Around around) {
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

  /** Work-groups: only where one unit does all, and only outside every keep of another level. */
  private Optional<Node> spatialBlock(
      List<Einsum> einsums, Around around, RankName rank, long tile) {
    long tiles = Math.ceilDiv(around.extents().get(rank), tile);
    boolean oneUnit = einsums.stream().map(this::unit).distinct().count() == 1;
    if (!oneUnit || random.nextInt(3) > 0) {
      return Optional.empty();
    }
    Set<TensorName> reduced = new HashSet<>();
    einsums.stream()
        .filter(e -> e.reducedRanks().contains(rank))
        .forEach(e -> reduced.add(e.output().tensor()));
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

  private Set<TensorName> lacking(List<Einsum> einsums, RankName rank) {
    Set<TensorName> tensors = new HashSet<>();
    einsums.forEach(e -> tensors.addAll(CascadeFacts.operands(e)));
    tensors.removeIf(tensor -> facts.has(tensor, rank) || random.nextBoolean());
    return tensors;
  }

  private ComputeUnit unit(Einsum einsum) {
    return units.get(einsum.output().tensor());
  }

  /** Ranks that all have and nobody needs complete. */
  private List<RankName> fusable(List<Einsum> einsums, Around around) {
    Set<RankName> common = new LinkedHashSet<>(einsums.getFirst().iterationSpace());
    for (Einsum einsum : einsums) {
      common.retainAll(einsum.iterationSpace());
      TensorName output = einsum.output().tensor();
      if (einsums.stream().anyMatch(e -> facts.reads(e, output))) {
        common.removeAll(einsum.reducedRanks());
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
    return facts.placed().stream()
        .map(e -> facts.generations(e.output().tensor()))
        .anyMatch(Optional.of(rank)::equals);
  }

  private Node keeps(List<Einsum> einsums, Around around) {
    Set<TensorName> needed = new LinkedHashSet<>();
    Set<TensorName> extra = new LinkedHashSet<>();
    for (Einsum einsum : einsums) {
      for (TensorName tensor : tensors(einsum)) {
        boolean mustLive = !facts.livesAtTop(tensor) && !around.homed().contains(tensor);
        if (mustLive && allUsersIn(tensor, einsums)) {
          needed.add(tensor);
        } else if (!mustLive && facts.generations(tensor).isEmpty() && random.nextInt(4) == 0) {
          extra.add(tensor);
        }
      }
    }
    needed.removeIf(tensor -> canWait(tensor, einsums));
    Set<TensorName> kept = new LinkedHashSet<>(needed);
    kept.addAll(extra);
    Node node = parts(einsums, around.homing(kept));
    for (TensorName tensor : kept) {
      Optional<LevelName> level = level(tensor, einsums, around);
      if (level.isPresent()) {
        node =
            new Node.Keep(List.of(tensor), level.get(), Size.of(1), random.nextInt(3) == 0, node);
      }
    }
    return node;
  }

  private List<TensorName> tensors(Einsum einsum) {
    List<TensorName> tensors = new ArrayList<>(CascadeFacts.operands(einsum));
    tensors.add(einsum.output().tensor());
    return tensors;
  }

  private boolean allUsersIn(TensorName tensor, List<Einsum> einsums) {
    return facts.placed().stream().filter(e -> facts.uses(e, tensor)).allMatch(einsums::contains);
  }

  /** A tensor may be kept deeper when the block is not split between its users. */
  private boolean canWait(TensorName tensor, List<Einsum> einsums) {
    return einsums.size() > 1 && facts.generations(tensor).isEmpty() && random.nextInt(3) == 0;
  }

  private Optional<LevelName> level(TensorName tensor, List<Einsum> einsums, Around around) {
    boolean top = !facts.livesAtTop(tensor) && random.nextInt(6) == 0;
    List<LevelName> levels =
        architecture.levels().stream()
            .skip(top ? 0 : 1)
            .filter(
                level ->
                    around.taken().stream()
                        .allMatch(axis -> architecture.selectsInstance(axis, level)))
            .filter(
                level ->
                    einsums.stream()
                        .filter(e -> facts.uses(e, tensor))
                        .allMatch(e -> unit(e).reads().contains(level.name())))
            .map(MemoryLevel::name)
            .toList();
    // The first is the one that most tensors fit in; registers need nests that match.
    return levels.isEmpty()
        ? Optional.empty()
        : Optional.of(levels.get(random.nextInt(3) > 0 ? 0 : random.nextInt(levels.size())));
  }

  private Node parts(List<Einsum> einsums, Around around) {
    Optional<RankName> iterated = iteratedHere(einsums, around);
    if (iterated.isPresent()) {
      return iterate(einsums, around, iterated.get());
    }
    if (einsums.size() == 1) {
      Einsum einsum = einsums.getFirst();
      Set<TensorName> keepable = new HashSet<>();
      for (TensorName tensor : tensors(einsum)) {
        if (facts.generations(tensor).isEmpty()
            && (facts.livesAtTop(tensor) || around.homed().contains(tensor))) {
          keepable.add(tensor);
        }
      }
      RandomNest nest =
          new RandomNest(
              random,
              facts,
              architecture,
              einsum,
              unit(einsum),
              around.taken(),
              around.preferred());
      return nest.build(around.extents(), keepable);
    }
    List<RankName> fusable = fusable(einsums, around);
    if (!fusable.isEmpty() && !around.inPipeline() && random.nextInt(4) > 0) {
      return pipeline(einsums, around, fusable.get(random.nextInt(fusable.size())));
    }
    int split = 1 + random.nextInt(einsums.size() - 1);
    List<Node> halves = new ArrayList<>();
    for (List<Einsum> half :
        List.of(einsums.subList(0, split), einsums.subList(split, einsums.size()))) {
      Node node = block(half, around);
      if (node instanceof Node.Seq seq) {
        halves.addAll(seq.parts());
      } else {
        halves.add(node);
      }
    }
    return new Node.Seq(halves);
  }

  /** Where the block holds all Einsums of an iterative rank that is not looped over yet. */
  private Optional<RankName> iteratedHere(List<Einsum> einsums, Around around) {
    if (around.iterated()) {
      return Optional.empty();
    }
    return einsums.stream()
        .flatMap(e -> facts.generations(e.output().tensor()).stream())
        .findFirst();
  }

  private Node iterate(List<Einsum> einsums, Around around, RankName rank) {
    List<Einsum> inside = einsums.stream().filter(e -> e.iterationSpace().contains(rank)).toList();
    List<Einsum> after = einsums.stream().filter(e -> !e.iterationSpace().contains(rank)).toList();
    boolean last = random.nextBoolean() && !after.isEmpty();
    Around step = around.iterating(rank);
    List<RankName> fusable = fusable(inside, step);
    Node body =
        inside.size() > 1 && !fusable.isEmpty() && random.nextInt(3) > 0
            ? pipeline(inside, step, fusable.get(random.nextInt(fusable.size())))
            : block(inside, step);
    if (last) {
      body = new Node.Seq(List.of(body, new Node.Last(rank, block(after, step))));
    }
    Node iterate = new Node.Iterate(rank, flow(body), body);
    return last || after.isEmpty() ? iterate : new Node.Seq(List.of(iterate, block(after, around)));
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

  /** Every Einsum is a stage; later ones are, mostly, later stages. */
  private Node pipeline(List<Einsum> einsums, Around around, RankName rank) {
    long tile = 1L + random.nextInt(around.extents().get(rank).intValue());
    Around inside = around.narrowed(rank, tile).pipelining();
    Set<TensorName> handedOver = new LinkedHashSet<>();
    for (Einsum einsum : einsums) {
      for (TensorName tensor : tensors(einsum)) {
        if (!facts.livesAtTop(tensor)
            && !inside.homed().contains(tensor)
            && allUsersIn(tensor, einsums)) {
          handedOver.add(tensor);
        }
      }
    }
    inside = inside.homing(handedOver);
    List<Node> stages = new ArrayList<>();
    int stage = 0;
    for (Einsum einsum : einsums) {
      stages.add(new Node.Stage(stage, block(List.of(einsum), inside)));
      stage += random.nextInt(3);
    }
    Node body = arranged(stages, einsums);
    for (TensorName tensor : handedOver) {
      Optional<LevelName> level = level(tensor, einsums, around);
      if (level.isPresent()) {
        Size copies = Size.of(1L + (random.nextBoolean() ? stage : random.nextInt(stage + 1)));
        body = new Node.Keep(List.of(tensor), level.get(), copies, false, body);
      }
    }
    return new Node.Pipeline(rank, Size.of(tile), body);
  }

  /** In order, in another order, on two units at once, or sharing one. */
  private Node arranged(List<Node> stages, List<Einsum> einsums) {
    List<ComputeUnit> used = einsums.stream().map(this::unit).distinct().toList();
    List<Node> order = new ArrayList<>(stages);
    if (random.nextBoolean()) {
      Collections.shuffle(order, random);
    }
    if (used.size() == 1) {
      return random.nextInt(4) == 0
          ? new Node.Interleave(used.getFirst().name(), order)
          : new Node.Seq(order);
    }
    if (random.nextBoolean()) {
      return new Node.Seq(order);
    }
    List<Node> branches = new ArrayList<>();
    for (ComputeUnit unit : used) {
      List<Node> own =
          order.stream()
              .filter(node -> unit(einsums.get(stages.indexOf(node))).equals(unit))
              .toList();
      branches.add(own.size() == 1 ? own.getFirst() : new Node.Seq(own));
    }
    return new Node.Par(branches);
  }
}
