package dev.weir.bench;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
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

/** Attention of two heads in three passes, whole or causal, by the reference evaluator. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReferenceEvaluatorBenchmark {

  /** A causal mask keeps the score Einsum in its loop nest, without it EJML multiplies. */
  @Param({"", " | m <= p"})
  private String mask;

  private Cascade cascade;
  private Shapes shapes;
  private Map<TensorName, DenseTensor> inputs;

  /** Builds the cascade and its inputs. */
  @Setup
  public void prepare() {
    cascade =
        CascadeBuilder.cascade("attention")
            .inputs("Q[B,H,P,E]", "K[B,H,M,E]", "V[B,H,M,F]")
            .scalar("scale", "E ^ -0.5")
            .tensors(Double.NEGATIVE_INFINITY, "QK[B,H,M,P]", "GM[B,H,P]")
            .tensors(0, "SN[B,H,M,P]", "SD[B,H,P]", "A[B,H,M,P]")
            .outputs("AV[B,H,P,F]")
            .einsum("QK[b,h,m,p] = scale * Q[b,h,p,e] * K[b,h,m,e]" + mask)
            .einsum("GM[b,h,p] = QK[b,h,m,p] :: max")
            .einsum("SN[b,h,m,p] = exp(QK[b,h,m,p] - GM[b,h,p])")
            .einsum("SD[b,h,p] = SN[b,h,m,p]")
            .einsum("A[b,h,m,p] = SN[b,h,m,p] / SD[b,h,p]")
            .einsum("AV[b,h,p,f] = A[b,h,m,p] * V[b,h,m,f]")
            .build();
    shapes = CascadeBuilder.shapes(cascade, "B=1 H=2 P=64 M=1024 E=64 F=64");
    inputs = InputData.of(cascade, shapes, InputData.Kind.RANDOM, 1, Map.of());
  }

  /** All tensors of the cascade. */
  @Benchmark
  public Map<TensorName, DenseTensor> evaluate() {
    return ReferenceEvaluator.evaluate(cascade, shapes, inputs);
  }
}
