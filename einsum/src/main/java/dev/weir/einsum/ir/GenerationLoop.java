package dev.weir.einsum.ir;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Neighbouring Einsums that advance together along an iterative rank, one generation at a time.
 *
 * @param rank the iterative rank
 * @param first place of the first of them in its cascade
 * @param end place after the last one
 */
public record GenerationLoop(RankName rank, int first, int end) {

  /**
   * The loops around each Einsum, outermost first. Of several iterative ranks the one that most
   * neighbours have in common is outside; of those, the one that stands first in the Einsum.
   *
   * @param iterative ranks along which some tensor is iterative
   */
  public static List<List<GenerationLoop>> around(List<Einsum> einsums, Set<RankName> iterative) {
    List<Set<RankName>> open = new ArrayList<>();
    List<List<GenerationLoop>> loops = new ArrayList<>();
    for (Einsum einsum : einsums) {
      Set<RankName> ranks = einsum.iterationSpace();
      ranks.retainAll(iterative);
      open.add(ranks);
      loops.add(new ArrayList<>());
    }
    enclose(open, 0, open.size(), Set.of(), loops);
    return loops;
  }

  private static void enclose(
      List<Set<RankName>> open,
      int first,
      int end,
      Set<RankName> outside,
      List<List<GenerationLoop>> loops) {
    int next = first;
    while (next < end) {
      Optional<GenerationLoop> loop = longest(open, next, end, outside);
      if (loop.isEmpty()) {
        next++;
        continue;
      }
      for (int place = next; place < loop.get().end(); place++) {
        loops.get(place).add(loop.get());
      }
      Set<RankName> inside = new HashSet<>(outside);
      inside.add(loop.get().rank());
      enclose(open, next, loop.get().end(), inside, loops);
      next = loop.get().end();
    }
  }

  private static Optional<GenerationLoop> longest(
      List<Set<RankName>> open, int first, int end, Set<RankName> outside) {
    Optional<GenerationLoop> longest = Optional.empty();
    for (RankName rank : open.get(first)) {
      if (outside.contains(rank)) {
        continue;
      }
      int last = first + 1;
      while (last < end && open.get(last).contains(rank)) {
        last++;
      }
      if (longest.isEmpty() || last > longest.get().end()) {
        longest = Optional.of(new GenerationLoop(rank, first, last));
      }
    }
    return longest;
  }
}
