package dev.weir.opencl.validate;

import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Small shapes that leave remainders in tiles. Over the first three each rank is once a coordinate
 * longer than a tile, once one shorter, and once a tile and an odd part of another; which is which
 * differs from rank to rank. Where that would be too many points, some ranks stay short, others in
 * each of the shapes, of which there are more then: each rank is longer than its tile in one of
 * them. In the last one every rank has one coordinate.
 */
final class TailShapes {

  /** Larger tiles are not filled: a shape below the tile is a remainder too. */
  private static final long LONGEST_TILE = 64;

  /** Ranks up to this are batches and heads, of which two show whether they mix. */
  private static final long SHORT_RANK = 16;

  /** Points of an Einsum; the reference visits them all, several times for each output. */
  private static final long MOST_POINTS = 1L << 18;

  private static final int USUAL_TURNS = 3;

  private final Problem problem;
  private final Map<RankName, Long> workload;
  private final List<RankName> ranks;
  private final List<Long> tiles;
  private final Set<RankName> shownLong = new HashSet<>();

  private TailShapes(Problem problem) {
    this.problem = problem;
    this.workload = workload(problem);
    this.ranks = List.copyOf(workload.keySet());
    this.tiles = ranks.stream().map(this::tile).toList();
  }

  /** The problem at these shapes. */
  static List<Problem> of(Problem problem) {
    return new TailShapes(problem).all();
  }

  private List<Problem> all() {
    List<Problem> small = new ArrayList<>();
    boolean isNew = true;
    for (int turn = 0; turn < USUAL_TURNS || isNew; turn++) {
      Map<RankName, Long> shapes = shapes(turn);
      isNew = false;
      for (int i = 0; i < ranks.size(); i++) {
        if (tiles.get(i) > 1 && shapes.get(ranks.get(i)) > tiles.get(i)) {
          isNew |= shownLong.add(ranks.get(i));
        }
      }
      if (turn < USUAL_TURNS || isNew) {
        small.add(at(shapes));
      }
    }
    Map<RankName, Long> ones = new TreeMap<>(workload);
    ones.replaceAll((_, _) -> 1L);
    small.add(at(possible(ones)));
    return small;
  }

