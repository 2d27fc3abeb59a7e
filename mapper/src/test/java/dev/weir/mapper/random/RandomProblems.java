package dev.weir.mapper.random;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Ranges;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.SchedulePrinter;
import dev.weir.mapper.schedule.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Small random problems by seed: cascades × machines × schedules with tails, spatial loops with
 * multicast and reduce, keeps at several levels, fusion and pipelines. The same seed always gives
 * the same problem.
 */
public final class RandomProblems {

  private static final List<String> WORKLOAD = List.of("P", "M", "E", "F");

  private RandomProblems() {}

  /** A problem whose schedule is legal. */
  public static Problem legal(long seed) {
    Random random = new Random(seed * 7_919 + 13);
    while (true) {
      Problem problem = candidate(random);
      if (Legality.judge(problem).isLegal()) {
        return problem;
      }
    }
  }

  /** A problem whose names exist but whose schedule may break any rule. */
  public static Problem candidate(long seed) {
    return candidate(new Random(seed * 7_919 + 29));
  }

  /** Whole numbers for all inputs, with which every order of summation gives the same. */
  public static Map<TensorName, DenseTensor> inputs(Problem problem, long seed) {
    return Examples.wholeInputs(problem.cascade(), problem.shapes(), seed);
  }

  /** What a failing test prints: enough to write the problem down as a test of its own. */
  public static String describe(Problem problem) {
    String shapes =
        Ranges.ranks(problem.cascade()).stream()
            .sorted()
            .map(rank -> rank + "=" + problem.shapes().of(rank))
            .collect(Collectors.joining(" "));
    String einsums =
        problem.cascade().einsums().stream()
            .map(e -> e.output() + " <- " + e.reduction() + " " + e.value().reads().toList())
            .collect(Collectors.joining("\n"));
    return "on %s with %s%n%s%n%s"
        .formatted(
            problem.architecture().name(),
            shapes,
            SchedulePrinter.print(problem.schedule()),
            einsums);
  }

  private static Problem candidate(Random random) {
    Cascade cascade = RandomCascade.of(random);
    Architecture architecture =
        random.nextInt(3) > 0
            ? ExampleArchitectures.fuseMax(2 + random.nextInt(4), 1 << 20)
            : ExampleArchitectures.openCl(2 + random.nextInt(3), 4, 1 << 20, 1 << 20);
    Map<RankName, Long> workload = new HashMap<>();
    WORKLOAD.forEach(rank -> workload.put(new RankName(rank), 1L + random.nextInt(6)));
    Map<RankName, Size> bound = new HashMap<>();
    cascade.partitions().forEach(split -> bound.put(split.inner(), Size.of(1 + random.nextInt(4))));
    Map<RankName, Long> given = new HashMap<>(workload);
    bound.forEach((rank, size) -> given.put(rank, ((Size.Constant) size).value()));
    Shapes shapes = Shapes.complete(given, cascade.partitions());
    Set<RankName> ranks = Ranges.ranks(cascade);
    RandomSchedule schedules =
        new RandomSchedule(random, new CascadeFacts(cascade), cascade.partitions(), architecture);
    Node root = schedules.root(ranks, shapes);
    Schedule schedule = new Schedule("random", "", cascade.name(), Map.of(), bound, root);
    return Problem.of(cascade, schedule, architecture, workload);
  }
}
