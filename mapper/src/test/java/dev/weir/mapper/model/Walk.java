package dev.weir.mapper.model;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What every walk over a schedule needs: the coordinates of each step, tiles and homes. */
final class Walk {

  /** What is around a place: a step of a loop or an entry of a keep. */
  sealed interface Frame {
    record Step(RankName rank, long number, boolean isLast, Node loop, long together)
        implements Frame {}

    record Entry(TensorName tensor, MemoryLevel level, long number, boolean partial)
        implements Frame {}
  }

  /** Where a walk is: a node, with actual coordinates and what is around it. */
  record Place(
      NodePath path, Map<RankName, long[]> ranges, List<Frame> frames, long phase, boolean timed) {
    Place child(int number) {
      return new Place(path.child(number), ranges, frames, phase, timed);
    }

    Place with(Frame frame) {
      List<Frame> more = new ArrayList<>(frames);
      more.add(frame);
      return new Place(path, ranges, more, phase, timed);
    }

    Place with(Map<RankName, long[]> narrowed) {
      return new Place(path, narrowed, frames, phase, timed);
    }

    Place inPhase(long newPhase) {
      return new Place(path, ranges, frames, newPhase, timed);
    }

    Place untimed() {
      return new Place(path, ranges, frames, phase, false);
    }
  }

  /** A node in one execution of a phase. */
  record Where(long phase, NodePath path) {}

  /** Where a tensor is found, and the steps below, the innermost first. */
  record Home(LevelName level, long entry, boolean partial, List<Frame.Step> below) {}

  private final Problem problem;
  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, Einsum> einsums = new HashMap<>();
  private final WalkedVisits visits = new WalkedVisits(this);
  private final Place start;

  Walk(Problem problem) {
    this.problem = problem;
    this.tensors = problem.cascade().tensorsByName();
    problem.cascade().einsums().stream()
        .filter(einsum -> !einsum.isInitial())
        .forEach(einsum -> einsums.put(einsum.output().tensor(), einsum));
    this.start = new Place(NodePath.ROOT, wholeRanges(), List.of(), 0, true);
  }

  Problem problem() {
    return problem;
  }

  Tensor tensor(TensorName name) {
    return tensors.get(name);
  }

  Einsum einsum(TensorName output) {
    return einsums.get(output);
  }

  /** At the root, before any step. */
  Place start() {
    return start;
  }

  private Map<RankName, long[]> wholeRanges() {
    Map<RankName, long[]> ranges = new HashMap<>();
    for (Tensor tensor : problem.cascade().tensors()) {
      tensor.ranks().forEach(rank -> ranges.put(rank, new long[] {0, shape(rank)}));
    }
    for (Einsum einsum : problem.cascade().einsums()) {
      einsum.iterationSpace().forEach(rank -> ranges.put(rank, new long[] {0, shape(rank)}));
    }
    for (Partition split : problem.cascade().partitions()) {
      ranges.put(split.outer(), new long[] {0, shape(split.outer())});
      ranges.put(split.inner(), new long[] {0, innerEnd(split, ranges.get(split.outer()))});
    }
    return ranges;
  }

  private long shape(RankName rank) {
    return problem.shapes().of(rank);
  }

  private long innerEnd(Partition split, long[] outer) {
    return outer[1] - outer[0] == 1
        ? problem.shapes().innerShape(split, outer[0])
        : shape(split.inner());
  }

  List<Place> steps(Node node, Place place) {
    RankName rank;
    long tile;
    switch (node) {
      case Node.For loop -> {
        rank = loop.rank();
        tile = problem.value(loop.tile());
      }
      case Node.Spatial loop -> {
        rank = loop.rank();
        tile = problem.value(loop.tile());
      }
      case Node.Pipeline loop -> {
        rank = loop.rank();
        tile = problem.value(loop.tile());
      }
      case Node.Iterate loop -> {
        rank = loop.rank();
        tile = 1;
      }
      case Node.Last _, Node.Keep _, Node.Seq _, Node.Par _, Node.Stage _, Node.Interleave _ ->
          throw new AssertionError();
      case Node.Compute _ -> throw new AssertionError();
    }
    long[] range = place.ranges().get(rank);
    List<long[]> tiles = new ArrayList<>();
    for (long from = range[0]; from < range[1]; from += tile) {
      tiles.add(new long[] {from, Math.min(range[1], from + tile)});
    }
    List<Place> steps = new ArrayList<>();
    for (int number = 0; number < tiles.size(); number++) {
      Frame.Step step =
          new Frame.Step(
              rank, number, number == tiles.size() - 1, node, together(node, tiles, number));
      Map<RankName, long[]> ranges = narrow(place.ranges(), rank, tiles.get(number));
      if (visits.isVisited(node, ranges)) {
        steps.add(place.with(step).with(ranges));
      }
    }
    return steps;
  }

  WalkedVisits visits() {
    return visits;
  }

  /** Ranges after a step with another number; nothing where there is no such tile. */
  Optional<Map<RankName, long[]>> stepped(
      Map<RankName, long[]> ranges, Frame.Step step, long number) {
    long[] range = ranges.get(step.rank());
    long tile =
        switch (step.loop()) {
          case Node.For loop -> problem.value(loop.tile());
          case Node.Spatial loop -> problem.value(loop.tile());
          case Node.Pipeline loop -> problem.value(loop.tile());
          case Node.Iterate _ -> 1;
          case Node.Last _, Node.Keep _, Node.Seq _, Node.Par _, Node.Stage _, Node.Interleave _ ->
              throw new AssertionError();
          case Node.Compute _ -> throw new AssertionError();
        };
    long from = range[0] + number * tile;
    return from < range[1]
        ? Optional.of(
            narrow(ranges, step.rank(), new long[] {from, Math.min(range[1], from + tile)}))
        : Optional.empty();
  }

