package dev.weir.bench;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.model.Evaluation;
import dev.weir.mapper.model.Plan;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.ScheduleReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One evaluation with all outputs, and one compilation of a schedule's shape. 4,096 distinct
 * tilings are drawn before, most of them imperfect, and evaluated in turn: nothing is remembered
 * from one to the next. {@code fused} is FuseMax +Binding (12 Einsums, BERT, batch 64, 4096
 * tokens), {@code gemm} a matrix product of 1024 × 1024 × 1024 over three levels. Runs from the
 * root of the repository.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class CostModelBenchmark {

  private static final int TILINGS = 4096;

  /** Which schedule. */
  @Param({"fused", "gemm"})
  public String schedule;

  private Problem problem;
  private Evaluation evaluation;
  private long[][] tilings;
  private int next;

  /** Reads the shipped files and draws tilings. */
  @Setup
  public void read() {
    boolean fused = schedule.equals("fused");
    problem =
        fused
            ? problem(
                "attention_1pass",
                "fusemax/binding",
                "fusemax_cloud",
                Map.of("B", 64L, "H", 12L, "P", 4096L, "M", 4096L, "E", 64L, "F", 64L))
            : problem("gemm", "gemm_ref16", "ref16", Map.of("M", 1024L, "N", 1024L, "K", 1024L));
    Plan plan = compile();
    evaluation = plan.evaluation();
    Map<String, Integer> most =
        fused ? Map.of("P1", 16, "WIDTH", 256) : Map.of("TM", 512, "TN", 512, "TK", 256);
    tilings = draw(plan, most);
  }

  private long[][] draw(Plan plan, Map<String, Integer> most) {
    Random random = new Random(20_261_128);
    long[] given = plan.arguments(problem);
    Set<Map<String, Integer>> drawn = new HashSet<>();
    long[][] result = new long[TILINGS][];
    for (int i = 0; i < TILINGS; ) {
      Map<String, Integer> values = new HashMap<>();
      new TreeMap<>(most).forEach((name, limit) -> values.put(name, 1 + random.nextInt(limit)));
      if (drawn.add(values)) {
        long[] arguments = given.clone();
        values.forEach((name, value) -> arguments[plan.argument(name)] = value);
        result[i++] = arguments;
      }
    }
    return result;
  }

  private static Problem problem(
      String cascadeName, String scheduleName, String machine, Map<String, Long> shapes) {
    Path configs = Path.of("configs");
    Cascade cascade = CascadeReader.readFile(configs.resolve("cascades/" + cascadeName + ".edge"));
    Schedule read =
        ScheduleReader.readFile(configs.resolve("schedules/" + scheduleName + ".schedule"))
            .schedule();
    Architecture architecture =
        ArchitectureReader.readFile(configs.resolve("architectures/" + machine + ".yaml"));
    Map<RankName, Long> workload = new HashMap<>();
    shapes.forEach((rank, shape) -> workload.put(new RankName(rank), shape));
    return Problem.of(cascade, read, architecture, workload);
  }

  /** Counts, cycles, occupancy, utilisation and energy of one tiling. */
  @Benchmark
  public long evaluate() {
    next = (next + 1) % TILINGS;
    evaluation.run(tilings[next]);
    return evaluation.cycles();
  }

  /** From cascade, schedule and architecture to a plan. */
  @Benchmark
  public Plan compile() {
    return Plan.compile(problem.cascade(), problem.schedule(), problem.architecture());
  }
}
