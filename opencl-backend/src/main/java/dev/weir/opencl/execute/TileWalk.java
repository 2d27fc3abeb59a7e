package dev.weir.opencl.execute;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.execute.RankLoops.Iteration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Elements of a tile that a kernel visits as it fills, stores, begins or finishes it.
 *
 * @param digits parts of coordinates that choose a work-item or a lane
 * @param isPadded whether uses spread it differently, so that it has more places
 * @param endsHard whether what the last work-item holds beyond the end of the tile is passed over
 * @param lane the rank on lanes around
 */
record TileWalk(
    TensorName tensor,
    CascadeRoles roles,
    List<Digit> digits,
    boolean isPadded,
    boolean endsHard,
    boolean isExact,
    Optional<RankName> lane) {

  /** Which places count. */
  enum Bound {
    NONE,
    /** Those whose vector begins before all hard limits. */
    HARD,
    /** Those before all hard limits. */
    HARD_BY_LANE,
    /** Those before all limits. */
    ALL,
    /** Those whose vector begins before all limits. */
    GLOBAL
  }

  /**
   * Tiles of a rank on work-items or lanes.
   *
   * @param item dimension of work-items; nothing for lanes
   */
  record Digit(RankName rank, long tile, long count, Optional<Integer> item) {}

  TileWalk {
    digits = List.copyOf(digits);
  }

  /** The same where another tile's places follow those of this one. */
  TileWalk endingHard() {
    return new TileWalk(tensor, roles, digits, isPadded, true, isExact, lane);
  }

  /** Which stores happen to a home. */
  Bound mask(Surroundings.Home home) {
    return switch (home.space()) {
      case GLOBAL -> Bound.ALL;
      case LOCAL, PRIVATE -> home.lanes() > 1 ? Bound.HARD : Bound.HARD_BY_LANE;
    };
  }

  boolean hasLanes() {
    return digits.stream().anyMatch(digit -> digit.item().isEmpty())
        || lane.filter(roles.rankVariables(tensor)::contains).isPresent();
  }

  /** Places visited along the ranks of an iteration. */
  long places(Iteration iteration, Bound bound) {
    return parts(iteration).stream()
        .mapToLong(part -> places(part, bound))
        .reduce(1, Math::multiplyExact);
  }

  /** Places in memory, of one work-item and vector. */
  long stored(Iteration iteration) {
    return parts(iteration).stream().mapToLong(this::stored).reduce(1, Math::multiplyExact);
  }

  /** A rank of the tensor at an iteration. */
  private record Part(Span span, List<Digit> digits) {}

  private List<Part> parts(Iteration iteration) {
    List<Part> parts = new ArrayList<>();
    Tensor own = roles.tensor(tensor);
    for (RankName rank : own.ranks()) {
      Optional<Partition> split = roles.partitionOfParent(rank);
      Span span = iteration.spans().get(rank);
      if (own.generations().equals(Optional.of(rank))) {
        continue;
      }
      if (span != null && split.isEmpty()) {
        parts.add(new Part(span, digits(rank)));
      } else if (split.isPresent() && iteration.spans().containsKey(split.get().outer())) {
        parts.add(new Part(joined(iteration, split.get()), digits(split.get())));
      }
    }
    return parts;
  }

  private List<Digit> digits(RankName rank) {
    return digits.stream().filter(digit -> digit.rank().equals(rank)).toList();
  }

  private List<Digit> digits(Partition split) {
    long inner = roles.shape(split.inner());
    List<Digit> all = new ArrayList<>(digits(split.inner()));
    digits(split.outer())
        .forEach(d -> all.add(new Digit(d.rank(), d.tile() * inner, d.count(), d.item())));
    return all;
  }

  private Span joined(Iteration iteration, Partition split) {
    Span outer = iteration.spans().get(split.outer());
    Span inner = iteration.spans().get(split.inner());
    long shape = roles.shape(split.inner());
    long parent = roles.shape(split.parent());
    long origin = (outer.base() + outer.lane()) * shape;
    if (outer.extent() == 1) {
      Span within =
          new Span(
              origin + inner.base(),
              inner.lane(),
              inner.extent(),
              inner.soft().stream().map(limit -> origin + limit).toList(),
              inner.hard().stream().map(limit -> origin + limit).toList());
      if (isExact) {
        return within.at(within.base(), Math.min(within.extent(), parent - within.base()));
      }
      return parent % shape == 0 ? within : within.withLimit(parent, false);
    }
    Span whole = new Span(origin, 0, outer.extent() * shape, List.of(), List.of());
    return isExact
        ? whole.at(origin, Math.min(whole.extent(), parent - origin))
        : whole.withLimit(parent, false);
  }

  private long stored(Part part) {
    long stored = part.span().extent();
    List<Digit> outerFirst =
        part.digits().stream().sorted(Comparator.comparingLong(Digit::tile).reversed()).toList();
    for (Digit digit : outerFirst) {
      long span = digit.tile() * digit.count();
      stored = stored / span * digit.tile() + Math.min(stored % span, digit.tile());
    }
    return isPadded && stored > 1 ? Math.ceilDiv(stored, 16L) * 16 + 16 : stored;
  }

  private long places(Part part, Bound bound) {
    if (isExact) {
      return part.span().extent();
    }
    long stored = stored(part);
    long covered = stored;
    for (Digit digit : part.digits()) {
      covered *= digit.count();
    }
    Span span = part.span();
    if (covered > span.extent()) {
      boolean onItems = part.digits().stream().anyMatch(digit -> digit.item().isPresent());
      long end = span.base() + span.lane() + span.extent();
      span = span.withLimit(end, endsHard && onItems);
    }
    long count = 0;
    for (long place = 0; place < covered; place++) {
      count += isVisited(place, span, part, bound) ? 1 : 0;
    }
    return count;
  }

  private static boolean isVisited(long place, Span span, Part part, Bound bound) {
    long onLane = 0;
    for (Digit digit : part.digits()) {
      if (digit.item().isEmpty()) {
        onLane = place / digit.tile() % digit.count() * digit.tile();
      }
    }
    long vector = span.base() + place - onLane;
    long own = span.base() + span.lane() + place;
    boolean beginsBefore = span.hard().stream().allMatch(limit -> vector < limit);
    boolean isBefore = span.hard().stream().allMatch(limit -> own < limit);
    boolean isBeforeAll = isBefore && span.soft().stream().allMatch(limit -> own < limit);
    return switch (bound) {
      case NONE -> true;
      case HARD -> beginsBefore;
      case HARD_BY_LANE -> beginsBefore && isBefore;
      case ALL -> isBeforeAll;
      case GLOBAL -> beginsBefore && span.soft().stream().allMatch(limit -> vector < limit);
    };
  }
}
