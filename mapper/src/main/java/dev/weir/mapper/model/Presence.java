package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.TensorName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What decides which points of a compute are present: coordinates and shapes, and entries of tables
 * of which it is known how they are drawn. Counts are means of all runs, or they bound every run:
 * never some the one and some the other.
 */
final class Presence {

  private final DrawnLoops drawn;
  private final boolean holdsAlways;
  private final Set<TensorName> undecided = new TreeSet<>();

  private Presence(DrawnLoops drawn, boolean holdsAlways) {
    this.drawn = drawn;
    this.holdsAlways = holdsAlways;
  }

  /** Counts the expected points wherever tables decide; some may stay undecided. */
  static Presence expected(DrawnLoops drawn) {
    return new Presence(drawn, false);
  }

  /** Counts conditions on tables as always true. */
  static Presence always(DrawnLoops drawn) {
    return new Presence(drawn, true);
  }

  /** Einsums of whose points it is not known how many are present in the mean. */
  Set<TensorName> undecided() {
    return undecided;
  }

  /** What decides whether points are absent, as far as that is counted. */
  Optional<Condition> condition(ComputeSite compute) {
    Optional<Condition> said = compute.einsum().condition();
    Optional<Condition> decided =
        said.filter(condition -> !holdsAlways || Draws.entries(condition).isEmpty())
            .flatMap(drawn::decided);
    if (said.isPresent() && decided.isEmpty()) {
      undecided.add(compute.einsum().output().tensor());
    }
    return decided;
  }

  /**
   * A summand over the present points of a compute.
   *
   * @param condition of the compute, maybe together with others over coordinates
   */
  Term term(
      ComputeSite compute, int output, long factor, Path path, Optional<Condition> condition) {
    List<Draws.Draw> entries =
        holdsAlways || condition.isEmpty()
            ? List.of()
            : compute.einsum().condition().map(drawn::entries).orElse(List.of());
    if (entries.isEmpty()) {
      return new Term(output, factor, path, condition, List.of());
    }
    Optional<Path> inBlocks = drawn.path(path, entries, condition.get());
    if (inBlocks.isEmpty()) {
      undecided.add(compute.einsum().output().tensor());
    }
    return new Term(output, factor, inBlocks.orElse(path), condition, drawn.groups(entries));
  }
}
