package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.RankName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Coordinates of one rank where a condition may hold, given those of the ranks outside it, as runs
 * in rising order. There may be too many, but none is missing: the condition itself decides.
 */
sealed interface Candidates
    permits Candidates.Everything,
        Candidates.Intersection,
        Candidates.Union,
        CoordinateBounds,
        RemainderRuns {

  /** What {@link #from} answers when there are no more. */
  long NONE = Long.MAX_VALUE;

  /** Works them out at a point; the place of the coordinate in the point is overwritten. */
  void locate(long[] point);

  /**
   * The first candidate that is not before a coordinate.
   *
   * @param limit one past the last coordinate that is asked for; what lies beyond may be any number
   *     from there on
   */
  long from(long coordinate, long limit);

  /** One past the last coordinate of a run of candidates, given one of them. */
  long until(long candidate);

  /**
   * Those of a condition.
   *
   * @param condition in negation normal form
   * @param unknown ranks whose coordinates are chosen later
   */
  static Candidates of(
      Condition condition, RankName rank, Set<RankName> unknown, PointCompiler compiler) {
    return switch (condition) {
      case Condition.Compare compare -> of(compare, rank, unknown, compiler);
      case Condition.All all ->
          Intersection.of(
              all.parts().stream().map(part -> of(part, rank, unknown, compiler)).toList());
      case Condition.Any any ->
          Union.of(any.parts().stream().map(part -> of(part, rank, unknown, compiler)).toList());
      case Condition.Not not ->
          throw new IllegalArgumentException("not in negation normal form: " + not);
    };
  }

  private static Candidates of(
      Condition.Compare compare, RankName rank, Set<RankName> unknown, PointCompiler compiler) {
    boolean isKnown =
        unknown.stream()
            .noneMatch(later -> compare.left().reads(later) || compare.right().reads(later));
    if (!isKnown) {
      return new Everything();
    }
    return CoordinateBounds.of(compare, rank, compiler)
        .<Candidates>map(bounds -> bounds)
        .or(() -> RemainderRuns.of(compare, rank, compiler))
        .orElseGet(Everything::new);
  }

  /** All coordinates. */
  record Everything() implements Candidates {

    @Override
    public void locate(long[] point) {
      // They are the same everywhere.
    }

    @Override
    public long from(long coordinate, long limit) {
      return coordinate;
    }

    @Override
    public long until(long candidate) {
      return Long.MAX_VALUE;
    }
  }

  /** Candidates of all of several conditions. */
  record Intersection(List<Candidates> parts) implements Candidates {
    public Intersection {
      parts = List.copyOf(parts);
    }

    static Candidates of(List<Candidates> parts) {
      List<Candidates> narrowing =
          parts.stream().filter(part -> !(part instanceof Everything)).toList();
      if (narrowing.isEmpty()) {
        return new Everything();
      }
      return narrowing.size() == 1 ? narrowing.getFirst() : new Intersection(narrowing);
    }

    @Override
    public void locate(long[] point) {
      for (int i = 0; i < parts.size(); i++) {
        parts.get(i).locate(point);
      }
    }

    @Override
    public long from(long coordinate, long limit) {
      long found = coordinate;
      int agreed = 0;
      for (int i = 0; agreed < parts.size(); i = (i + 1) % parts.size()) {
        long next = parts.get(i).from(found, limit);
        if (next >= limit) {
          // Without a limit, remainders that never meet would be looked for forever.
          return NONE;
        }
        agreed = next == found ? agreed + 1 : 1;
        found = next;
      }
      return found;
    }

    @Override
    public long until(long candidate) {
      long end = Long.MAX_VALUE;
      for (int i = 0; i < parts.size(); i++) {
        end = Math.min(end, parts.get(i).until(candidate));
      }
      return end;
    }
  }

  /** Candidates of any of several conditions. */
  record Union(List<Candidates> parts) implements Candidates {
    public Union {
      parts = List.copyOf(parts);
    }

    static Candidates of(List<Candidates> parts) {
      Optional<Candidates> everything =
          parts.stream().filter(part -> part instanceof Everything).findFirst();
      return everything.orElseGet(() -> new Union(parts));
    }

    @Override
    public void locate(long[] point) {
      for (int i = 0; i < parts.size(); i++) {
        parts.get(i).locate(point);
      }
    }

    @Override
    public long from(long coordinate, long limit) {
      long first = NONE;
      for (int i = 0; i < parts.size(); i++) {
        first = Math.min(first, parts.get(i).from(coordinate, limit));
      }
      return first;
    }

    @Override
    public long until(long candidate) {
      long end = candidate + 1;
      for (int i = 0; i < parts.size(); i++) {
        Candidates part = parts.get(i);
        if (part.from(candidate, candidate + 1) == candidate) {
          end = Math.max(end, part.until(candidate));
        }
      }
      return end;
    }
  }
}
