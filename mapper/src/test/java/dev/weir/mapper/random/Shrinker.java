package dev.weir.mapper.random;

import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reduces a legal problem that fails a test to a small one that is still legal and still fails: as
 * long as some single cut leaves it so, that cut is made. Every cut makes something smaller and
 * nothing larger, so this ends.
 */
public final class Shrinker {

  private Shrinker() {}

  /**
   * A problem that no single cut can reduce.
   *
   * @param problem a legal one for which {@code fails} holds
   * @param fails whether the test fails; is asked legal problems only
   */
  public static Problem shrink(Problem problem, Predicate<Problem> fails) {
    Problem smallest = problem;
    while (true) {
      Optional<Problem> next =
          cuts(smallest).filter(cut -> Legality.judge(cut).isLegal()).filter(fails).findFirst();
      if (next.isEmpty()) {
        return smallest;
      }
      smallest = next.get();
    }
  }

  private static Stream<Problem> cuts(Problem problem) {
    Stream<Problem> cascades =
        CascadeReductions.of(problem.cascade())
            .flatMap(cascade -> Reduced.with(problem, cascade).stream());
    Stream<Problem> trees =
        new TreeReductions(problem.architecture())
            .of(problem.schedule().root())
            .flatMap(root -> Reduced.with(problem, root).stream());
    Stream<Problem> shapes =
        Reduced.shapedRanks(problem)
            .flatMap(
                rank ->
                    TreeReductions.smallerThan(problem.shapes().of(rank))
                        .boxed()
                        .flatMap(shape -> Reduced.with(problem, rank, shape).stream()));
    return Stream.of(cascades, trees, shapes).flatMap(cuts -> cuts);
  }
}
