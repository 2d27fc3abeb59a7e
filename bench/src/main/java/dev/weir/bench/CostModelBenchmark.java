package dev.weir.bench;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.ScheduleReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
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
 * Evaluations a second of FuseMax +Binding, BERT, batch 64: a search makes one for every legal
 * point. Both lengths should be alike, as nothing is enumerated. Runs from the root of the
 * repository.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class CostModelBenchmark {

  /** Keys and queries. */
  @Param({"4096", "1048576"})
  public long length;

  private Problem problem;

  /** Reads the shipped files. */
  @Setup
  public void read() {
    Path configs = Path.of("configs");
    Schedule schedule =
        ScheduleReader.readFile(configs.resolve("schedules/fusemax_binding.schedule")).schedule();
    Map<RankName, Long> workload = new HashMap<>();
    Map.of("B", 64L, "H", 12L, "P", length, "M", length, "E", 64L, "F", 64L)
        .forEach((rank, shape) -> workload.put(new RankName(rank), shape));
    problem =
        Problem.of(
            CascadeReader.readFile(configs.resolve("cascades/attention_1pass.edge")),
            schedule.with(Map.of("P1", Math.min(128, length / 256))),
            ArchitectureReader.readFile(configs.resolve("architectures/fusemax_cloud.yaml")),
            workload);
  }

  /** Counts, cycles, utilisation and energy. */
  @Benchmark
  public Cost evaluate() {
    return CostModel.evaluate(problem);
  }
}
