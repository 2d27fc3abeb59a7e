package dev.weir.bench;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.Optional;
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

/** Parsing and checking a long text, in which each Einsum reads the one before. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-XX:+UseParallelGC")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CheckerBenchmark {

  /** Ten times as many should take ten times as long. 10,000 are a megabyte. */
  @Param({"1000", "10000"})
  private int einsums;

  private SourceFile source;

  /** Writes the text. */
  @Setup
  public void write() {
    StringBuilder text = new StringBuilder("cascade chain\n  ranks M, P\n  inputs T0[M,P], B[M]\n");
    for (int i = 1; i <= einsums; i++) {
      text.append(
          "  T%d[m,p] = exp(T%d[m,p] - B[m]) * 0.5 + max(T%d[m,p], B[m]) / 3  # one of a long chain\n"
              .formatted(i, i - 1, i - 1));
    }
    source = new SourceFile("chain.edge", text + "  outputs T" + einsums + "\n");
  }

  /** The cascade. */
  @Benchmark
  public Optional<Cascade> check() {
    Diagnostics diagnostics = new Diagnostics();
    Optional<Cascade> cascade = CascadeReader.read(source, diagnostics);
    if (cascade.isEmpty()) {
      throw new IllegalStateException(diagnostics.render());
    }
    return cascade;
  }
}