  /** Ranks that still have to be longer than their tile come first where points are limited. */
  private Map<RankName, Long> shapes(int turn) {
    Map<RankName, Long> few = new TreeMap<>();
    for (int i = 0; i < ranks.size(); i++) {
      few.put(ranks.get(i), turn == 0 ? 2 : 1 + (turn + i) % 2L);
    }
    Map<RankName, Long> shapes = possible(few);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < ranks.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparing(i -> !isToBeLong(i) || wanted(i, turn) <= tiles.get(i)));
    for (int i : order) {
      long before = shapes.get(ranks.get(i));
      for (long longer : List.of(wanted(i, turn), shape(1, (turn + i) % 3))) {
        shapes.put(ranks.get(i), longer);
        if (isPossible(shapes) && points(shapes) <= MOST_POINTS) {
          break;
        }
        shapes.put(ranks.get(i), before);
      }
    }
    return shapes;
  }

  private boolean isToBeLong(int rank) {
    return tiles.get(rank) > 1 && !shownLong.contains(ranks.get(rank));
  }

  /** What a rank should be, if others leave room for it. */
  private long wanted(int rank, int turn) {
    long tile = tiles.get(rank);
    if (tile == 1 && workload.get(ranks.get(rank)) <= SHORT_RANK) {
      return turn == 0 ? 2 : 1 + (turn + rank) % 2L;
    }
    return turn >= USUAL_TURNS && isToBeLong(rank) ? tile + 1 : shape(tile, (turn + rank) % 3);
  }

  /** One more than a tile, one less, an odd part more; of a rank without tiles some odd shapes. */
  private static long shape(long tile, int kind) {
    long[] untiled = {7, 3, 5};
    long[] tiled = {tile + 1, tile - 1, (tile + tile / 2) | 1};
    return tile == 1 ? untiled[kind] : tiled[kind];
  }

  private Problem at(Map<RankName, Long> shapes) {
    return Problem.of(problem.cascade(), problem.schedule(), problem.architecture(), shapes);
  }

  /** Of the largest Einsum, whatever conditions leave out. */
  private double points(Map<RankName, Long> given) {
    Shapes shapes = at(given).shapes();
    double most = 0;
    for (Einsum einsum : problem.cascade().einsums()) {
      double points = 1;
      for (RankName rank : einsum.iterationSpace()) {
        points *= shapes.of(rank);
      }
      most = Math.max(most, points);
    }
    return most;
  }

  /** Whether there are such tensors, and values for inputs whose distributions shapes decide. */
  private boolean isPossible(Map<RankName, Long> shapes) {
    try {
      return InputData.canFill(problem.cascade(), at(shapes).shapes());
    } catch (InvalidInputException none) {
      return false;
    }
  }

  /**
   * These, or some as in the workload: a shape that follows from others must not come to nothing,
   * as that of half a rank of one coordinate does.
   */
  private Map<RankName, Long> possible(Map<RankName, Long> wanted) {
    if (isPossible(wanted)) {
      return wanted;
    }
    Map<RankName, Quantity> derived = new TreeMap<>(problem.cascade().derivedShapes());
    for (RankName rank : derived.keySet()) {
      Map<RankName, Long> kept = keeping(DerivedRanks.origins(rank, derived), wanted);
      if (isPossible(kept)) {
        return kept;
      }
    }
    Map<RankName, Long> kept = wanted;
    for (RankName rank : derived.keySet()) {
      kept = keeping(DerivedRanks.origins(rank, derived), kept);
    }
    return kept;
  }

  private Map<RankName, Long> keeping(Set<RankName> ranks, Map<RankName, Long> shapes) {
    Map<RankName, Long> kept = new TreeMap<>(shapes);
    kept.replaceAll((rank, shape) -> ranks.contains(rank) ? workload.get(rank) : shape);
    return kept;
  }

  /**
   * The largest tile of a rank, of an inner part that it is split into, or of a rank that grows
   * with it.
   */
  private long tile(RankName rank) {
    Cascade cascade = problem.cascade();
    long tile = tile(rank, problem.schedule().root());
    for (Partition split : cascade.partitions()) {
      if (split.parent().equals(rank) && problem.schedule().shapes().containsKey(split.inner())) {
        tile = Math.max(tile, problem.shapes().of(split.inner()));
      }
    }
    for (RankName derived : cascade.derivedShapes().keySet()) {
      if (DerivedRanks.growsWith(derived, rank, cascade.derivedShapes())) {
        tile = Math.max(tile, tile(derived, problem.schedule().root()));
      }
    }
    return Math.min(tile, LONGEST_TILE);
  }

  private long tile(RankName rank, Node node) {
    long own =
        switch (node) {
          case Node.For loop -> tile(rank, loop.rank(), loop.tile());
          case Node.Spatial loop -> tile(rank, loop.rank(), loop.tile());
          case Node.Pipeline loop -> tile(rank, loop.rank(), loop.tile());
          case Node.Iterate _, Node.Last _, Node.Keep _, Node.Seq _, Node.Par _ -> 1;
          case Node.Stage _, Node.Interleave _, Node.Compute _ -> 1;
        };
    return node.children().stream().mapToLong(child -> tile(rank, child)).reduce(own, Math::max);
  }

  private long tile(RankName rank, RankName looped, Size tile) {
    return looped.equals(rank) ? problem.value(tile) : 1;
  }

  /** Shapes that neither the schedule nor other shapes decide, by rank. */
  private static Map<RankName, Long> workload(Problem problem) {
    Set<RankName> ranks = problem.cascade().workloadRanks();
    problem.cascade().partitions().forEach(split -> ranks.add(split.inner()));
    ranks.removeAll(problem.schedule().shapes().keySet());
    Map<RankName, Long> workload = new TreeMap<>();
    ranks.forEach(rank -> workload.put(rank, problem.shapes().of(rank)));
    return workload;
  }

  /** The workload as text: {@code B=1 H=12}. */
  static String text(Problem problem) {
    return workload(problem).entrySet().stream()
        .map(rank -> rank.getKey() + "=" + rank.getValue())
        .collect(Collectors.joining(" "));
  }
}
