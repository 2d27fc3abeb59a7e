package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/** What is kept fits. */
final class CapacityRule {

  private static final int SHOWN = 4;

  /** Words that one keep allocates for one tensor. */
  private record Share(Site site, TensorName tensor, long words) {}

  private final Placement placement;
  private final Violations violations;

  private CapacityRule(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    CapacityRule rule = new CapacityRule(placement, violations);
    Map<LevelName, Long> peak =
        Occupancy.peak(
            placement.problem,
            placement.facts,
            placement.residence,
            placement.root,
            placement.firstRanges(placement.root));
    for (MemoryLevel level : placement.problem.architecture().levels()) {
      long kept = peak.getOrDefault(level.name(), 0L);
      level
          .capacityWords()
          .filter(capacity -> kept > capacity)
          .ifPresent(capacity -> rule.exceeded(level.name(), capacity, kept));
    }
  }

  private void exceeded(LevelName level, long capacity, long kept) {
    List<Share> shares = shares(level);
    String largest =
        shares.stream()
            .limit(SHOWN)
            .map(share -> share.tensor() + " " + share.words())
            .collect(Collectors.joining(", "));
    Share fullest = shares.getFirst();
    violations.add(
        Violation.Reason.CAPACITY,
        fullest.site(),
        new Violation.Subject.Word(fullest.tensor().text(), false),
        "%s holds %d words, the schedule needs %d there (got %s%s, expected at most %d)"
            .formatted(
                level, capacity, kept, largest, shares.size() > SHOWN ? ", ..." : "", capacity),
        Optional.of(
            parameterThatFits(level, capacity)
                .or(() -> tileThatFits(shares, level, capacity))
                .orElseGet(() -> smallerTile(fullest.site(), fullest.tensor()))));
  }

  /**
   * The largest tile with which the level holds everything, of a loop around a keep over a rank of
   * what it keeps: the fullest keep first, its nearest loop first.
   */
  private Optional<String> tileThatFits(List<Share> shares, LevelName level, long capacity) {
    return shares.stream()
        .flatMap(
            share ->
                placement
                    .loopsAround(share.site())
                    .filter(loop -> placement.facts.has(share.tensor(), loop.rank()))
                    .filter(CapacityRule::mayBeRetiled))
        .distinct()
        .flatMap(loop -> tileThatFits(loop, level, capacity).stream())
        .findFirst();
  }

  private Optional<String> tileThatFits(Loop loop, LevelName level, long capacity) {
    long got = Math.min(loop.tile(), placement.firstRanges(loop.site()).extent(loop.rank()));
    LongPredicate fits =
        tile ->
            Occupancy.peak(Retiling.with(placement.problem, loop.site(), tile))
                    .getOrDefault(level, 0L)
                <= capacity;
    long largest = mapsHeads(loop.rank()) ? largestOfAll(got, fits) : largest(got, fits);
    return Optional.of(
            "largest tile of '%s' that fits is %d (got %d)"
                .formatted(loop.site(), largest, loop.tile()))
        .filter(_ -> largest > 0);
  }

  /** A spatial loop with smaller tiles is wider, and an iterate has steps of one. */
  private static boolean mayBeRetiled(Loop loop) {
    return switch (loop.site().node()) {
      case Node.For _, Node.Pipeline _ -> true;
      case Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          false;
    };
  }

  private boolean mapsHeads(RankName rank) {
    return placement.problem.cascade().tensors().stream()
        .flatMap(tensor -> placement.facts.projection(tensor.name()).parts().stream())
        .anyMatch(part -> part instanceof Projection.Part.HeadMap map && map.rank().equals(rank));
  }

  /** Where a larger tile of heads may touch fewer key heads, each value is tried. */
  private static long largestOfAll(long limit, LongPredicate fits) {
    long value = limit - 1;
    while (value > 0 && !fits.test(value)) {
      value--;
    }
    return value;
  }

  /** The largest value below a limit that fits, 0 if none does; larger ones take more room. */
  private static long largest(long limit, LongPredicate fits) {
    long below = 0;
    long above = limit;
    while (above - below > 1) {
      long middle = (below + above) / 2;
      if (fits.test(middle)) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return below;
  }

  /** The rank of the tensor that has most coordinates at the keep is the one to split further. */
  private String smallerTile(Site site, TensorName tensor) {
    Ranges ranges = placement.firstRanges(site);
    return Ranges.ranks(placement.problem.cascade()).stream()
        .filter(rank -> placement.facts.has(tensor, rank) && ranges.found(rank).isPresent())
        .max(Comparator.comparingLong(ranges::extent))
        .filter(rank -> ranges.extent(rank) > 1)
        .map(
            rank ->
                "keep smaller tiles of %s: it has %d of %s here"
                    .formatted(tensor, ranges.extent(rank), rank))
        .orElse("keep " + tensor + " at another level");
  }

  private List<Share> shares(LevelName level) {
    List<Share> shares = new ArrayList<>();
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Keep keep && keep.level().equals(level)) {
        for (TensorName tensor : keep.tensors()) {
          long words =
              placement.residence.allocatedWords(site, keep, tensor, placement.firstRanges(site));
          shares.add(new Share(site, tensor, words));
        }
      }
    }
    shares.sort(Comparator.comparingLong(Share::words).reversed());
    return shares;
  }

  /** The largest value of a single parameter with which the level holds everything. */
  private Optional<String> parameterThatFits(LevelName level, long capacity) {
    for (Map.Entry<String, Long> parameter :
        placement.problem.schedule().parameters().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .toList()) {
      long largest =
          largest(
              parameter.getValue(), value -> kept(parameter.getKey(), value, level) <= capacity);
      if (largest > 0) {
        return Optional.of(
            "largest legal %s is %d (got %d)"
                .formatted(parameter.getKey(), largest, parameter.getValue()));
      }
    }
    return Optional.empty();
  }

  private long kept(String parameter, long value, LevelName level) {
    Problem changed = placement.problem.with(Map.of(parameter, value));
    return Occupancy.peak(changed).getOrDefault(level, 0L);
  }
}
