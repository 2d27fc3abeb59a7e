package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.mapper.schedule.Projection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Iterations of the loops around a place, and what of a tile each of them counts. */
final class Path {

  private final List<PlannedLoop> loops;
  private final int[] modes;
  private final Share[] shares;

  /**
   * @param loops from the root of the tree
   * @param modes how much of each loop counts, see {@link PathSum}; not modified
   * @param shares of a tensor, by group; not modified
   */
  Path(List<PlannedLoop> loops, int[] modes, Share[] shares) {
    this.loops = loops;
    this.modes = modes;
    this.shares = shares;
  }

  /** Counts less of one loop. */
  void count(int position, int mode) {
    modes[position] |= mode;
  }

  PlannedLoop loop(int position) {
    return loops.get(position);
  }

  /** How much of a loop counts, see {@link PathSum}. */
  int mode(int position) {
    return modes[position];
  }

  /**
   * The same points in blocks, for a count from the root.
   *
   * @param blocks loops of the same sizes over some groups, of which all points count, the largest
   *     first; they stand for all loops over these groups
   */
  Path inBlocks(List<List<PlannedLoop>> blocks) {
    Set<Integer> groups = new HashSet<>();
    blocks.forEach(ofGroup -> groups.add(ofGroup.getFirst().group()));
    int sizes = blocks.isEmpty() ? 0 : blocks.getFirst().size();
    List<PlannedLoop> over = new ArrayList<>();
    for (int size = 0; size < sizes - 1; size++) {
      for (List<PlannedLoop> ofGroup : blocks) {
        over.add(ofGroup.get(size));
      }
    }
    int first = over.size();
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < loops.size(); i++) {
      if (!groups.contains(loops.get(i).group())) {
        over.add(loops.get(i));
        kept.add(modes[i]);
      }
    }
    blocks.forEach(ofGroup -> over.add(ofGroup.getLast()));
    int[] counted = new int[over.size()];
    for (int i = 0; i < kept.size(); i++) {
      counted[first + i] = kept.get(i);
    }
    return new Path(over, counted, shares);
  }

  /** How many loops there are. */
  int depth() {
    return loops.size();
  }

  /** Marks of the loops, of those around a place, whose first iteration alone counts. */
  long firstMarks(int depth) {
    return marks(depth, PathSum.FIRST_TILE | PathSum.ANY_TILE);
  }

  /** Marks of those whose last iteration alone counts. */
  long lastMarks(int depth) {
    return marks(depth, PathSum.LAST_TILE);
  }

  private long marks(int depth, int mode) {
    long marks = 0;
    for (int i = 0; i < depth; i++) {
      marks |= (modes[i] & mode) == 0 ? 0 : loops.get(i).bit();
    }
    return marks;
  }

  /**
   * Iterations with a present point, of the loops over ranks that a condition couples.
   *
   * @param coupled by group
   */
  PresentPoints.Key present(Condition condition, boolean[] coupled) {
    List<PlannedLoop> over = new ArrayList<>();
    List<Integer> counted = new ArrayList<>();
    for (int i = 0; i < loops.size(); i++) {
      if (coupled[loops.get(i).group()]) {
        over.add(loops.get(i));
        counted.add(modes[i] & ~PathSum.IN_WAVES);
      }
    }
    return new PresentPoints.Key(condition, over, counted);
  }

  /**
   * Entries of a keep that are visited, with what its tensor has of the groups in which that is
   * decided.
   *
   * @param present what a point to be counted below an entry fulfils; empty where entries count
   * @param counted groups that are counted together
   * @param mapped what the tensor reads through affine indices or head maps over these
   */
  VisitedSum.Key visited(
      Entries entries,
      Optional<Condition> present,
      boolean[] counted,
      List<Projection.Part> mapped,
      Optional<Projection.Part.Window> sliding) {
    List<PlannedLoop> over = new ArrayList<>();
    List<Integer> modesOver = new ArrayList<>();
    int depth = 0;
    int entered = 0;
    for (int i = 0; i < loops.size(); i++) {
      if (counted[loops.get(i).group()]) {
        over.add(loops.get(i));
        modesOver.add(modes[i] & ~PathSum.IN_WAVES);
        depth += i < entries.visits().depth() ? 1 : 0;
        entered += i < entries.depth() ? 1 : 0;
      }
    }
    List<Integer> groups = new ArrayList<>();
    List<Share> sharesOver = new ArrayList<>();
    for (int group = 0; group < shares.length; group++) {
      if (counted[group]) {
        groups.add(group);
        sharesOver.add(shares[group]);
      }
    }
    return new VisitedSum.Key(
        entries.visits().condition(),
        present,
        groups,
        over,
        modesOver,
        depth,
        entered,
        sharesOver,
        mapped,
        sliding.filter(mapped::contains));
  }

  /**
   * The words of a part that is mapped, over all iterations.
   *
   * @param sliding a window that slides along the last loop, in this part or in another
   */
  MappedSum.Key mapped(MappedPart part, Optional<Projection.Part.Window> sliding) {
    List<PlannedLoop> over = new ArrayList<>();
    List<Integer> counted = new ArrayList<>();
    for (int i = 0; i < loops.size(); i++) {
      if (part.groups().contains(loops.get(i).group())) {
        over.add(loops.get(i));
        counted.add(modes[i]);
      }
    }
    List<Share> besides = part.groups().stream().sorted().map(group -> shares[group]).toList();
    return new MappedSum.Key(part, besides, over, counted, sliding.filter(part.parts()::contains));
  }

  /**
   * The factors of which the words of all tiles are the product.
   *
   * @param depth how many loops of the path are around the place from which it is counted
   */
  List<PathSum.Key> sums(int depth) {
    return sums(depth, new boolean[shares.length]);
  }

  /**
   * The same without some groups.
   *
   * @param left by group
   */
  List<PathSum.Key> sums(int depth, boolean[] left) {
    List<PathSum.Key> sums = new ArrayList<>();
    for (int group = 0; group < shares.length; group++) {
      if (left[group]) {
        continue;
      }
      List<PlannedLoop> ofGroup = new ArrayList<>();
      List<Integer> counted = new ArrayList<>();
      for (int i = depth; i < loops.size(); i++) {
        if (loops.get(i).group() == group) {
          ofGroup.add(loops.get(i));
          counted.add(modes[i]);
        }
      }
      if (!ofGroup.isEmpty() || shares[group] != Share.NONE) {
        sums.add(PathSum.key(group, ofGroup, counted, shares[group]));
      }
    }
    return sums;
  }
}
