package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.mapper.schedule.Projection;
import java.util.List;
import java.util.Optional;

/**
 * A summand of the counts.
 *
 * @param output position of what is counted among the plan's outputs
 * @param factor what an iteration counts, negative where a class of iterations is taken out again
 * @param path over which iterations
 * @param condition which of them have a point to do; empty when all have
 * @param skipped which of them are entries of a keep below a loop that skips; empty without one
 * @param entries of tables, over whose values the count is a mean
 * @param own what points are counted by that are not told apart and read entries of their own
 * @param mapped parts of a tile of which each iteration counts the words, where it is
 * @param sliding the one of them that slides along the last loop of the path
 */
record Term(
    int output,
    long factor,
    Path path,
    Optional<Condition> condition,
    Optional<Entries> skipped,
    List<Draws.Draw> entries,
    Optional<OwnEntries.Key> own,
    List<MappedPart> mapped,
    Optional<Projection.Part.Window> sliding) {

  Term(int output, long factor, Path path, Optional<Condition> condition) {
    this(
        output,
        factor,
        path,
        condition,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** The same over entries of a keep below a loop that skips. */
  Term over(Optional<Entries> visited) {
    return new Term(output, factor, path, condition, visited, entries, own, mapped, sliding);
  }

  /** Whether it counts a mean, which need not be whole. */
  boolean isExpected() {
    return !entries.isEmpty();
  }

  /** Whether it is the same wherever the place is from which it is counted. */
  boolean isAlikeEverywhere() {
    return condition.isEmpty() && skipped.isEmpty() && mapped.isEmpty();
  }
}
