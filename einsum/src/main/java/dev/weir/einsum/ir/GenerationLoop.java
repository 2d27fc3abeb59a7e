package dev.weir.einsum.ir;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Neighbouring Einsums that advance together along an iterative rank, one generation at a time. A
 * run of them ends before an Einsum that needs more of what the run makes than the steps so far.
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
    return new Nest(einsums, iterative).around();
  }

  /** Whether reads at a step of this loop need what its later steps make. */
  public boolean needsMore(List<Access> reads, List<Einsum> einsums) {
    return einsums.subList(first, end).stream()
        .map(Einsum::output)
        .anyMatch(made -> reads.stream().anyMatch(read -> isBeyond(read, made)));
  }

  private boolean isBeyond(Access read, Access made) {
    // A read with too few indices is reported for that, and says nothing of its generation.
    return read.tensor().equals(made.tensor())
        && read.indices().size() == made.indices().size()
        && IntStream.range(0, made.indices().size())
            .noneMatch(at -> isMade(read.indices().get(at), made.indices().get(at)));
  }

  private boolean isMade(Index read, Index made) {
    return switch (made) {
      case Index.Coordinate c -> c.rank().equals(rank) && isUpTo(read, 0);
      case Index.Next n -> n.rank().equals(rank) && isUpTo(read, 1);
      case Index.Joined j -> j.outer().equals(rank) && isUpTo(read, 0);
      case Index.Fixed _,
          Index.Last _,
          Index.Affine _,
          Index.HeadMap _,
          Index.Computed _,
          Index.Gathered _ ->
          false;
    };
  }

  private boolean isUpTo(Index read, long ahead) {
    return switch (read) {
      case Index.Coordinate c -> c.rank().equals(rank);
      case Index.Next n -> n.rank().equals(rank) && ahead == 1;
      case Index.Joined j -> j.outer().equals(rank);
      case Index.Affine a ->
          a.terms().equals(List.of(new Index.Term(1, rank))) && a.offset() <= ahead;
      case Index.Computed _, Index.Last _, Index.Fixed _, Index.HeadMap _, Index.Gathered _ ->
          false;
    };
  }

  /** Finds the loops of all Einsums. */
  private static final class Nest {

    private final List<Einsum> einsums;
    private final List<Set<RankName>> open = new ArrayList<>();
    private final List<List<GenerationLoop>> loops = new ArrayList<>();

    Nest(List<Einsum> einsums, Set<RankName> iterative) {
      this.einsums = einsums;
      for (Einsum einsum : einsums) {
        open.add(iterative.isEmpty() ? Set.of() : open(einsum, iterative));
        loops.add(new ArrayList<>());
      }
    }

    private static Set<RankName> open(Einsum einsum, Set<RankName> iterative) {
      Set<RankName> ranks = einsum.iterationSpace();
      ranks.retainAll(iterative);
      return ranks;
    }

    List<List<GenerationLoop>> around() {
      enclose(0, einsums.size(), Set.of());
      return loops;
    }

    private void enclose(int first, int end, Set<RankName> outside) {
      int next = first;
      while (next < end) {
        Optional<GenerationLoop> loop = longest(next, end, outside);
        if (loop.isEmpty()) {
          next++;
          continue;
        }
        for (int place = next; place < loop.get().end(); place++) {
          loops.get(place).add(loop.get());
        }
        Set<RankName> inside = new HashSet<>(outside);
        inside.add(loop.get().rank());
        enclose(next, loop.get().end(), inside);
        next = loop.get().end();
      }
    }

    private Optional<GenerationLoop> longest(int first, int end, Set<RankName> outside) {
      Optional<GenerationLoop> longest = Optional.empty();
      for (RankName rank : open.get(first)) {
        if (!outside.contains(rank)) {
          int last = first + 1;
          while (last < end
              && open.get(last).contains(rank)
              && !new GenerationLoop(rank, first, last)
                  .needsMore(einsums.get(last).reads(), einsums)) {
            last++;
          }
          if (longest.isEmpty() || last > longest.get().end()) {
            longest = Optional.of(new GenerationLoop(rank, first, last));
          }
        }
      }
      return longest;
    }
  }
}
