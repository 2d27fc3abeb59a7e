package dev.weir.cli.experiment;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Puts cascade, schedule, machine and shapes together, after a look at whether they can be. */
public final class Problems {

  private Problems() {}

  /**
   * One problem.
   *
   * @param shapes may have ranks that the cascade lacks
   * @param origin where shapes were given, for messages
   * @throws InvalidInputException when a rank has no shape
   */
  public static Problem of(
      Cascade cascade,
      Schedule schedule,
      Architecture architecture,
      Map<RankName, Long> shapes,
      String origin) {
    return Problem.of(cascade, schedule, architecture, workload(cascade, shapes, origin));
  }

  /**
   * The shapes of a cascade's own ranks, and of inner parts that it gives one by default.
   *
   * @throws InvalidInputException when one is missing
   */
  public static Map<RankName, Long> workload(
      Cascade cascade, Map<RankName, Long> shapes, String origin) {
    NavigableSet<RankName> missing = missing(cascade, shapes.keySet());
    if (!missing.isEmpty()) {
      throw new InvalidInputException(
          "%s: error: %s%n    fix: %s%n"
              .formatted(
                  origin,
                  missingMessage(cascade, missing, shapes.keySet()),
                  missing.stream().map(rank -> rank + "=…").collect(Collectors.joining(","))));
    }
    Map<RankName, Long> workload = new TreeMap<>(cascade.defaultShapes());
    workload.putAll(shapes);
    Set<RankName> known = wholeRanks(cascade);
    // An inner part may have a default, which holds until a schedule binds it.
    cascade.partitions().forEach(split -> known.add(split.inner()));
    workload.keySet().retainAll(known);
    return workload;
  }

  /** Ranks of a cascade that need a shape and have none. */
  static NavigableSet<RankName> missing(Cascade cascade, Collection<RankName> given) {
    NavigableSet<RankName> missing = wholeRanks(cascade);
    missing.removeAll(given);
    missing.removeAll(cascade.defaultShapes().keySet());
    return missing;
  }

  /** That shapes are missing, in one sentence. */
  static String missingMessage(
      Cascade cascade, NavigableSet<RankName> missing, Collection<RankName> given) {
    return "cascade %s has no shape for %s (got %s, expected also %s)"
        .formatted(
            cascade.name(),
            join(missing),
            given.isEmpty() ? "none" : join(new TreeSet<>(given)),
            join(missing));
  }

  /** Refuses ranks that no cascade has; a misspelt one would otherwise be silently unused. */
  public static void refuseUnknown(
      Collection<Cascade> cascades, Map<RankName, Long> shapes, String origin) {
    String mistakes =
        new TreeSet<>(shapes.keySet())
            .stream()
                .flatMap(rank -> mistake(rank, cascades).stream())
                .map(mistake -> origin + ": error: " + mistake)
                .collect(Collectors.joining());
    if (!mistakes.isEmpty()) {
      throw new InvalidInputException(mistakes);
    }
  }

  /** Why a workload gives no shape for a rank, and what to do; nothing when it does. */
  private static Optional<String> mistake(RankName rank, Collection<Cascade> cascades) {
    NavigableSet<RankName> known = known(cascades);
    if (cascades.stream().anyMatch(cascade -> cascade.derivedShapes().containsKey(rank))) {
      return Optional.of(
          "the shape of %s follows from others (got one for it, expected one of %s)%n    fix: leave out %s%n"
              .formatted(rank, join(known), rank));
    }
    if (known.contains(rank)) {
      return Optional.empty();
    }
    Optional<Partition> split =
        cascades.stream()
            .flatMap(cascade -> cascade.partitions().stream())
            .filter(parts -> parts.inner().equals(rank) || parts.outer().equals(rank))
            .findFirst();
    if (split.isPresent()) {
      return Optional.of(
          "%s is a part of %s, which a schedule divides (got a shape for it, expected one of %s)%n    fix: leave out %s%n"
              .formatted(rank, split.get().parent(), join(known), rank));
    }
    String fix =
        Spelling.nearest(rank.text(), known.stream().map(RankName::text).toList())
            .orElse("leave out " + rank);
    return Optional.of(
        "unknown rank %s (got %s, expected one of %s)%n    fix: %s%n"
            .formatted(rank, rank, join(known), fix));
  }

  /** Ranks that at least one of some cascades needs a shape for. */
  static NavigableSet<RankName> known(Collection<Cascade> cascades) {
    NavigableSet<RankName> known = new TreeSet<>();
    cascades.forEach(cascade -> known.addAll(wholeRanks(cascade)));
    return known;
  }

  /** Ranks that a workload has shapes for. */
  public static NavigableSet<RankName> wholeRanks(Cascade cascade) {
    return new TreeSet<>(cascade.workloadRanks());
  }

  private static String join(Collection<RankName> ranks) {
    return ranks.stream().map(RankName::text).collect(Collectors.joining(", "));
  }
}
