package dev.weir.mapper.random;

import dev.weir.einsum.check.CascadeWriter;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Ranges;
import dev.weir.mapper.schedule.SchedulePrinter;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Small random problems by seed: cascades × machines × schedules with tails, spatial loops with
 * multicast and reduce, keeps at several levels, fusion, pipelines and conditions. The same seed
 * always gives the same problem.
 */
public final class RandomProblems {

  /** Schedules that are tried for one cascade on one machine. */
  private static final int ATTEMPTS = 12;

  private RandomProblems() {}

  /** A problem whose schedule is legal. */
  public static Problem legal(long seed) {
    Random random = new Random(seed * 7_919 + 13);
    return legal(random, () -> RandomWork.of(random));
  }

  /**
   * A problem whose schedule is legal, with tensors that are used through computed indices, tables,
   * head maps and several indices, produced ones too, and conditions that produced values decide.
   */
  public static Problem irregular(long seed) {
    Random random = new Random(seed * 7_919 + 37);
    return legal(random, () -> RandomWork.of(random, RandomIrregularCascade.of(random)));
  }

  private static Problem legal(Random random, Supplier<RandomWork> works) {
    while (true) {
      RandomWork work = works.get();
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Optional<Problem> problem = work.problem(random).filter(p -> Legality.judge(p).isLegal());
        if (problem.isPresent()) {
          return RandomClauses.added(random, problem.get());
        }
      }
    }
  }

  /** A problem whose names exist but whose schedule may break any rule. */
  public static Problem candidate(long seed) {
    Random random = new Random(seed * 7_919 + 29);
    return RandomWork.of(random).candidate(random);
  }

  /** Whole numbers for all inputs, with which every order of summation gives the same. */
  public static Map<TensorName, DenseTensor> inputs(Problem problem, long seed) {
    return Examples.wholeInputs(problem.cascade(), problem.shapes(), seed);
  }

  /** What a failing test prints. */
  public static String describe(Problem problem) {
    String shapes =
        Ranges.ranks(problem.cascade()).stream()
            .sorted()
            .map(rank -> rank + "=" + problem.shapes().of(rank))
            .collect(Collectors.joining(" "));
    return "on %s with %s%n%s%n%s"
        .formatted(
            problem.architecture().name(),
            shapes,
            SchedulePrinter.print(problem.schedule()),
            CascadeWriter.write(problem.cascade()));
  }
}
