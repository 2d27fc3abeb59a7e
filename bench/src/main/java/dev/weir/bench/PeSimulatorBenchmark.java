package dev.weir.bench;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.ScheduleReader;
import dev.weir.simulator.pe.PeRun;
import dev.weir.simulator.pe.PeSimulator;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * The engine that steps every processing element, on a matrix product of 64 × 64 × 512 on an array
 * of 16 × 16 elements. The counter {@code peCycles} says how many cycles of single elements it
 * steps in a second. In the dataflow {@code output} sums stay in the elements and both operands
 * pass through; in {@code weight} one operand stays, and sums pass through beside the other. Runs
 * from the root of the repository.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PeSimulatorBenchmark {

  private static final String PRODUCT =
      """
      cascade gemm
        ranks M, N, K
        inputs A[M,K], B[K,N]
        C[m,n] = A[m,k] * B[k,n]
        outputs C
      """;

  private static final String OUTPUT_STATIONARY =
      """
      schedule output for gemm
        keep A at IfmapSram  keep B at FilterSram  keep C at OfmapSram
        for m by 16  for n by 16 {
          keep C at Stationary
          for k by 1  spatial m by 1 on Array.rows multicast B  spatial n by 1 on Array.columns multicast A  compute C on Array
        }
      """;

  private static final String WEIGHT_STATIONARY =
      """
      schedule weight for gemm
        keep A at IfmapSram  keep B at FilterSram  keep C at OfmapSram
        for k by 16  for n by 16 {
          keep B at Stationary
          for m by 1  spatial k by 1 on Array.rows reduce C  spatial n by 1 on Array.columns multicast A  compute C on Array
        }
      """;

  /** What is counted beside runs. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Stepped {
    /** Cycles × elements. */
    public long peCycles;
  }

  /** What stays in the elements. */
  @Param({"output", "weight"})
  public String dataflow;

  private Problem problem;
  private Map<TensorName, DenseTensor> inputs;

  /** Reads the problem and fills its inputs. */
  @Setup
  public void read() {
    Diagnostics diagnostics = new Diagnostics();
    Cascade cascade =
        CascadeReader.read(new SourceFile("gemm.edge", PRODUCT), diagnostics).orElseThrow();
    String text = dataflow.equals("output") ? OUTPUT_STATIONARY : WEIGHT_STATIONARY;
    Schedule schedule =
        ScheduleReader.read(new SourceFile("gemm.schedule", text), diagnostics)
            .orElseThrow()
            .schedule();
    diagnostics.throwIfErrors();
    Architecture architecture =
        ArchitectureReader.readFile(Path.of("configs/architectures/systolic_16x16.yaml"));
    Map<RankName, Long> shapes =
        Map.of(new RankName("M"), 64L, new RankName("N"), 64L, new RankName("K"), 512L);
    problem = Problem.of(cascade, schedule, architecture, shapes);
    inputs =
        Map.of(
            new TensorName("A"), counting(64, 512),
            new TensorName("B"), counting(512, 64));
  }

  private static DenseTensor counting(long rows, long columns) {
    DenseTensor tensor = new DenseTensor(new long[] {rows, columns}, 0);
    for (long row = 0; row < rows; row++) {
      for (long column = 0; column < columns; column++) {
        tensor.set((double) ((row * columns + column) % 7 - 3), row, column);
      }
    }
    return tensor;
  }

  /** One whole run. */
  @Benchmark
  public PeRun simulate(Stepped stepped) {
    PeRun run = PeSimulator.simulate(problem, inputs);
    stepped.peCycles += run.steppedCycles();
    return run;
  }
}
