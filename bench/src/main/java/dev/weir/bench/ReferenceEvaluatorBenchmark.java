package dev.weir.bench;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One head of BERT over 4096 keys and queries, whole and causal, and windows, by the reference
 * evaluator: all tensors of a cascade, in double precision, on one core. Runs from the root of the
 * repository with 4 GB of memory, all of which is touched first: handing it out takes some systems
 * longer than an evaluation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-XX:+UseParallelGC", "-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3)
@Measurement(iterations = 5)
public class ReferenceEvaluatorBenchmark {

  /** A cascade with shapes and inputs. */
  private record Workload(Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> inputs) {

    static Workload of(Cascade cascade, Map<String, Long> given) {
      Map<RankName, Long> ranks = new HashMap<>();
      given.forEach((rank, shape) -> ranks.put(new RankName(rank), shape));
      Shapes shapes = cascade.shapes(ranks);
      return new Workload(
          cascade, shapes, InputData.of(cascade, shapes, InputData.Kind.RANDOM, 1, Map.of()));
    }

    Map<TensorName, DenseTensor> evaluate() {
      return ReferenceEvaluator.evaluate(cascade, shapes, inputs);
    }
  }

  private static final Map<String, Long> HEAD =
      Map.of("B", 1L, "H", 1L, "P", 4096L, "M", 4096L, "E", 64L, "F", 64L, "M0", 256L);

  private static final String CAUSAL =
      """
      cascade causal
        ranks     M, P, E, F
        inputs    Q[P,E], K[M,E], V[M,F]
        scalar    scale = E^-0.5
        empty     Q = -inf, K = -inf, QK = -inf

        QK[m,p] = scale * Q[p,e] * K[m,e] | m <= p
        GM[p]   = QK[m,p] :: max(m)
        SN[m,p] = exp(QK[m,p] - GM[p])
        SD[p]   = SN[m,p]
        A[m,p]  = SN[m,p] / SD[p]
        AV[p,f] = A[m,p] * V[m,f]
        outputs   AV
      """;

  /** Scores are folded at once, as no tensor of so many exists. */
  private static final String WINDOW =
      """
      cascade window
        ranks     M, P, E
        inputs    Q[P,E], K[M,E]
        empty     Q = -inf, K = -inf

        S[p] = Q[p,e] * K[m,e] | p-m < 128 and m <= p
        outputs   S
      """;

  private Workload threePass;
  private Workload onePass;
  private Workload causal;
  private Workload window;
  private Workload narrowWindow;

  /** Reads the cascades and makes their inputs. */
  @Setup(Level.Trial)
  public void prepare() {
    threePass = Workload.of(shipped("attention_3pass"), HEAD);
    onePass = Workload.of(shipped("attention_1pass"), HEAD);
    causal = Workload.of(written(CAUSAL), HEAD);
    window = Workload.of(written(WINDOW), Map.of("P", 65_536L, "M", 65_536L, "E", 64L));
    narrowWindow = Workload.of(written(WINDOW), Map.of("P", 65_536L, "M", 65_536L, "E", 1L));
  }

  private static Cascade shipped(String name) {
    return CascadeReader.readFile(Path.of("configs", "cascades", name + ".edge"));
  }

  private static Cascade written(String text) {
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile("benchmark", text), diagnostics)
        .orElseThrow(() -> new IllegalStateException(diagnostics.render()));
  }

  /** 4.3e9 floating-point operations of matrix products, and 1.7e7 exponentials. */
  @Benchmark
  public Map<TensorName, DenseTensor> threePassHead4096() {
    return threePass.evaluate();
  }

  /** The same in 16 steps. */
  @Benchmark
  public Map<TensorName, DenseTensor> onePassHead4096() {
    return onePass.evaluate();
  }

  /** Half of the scores. */
  @Benchmark
  public Map<TensorName, DenseTensor> causalHead4096() {
    return causal.evaluate();
  }

  /** 5.4e8 points. */
  @Benchmark
  public Map<TensorName, DenseTensor> window128In64K() {
    return window.evaluate();
  }

  /** 8.4e6 points. */
  @Benchmark
  public Map<TensorName, DenseTensor> narrowWindow128In64K() {
    return narrowWindow.evaluate();
  }
}