  /** Tiles of the same wave and the same size. */
  private long together(Node node, List<long[]> tiles, int number) {
    if (!(node instanceof Node.Spatial spatial)) {
      return 1;
    }
    int instances = (int) axis(spatial).instances();
    int start = number / instances * instances;
    long size = tiles.get(number)[1] - tiles.get(number)[0];
    return tiles.subList(start, Math.min(tiles.size(), start + instances)).stream()
        .filter(other -> other[1] - other[0] == size)
        .count();
  }

  Axis axis(Node.Spatial spatial) {
    return problem.architecture().axis(spatial.axis()).orElseThrow();
  }

  Map<RankName, long[]> narrow(Map<RankName, long[]> ranges, RankName rank, long[] range) {
    Map<RankName, long[]> narrowed = new HashMap<>(ranges);
    narrowed.put(rank, range);
    for (Partition split : problem.cascade().partitions()) {
      if (split.outer().equals(rank)) {
        narrowed.put(split.inner(), new long[] {0, innerEnd(split, range)});
      }
    }
    return narrowed;
  }

  Home home(TensorName tensor, List<Frame> frames) {
    List<Frame.Step> below = new ArrayList<>();
    for (Frame frame : frames.reversed()) {
      switch (frame) {
        case Frame.Step step -> below.add(step);
        case Frame.Entry entry -> {
          if (entry.tensor().equals(tensor)) {
            return new Home(entry.level().name(), entry.number(), entry.partial(), below);
          }
        }
      }
    }
    boolean atTop = tensors.get(tensor).role() != Tensor.Role.INTERMEDIATE;
    LevelName level = atTop ? problem.architecture().top().name() : new LevelName("nowhere");
    return new Home(level, 0, false, below);
  }

  static boolean isProducedIn(Node node, TensorName tensor) {
    return (node instanceof Node.Compute compute && compute.einsum().equals(tensor))
        || node.children().stream().anyMatch(child -> isProducedIn(child, tensor));
  }

  long tile(TensorName tensor, Map<RankName, long[]> ranges) {
    List<Access> accesses = new ArrayList<>();
    for (Einsum einsum : einsums.values()) {
      einsum.value().reads().forEach(accesses::add);
      accesses.add(einsum.output());
    }
    accesses.removeIf(access -> !access.tensor().equals(tensor));
    long words = 1;
    for (int i = 0; i < tensors.get(tensor).ranks().size(); i++) {
      int at = i;
      RankName declared = tensors.get(tensor).ranks().get(i);
      if (tensors.get(tensor).generations().filter(declared::equals).isEmpty()) {
        words *=
            coordinates(
                accesses.stream().map(a -> a.indices().get(at)).distinct().toList(),
                shape(declared),
                ranges);
      }
    }
    return words;
  }

  private long coordinates(List<Index> indices, long shape, Map<RankName, long[]> ranges) {
    if (indices.size() == 1
        && (indices.getFirst() instanceof Index.Coordinate
            || indices.getFirst() instanceof Index.Joined)) {
      return coordinates(indices.getFirst(), ranges);
    }
    Set<Long> reached = new TreeSet<>();
    indices.forEach(
        index -> reach(index, index.ranks().distinct().toList(), ranges, new HashMap<>(), reached));
    long from = Math.max(0, reached.stream().min(Long::compare).orElseThrow());
    long to = Math.min(shape - 1, reached.stream().max(Long::compare).orElseThrow());
    return Math.max(0, to - from + 1);
  }

  /** All coordinates that an affine index or a head map takes. */
  private void reach(
      Index index,
      List<RankName> open,
      Map<RankName, long[]> ranges,
      Map<RankName, Long> point,
      Set<Long> reached) {
    if (!open.isEmpty()) {
      long[] range = ranges.get(open.getFirst());
      for (long at = range[0]; at < range[1]; at++) {
        point.put(open.getFirst(), at);
        reach(index, open.subList(1, open.size()), ranges, point, reached);
      }
    } else if (index instanceof Index.HeadMap map) {
      long scaled = point.get(map.rank()) * shape(map.target());
      reached.add(Math.floorDiv(scaled, shape(map.rank())));
    } else if (index instanceof Index.Coordinate c) {
      reached.add(point.get(c.rank()));
    } else {
      Index.Affine affine = (Index.Affine) index;
      reached.add(
          affine.offset()
              + affine.terms().stream()
                  .mapToLong(term -> term.coefficient() * point.get(term.rank()))
                  .sum());
    }
  }

  private long coordinates(Index index, Map<RankName, long[]> ranges) {
    if (index instanceof Index.Joined joined) {
      Set<Long> found = new HashSet<>();
      long[] outer = ranges.get(joined.outer());
      long[] inner = ranges.get(joined.inner());
      for (long o = outer[0]; o < outer[1]; o++) {
        for (long i = inner[0]; i < inner[1]; i++) {
          long coordinate = o * shape(joined.inner()) + i;
          if (coordinate < shape(joined.parent())) {
            found.add(coordinate);
          }
        }
      }
      return found.size();
    }
    long[] range = ranges.get(((Index.Coordinate) index).rank());
    return range[1] - range[0];
  }
}
