package dev.weir.opencl.plain;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Cuts a cascade into what must run together: an Einsum alone, or all that share an iteration. */
final class Regions {

  /** Einsums that run together. */
  sealed interface Region {

    /** One Einsum. */
    record Single(Einsum einsum) implements Region {}

    /**
     * An iteration.
     *
     * @param rank along which
     * @param states tensors that have generations along it
     * @param steps what runs in each step, in order
     * @param after what reads the last generation
     */
    record Iteration(RankName rank, List<Tensor> states, List<Einsum> steps, List<Einsum> after)
        implements Region {}
  }

  private final Cascade cascade;
  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, Einsum> producers = new HashMap<>();

  private Regions(Cascade cascade) {
    this.cascade = cascade;
    this.tensors = cascade.tensorsByName();
    placed(cascade).forEach(einsum -> producers.put(einsum.output().tensor(), einsum));
  }

  /** Einsums that a schedule places: initial ones belong to keeps. */
  static Stream<Einsum> placed(Cascade cascade) {
    return cascade.einsums().stream().filter(einsum -> !einsum.isInitial());
  }

  /** In an order in which each reads what earlier ones made. */
  static List<Region> of(Cascade cascade) {
    return new Regions(cascade).regions();
  }

  private List<Region> regions() {
    Map<Einsum, RankName> stepOf = new HashMap<>();
    Map<Einsum, RankName> afterOf = new HashMap<>();
    for (RankName rank : cascade.iterativeRanks()) {
      Set<Einsum> steps = steps(rank);
      steps.forEach(einsum -> stepOf.put(einsum, rank));
      placed(cascade)
          .filter(einsum -> !steps.contains(einsum) && readsLast(einsum, rank))
          .forEach(einsum -> afterOf.put(einsum, rank));
    }
    List<Region> regions = new ArrayList<>();
    Set<RankName> done = new HashSet<>();
    List<Einsum> left = new ArrayList<>(placed(cascade).toList());
    Set<TensorName> made = new HashSet<>();
    while (!left.isEmpty()) {
      Einsum next =
          left.stream()
              .filter(einsum -> isReady(einsum, stepOf, afterOf, made))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("no Einsum of " + left + " can run"));
      Optional<RankName> rank = Optional.ofNullable(stepOf.getOrDefault(next, afterOf.get(next)));
      List<Einsum> together =
          rank.map(
                  r ->
                      placed(cascade)
                          .filter(e -> r.equals(stepOf.get(e)) || r.equals(afterOf.get(e)))
                          .toList())
              .orElse(List.of(next));
      regions.add(
          rank.filter(done::add)
              .map(r -> iteration(r, together, stepOf))
              .orElseGet(() -> new Region.Single(next)));
      left.removeAll(together);
      together.forEach(einsum -> made.add(einsum.output().tensor()));
    }
    return regions;
  }

  private Region iteration(RankName rank, List<Einsum> together, Map<Einsum, RankName> stepOf) {
    List<Tensor> states =
        cascade.tensors().stream()
            .filter(tensor -> tensor.generations().equals(Optional.of(rank)))
            .toList();
    return new Region.Iteration(
        rank,
        states,
        together.stream().filter(einsum -> rank.equals(stepOf.get(einsum))).toList(),
        together.stream().filter(einsum -> !rank.equals(stepOf.get(einsum))).toList());
  }

  /** Whether all that it, and all that runs with it, reads from outside has been made. */
  private boolean isReady(
      Einsum einsum,
      Map<Einsum, RankName> stepOf,
      Map<Einsum, RankName> afterOf,
      Set<TensorName> made) {
    RankName rank = stepOf.getOrDefault(einsum, afterOf.get(einsum));
    Set<Einsum> together = new LinkedHashSet<>(List.of(einsum));
    if (rank != null) {
      placed(cascade)
          .filter(e -> rank.equals(stepOf.get(e)) || rank.equals(afterOf.get(e)))
          .forEach(together::add);
    }
    return together.stream()
        .flatMap(e -> e.reads().stream())
        .map(Access::tensor)
        .filter(producers::containsKey)
        .allMatch(t -> made.contains(t) || together.contains(producers.get(t)));
  }

  /**
   * What touches an old or a new generation, and what lies on a way from one of those to another.
   */
  private Set<Einsum> steps(RankName rank) {
    Set<Einsum> steps = new LinkedHashSet<>();
    placed(cascade).filter(einsum -> touches(einsum, rank)).forEach(steps::add);
    Set<Einsum> between = new LinkedHashSet<>(steps);
    for (Einsum einsum : placed(cascade).toList()) {
      boolean follows = reaches(einsum, steps, new HashSet<>());
      boolean precedes = steps.stream().anyMatch(s -> reaches(s, Set.of(einsum), new HashSet<>()));
      if (follows && precedes) {
        between.add(einsum);
      }
    }
    return between;
  }

  /** Whether what it reads comes, over any number of Einsums, from one of these. */
  private boolean reaches(Einsum einsum, Set<Einsum> wanted, Set<Einsum> seen) {
    return einsum.reads().stream()
        .map(access -> producers.get(access.tensor()))
        .filter(producer -> producer != null && seen.add(producer))
        .anyMatch(producer -> wanted.contains(producer) || reaches(producer, wanted, seen));
  }

  private boolean touches(Einsum einsum, RankName rank) {
    return Stream.concat(Stream.of(einsum.output()), einsum.reads().stream())
        .anyMatch(
            access ->
                generation(access, rank)
                    .filter(i -> i instanceof Index.Coordinate || i instanceof Index.Next)
                    .isPresent());
  }

  private boolean readsLast(Einsum einsum, RankName rank) {
    return einsum.reads().stream()
        .anyMatch(
            access -> generation(access, rank).filter(Index.Last.class::isInstance).isPresent());
  }

  private Optional<Index> generation(Access access, RankName rank) {
    Tensor tensor = tensors.get(access.tensor());
    return tensor.generations().equals(Optional.of(rank))
        ? Optional.of(access.indices().get(tensor.ranks().indexOf(rank)))
        : Optional.empty();
  }
}
