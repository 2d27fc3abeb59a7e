package dev.weir.simulator.pe;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The most words that keeps allocate at a time in one instance of each level, found by visiting
 * every iteration: nested keeps and branches add, everything else takes the largest.
 */
final class Room {

  private final Parts parts;
  private final FullestTiles fullest;
  private final IdentityHashMap<Node.Keep, List<FullestTile>> tiles = new IdentityHashMap<>();
  private final IdentityHashMap<Node.Keep, Long> largest = new IdentityHashMap<>();
  private final Map<LevelName, Long> peakWords;

  Room(Parts parts) {
    this.parts = parts;
    this.fullest = new FullestTiles(parts);
    Node root = parts.problem().schedule().root();
    peakWords = peak(root, new CurrentRanges(parts.space()), List.of());
  }

  /** By level. */
  Map<LevelName, Long> peakWords() {
    return new HashMap<>(peakWords);
  }

  /** Most words that a keep ever takes; 0 if it is never entered. */
  long largest(Node.Keep keep) {
    return largest.getOrDefault(keep, 0L);
  }

  /**
   * The peak below a node.
   *
   * @param notLast ranks whose iteration is not in its last step
   */
  private Map<LevelName, Long> peak(Node node, CurrentRanges ranges, List<RankName> notLast) {
    return switch (node) {
      case Node.For loop -> steps(loop, loop.rank(), loop.tile(), ranges, notLast);
      case Node.Spatial loop -> steps(loop, loop.rank(), loop.tile(), ranges, notLast);
      case Node.Iterate loop -> steps(loop, loop.rank(), Size.of(1), ranges, notLast);
      case Node.Pipeline loop -> steps(loop, loop.rank(), loop.tile(), ranges, notLast);
      case Node.Last last ->
          notLast.contains(last.rank()) ? Map.of() : peak(last.body(), ranges, notLast);
      case Node.Keep keep -> {
        Map<LevelName, Long> below = new HashMap<>(peak(keep.body(), ranges, notLast));
        long own = words(keep, ranges);
        largest.merge(keep, own, Math::max);
        below.merge(keep.level(), own, Math::addExact);
        yield below;
      }
      case Node.Par par -> all(par, ranges, notLast, true);
      case Node.Seq _, Node.Interleave _, Node.Stage _ -> all(node, ranges, notLast, false);
      case Node.Compute _ -> Map.of();
    };
  }

  private Map<LevelName, Long> all(
      Node node, CurrentRanges ranges, List<RankName> notLast, boolean adds) {
    Map<LevelName, Long> merged = new HashMap<>();
    for (Node part : node.children()) {
      peak(part, ranges, notLast)
          .forEach((level, n) -> merged.merge(level, n, adds ? Math::addExact : Math::max));
    }
    return merged;
  }

  private Map<LevelName, Long> steps(
      Node loop, RankName rank, Size size, CurrentRanges ranges, List<RankName> notLast) {
    if (Tree.isNest(loop)) {
      return Map.of();
    }
    int number = parts.space().number(rank);
    long tile = parts.problem().value(size);
    long tiles = Math.ceilDiv(ranges.extent[number], tile);
    Map<LevelName, Long> merged = new HashMap<>();
    for (long at = 0; at < tiles; at++) {
      CurrentRanges inside = new CurrentRanges(parts.space());
      inside.take(ranges);
      inside.narrow(number, tile, at);
      List<RankName> ends = new ArrayList<>(notLast);
      ends.remove(rank);
      if (at < tiles - 1) {
        ends.add(rank);
      }
      peak(loop.children().getFirst(), inside, ends)
          .forEach((level, n) -> merged.merge(level, n, Math::max));
    }
    return merged;
  }

  private long words(Node.Keep keep, CurrentRanges ranges) {
    if (keep.inPlaceOf().isPresent()) {
      return 0;
    }
    List<FullestTile> own =
        tiles.computeIfAbsent(
            keep, k -> k.tensors().stream().map(tensor -> fullest.of(k, tensor)).toList());
    long copies = parts.problem().value(keep.copies()) * (keep.doubleBuffered() ? 2 : 1);
    long words = 0;
    for (int i = 0; i < own.size(); i++) {
      long generations = Generations.held(parts, keep, keep.tensors().get(i));
      words =
          Math.addExact(words, Math.multiplyExact(own.get(i).words(ranges), copies * generations));
    }
    return words;
  }
}
