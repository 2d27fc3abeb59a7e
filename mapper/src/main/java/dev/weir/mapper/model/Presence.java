package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.TensorName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

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

  /**
   * What decides which points count.
   *
   * @param condition empty where all do
   * @param entries of tables, whose values are coordinates in it
   */
  record Decided(Optional<Condition> condition, List<Draws.Draw> entries) {}

  /**
   * What decides which points of a compute there are, and fulfil some more, as far as that is
   * counted.
   */
  Decided of(ComputeSite compute, List<Condition> more) {
    List<Condition> all =
        Stream.concat(compute.einsum().condition().stream(), more.stream()).toList();
    List<Condition> parts =
        all.stream().filter(part -> !holdsAlways || Draws.entries(part).isEmpty()).toList();
    Optional<Condition> said =
        parts.size() > 1 ? Optional.of(new Condition.All(parts)) : parts.stream().findFirst();
    Optional<Condition> decided = said.flatMap(drawn::decided);
    if (parts.size() < all.size() || decided.isPresent() != said.isPresent()) {
      undecided.add(compute.einsum().output().tensor());
    }
    return new Decided(decided, decided.isEmpty() ? List.of() : drawn.entries(said.orElseThrow()));
  }

  /** A summand over the present points of a compute. */
  Term term(ComputeSite compute, int output, long factor, Path path, Decided present) {
    List<Draws.Draw> entries = present.entries();
    if (entries.isEmpty()) {
      return new Term(output, factor, path, present.condition());
    }
    Condition condition = present.condition().orElseThrow();
    boolean isMerged = drawn.mergesEntries(path, entries);
    Optional<OwnEntries.Key> own =
        isMerged ? drawn.ownEntries(path, entries, condition) : Optional.empty();
    if (isMerged && own.isEmpty()) {
      undecided.add(compute.einsum().output().tensor());
    }
    Path over = isMerged ? path : drawn.path(path, condition);
    return new Term(
        output,
        factor,
        over,
        present.condition(),
        Optional.empty(),
        entries,
        own,
        List.of(),
        Optional.empty());
  }
}
