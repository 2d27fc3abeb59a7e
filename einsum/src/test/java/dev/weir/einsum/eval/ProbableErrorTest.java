package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.analysis.FuseMaxCascades;
import dev.weir.einsum.analysis.RandomCascades;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.eval.RoundingErrorEvaluator.Bounded;
import dev.weir.einsum.eval.RoundingErrorEvaluator.Format;
import dev.weir.einsum.eval.RoundingErrorEvaluator.FunctionErrors;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bounds against evaluations in single precision that err as much as OpenCL lets them. */
class ProbableErrorTest {

  private static final long SEED = 20261129;
  private static final int RUNS = 5;
  private static final List<InputData.Kind> KINDS = List.of(InputData.Kind.values());
  private static final List<Cascade> FORMS =
      List.of(
          FuseMaxCascades.naive(),
          FuseMaxCascades.cascade4(),
          FuseMaxCascades.cascade4Deferred(),
          FuseMaxCascades.twoPass(),
          FuseMaxCascades.cascade5());

  @Test
  void boundsCoverEveryFormOfAttentionOnEveryKindOfData() {
    for (Cascade cascade : FORMS) {
      for (String text : List.of("M=29 M0=8 P=3 E=16 F=3", "M=8 M0=3 P=2 E=75 F=1")) {
        Shapes shapes = CascadeBuilder.shapes(cascade, text);
        for (InputData.Kind kind : InputData.Kind.values()) {
          for (long seed = SEED; seed < SEED + 3; seed++) {
            assertCovered(cascade, shapes, kind, seed);
          }
        }
      }
    }
  }

  @Test
  void boundsCoverRandomCascades() {
    for (long seed = SEED; seed < SEED + 200; seed++) {
      Cascade cascade = RandomCascades.conditional(seed);
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=6 M0=2 P=3 F=2");
      assertCovered(cascade, shapes, KINDS.get((int) (seed % 3)), seed);
    }
  }

  @Test
  void boundsCoverFloatProgramsInEveryOrder() {
    Cascade threePass = FuseMaxCascades.cascade4();
    Cascade onePass = FuseMaxCascades.cascade5();
    Shapes ofThree = CascadeBuilder.shapes(threePass, "M=70 P=1 E=16 F=2");
    Shapes ofOne = CascadeBuilder.shapes(onePass, "M=70 M0=32 P=1 E=16 F=2");
    for (long seed = SEED; seed < SEED + 100; seed++) {
      InputData.Kind kind = KINDS.get((int) (seed % KINDS.size()));
      Map<TensorName, DenseTensor> inputs = InputData.of(threePass, ofThree, kind, seed, Map.of());
      Bounded three = bounded(threePass, ofThree, inputs, Precision.SINGLE);
      Bounded one = bounded(onePass, ofOne, inputs, Precision.SINGLE);
      float[] query = row(inputs.get(new TensorName("Q")), 0, 16);
      float[][] keys = new float[70][];
      float[][] columns = new float[2][70];
      for (int m = 0; m < 70; m++) {
        keys[m] = row(inputs.get(new TensorName("K")), m, 16);
        columns[0][m] = (float) inputs.get(new TensorName("V")).get(m, 0);
        columns[1][m] = (float) inputs.get(new TensorName("V")).get(m, 1);
      }
      for (FloatAttention.Order order : FloatAttention.Order.values()) {
        FloatAttention with = new FloatAttention(order, new Random(seed), 2);
        String of = order + ", " + kind + ", seed " + seed;
        assertWithin(three, with.inPasses(query, keys, columns, 0.25f, false), of);
        assertWithin(one, with.inOnePass(query, keys, columns, 0.25f, 32, false), of);
        assertWithin(one, with.inOnePass(query, keys, columns, 0.25f, 32, true), of);
      }
    }
  }

  private static float[] row(DenseTensor tensor, int row, int width) {
    float[] values = new float[width];
    for (int column = 0; column < width; column++) {
      values[column] = (float) tensor.get(row, column);
    }
    return values;
  }

  private static void assertWithin(Bounded expected, float[] got, String of) {
    for (int f = 0; f < got.length; f++) {
      double bound = expected.bound().get(0, f);
      assertThat(
              bound == Double.POSITIVE_INFINITY ? 0 : Math.abs(got[f] - expected.value().get(0, f)))
          .as("column %d, %s", f, of)
          .isLessThanOrEqualTo(bound);
    }
  }

  /** A short exponential: five terms, off by 2^-23, and clamped at -87. */
  @Test
  void exponentialsMayBeShortAndClamped() {
    Cascade cascade =
        CascadeBuilder.cascade("weights")
            .inputs("S[M]")
            .tensors(0, "E[M]")
            .outputs("A[M]")
            .einsum("E[m] = exp(S[m])")
            .einsum("A[m] = E[m] * E[m]")
            .build();
    DenseTensor scores = new DenseTensor(new long[] {4}, 0);
    double[] values = {-200, -90, -1.5, 2};
    for (int m = 0; m < 4; m++) {
      scores.set(values[m], m);
    }
    Precision precision =
        new Precision(
            Format.SINGLE,
            FunctionErrors.OPENCL_FULL_PROFILE.withExponential(2, Math.exp(-87)),
            Map.of());
    Map<TensorName, Bounded> bounded =
        ProbableErrorEvaluator.evaluate(
            cascade,
            CascadeBuilder.shapes(cascade, "M=4"),
            Map.of(new TensorName("S"), scores),
            precision);
    Bounded exponential = bounded.get(new TensorName("E"));
    for (int m = 0; m < 4; m++) {
      double clamped = Math.exp(Math.max(-87, values[m])) * (1 + 0x1p-23);
      assertThat(Math.abs(clamped - exponential.value().get(m)))
          .isLessThanOrEqualTo(exponential.bound().get(m));
    }
    assertThat(exponential.bound().get(0)).isBetween(Math.exp(-87), 4 * Math.exp(-87));
    assertThat(exponential.bound().get(2)).isBetween(1e-8, 1e-7);
  }

  /** A key outside its tensor is no key, however the query's factor is rounded. */
  @Test
  void whatIsAbsentBecauseOfItsPlaceLeavesNoDoubt() {
    String text =
        """
        cascade window "a window that leaves its keys"
          ranks   P, W
          inputs  Q[P], K[P]
          empty   Q = -inf, K = -inf, S = -inf
          S[p,w]  = 0.3 * Q[p] * K[p+w-2]
          GM[p]   = S[p,w] :: max(w)
          SN[p,w] = exp(S[p,w] - GM[p])
          SD[p]   = SN[p,w]
          A[p,w]  = SN[p,w] / SD[p]
          outputs A
        """;
    Cascade cascade =
        CascadeReader.read(new SourceFile("window.edge", text), new Diagnostics()).orElseThrow();
    Shapes shapes = CascadeBuilder.shapes(cascade, "P=6 W=5");
    Map<TensorName, DenseTensor> inputs =
        InputData.of(cascade, shapes, InputData.Kind.RANDOM, SEED, Map.of());

    Bounded weights =
        ProbableErrorEvaluator.evaluate(cascade, shapes, inputs, Precision.SINGLE)
            .get(new TensorName("A"));

    for (int p = 0; p < 6; p++) {
      for (int w = 0; w < 5; w++) {
        boolean isInside = p + w - 2 >= 0 && p + w - 2 < 6;
        assertThat(weights.bound().get(p, w)).as("%d, %d", p, w).isBetween(0.0, 1e-5);
        assertThat(weights.value().get(p, w) > 0).as("%d, %d", p, w).isEqualTo(isInside);
      }
    }
  }

  @Test
  void infinityThatIsExactStaysSo() {
    Rounding rounding = new Rounding(Format.SINGLE, FunctionErrors.OPENCL_FULL_PROFILE);
    double infinite = Double.NEGATIVE_INFINITY;

    assertThat(rounding.of(BinaryOperator.MULTIPLY, 0.3, 1e-8, infinite, 0)).isZero();
    assertThat(rounding.of(BinaryOperator.ADD, infinite, 0, infinite, 0)).isZero();
    // A factor that may be 0, an infinity that may be none, and a difference of two.
    assertThat(rounding.of(BinaryOperator.MULTIPLY, 1e-9, 1e-8, infinite, 0)).isInfinite();
    assertThat(rounding.of(BinaryOperator.MULTIPLY, 0.3, 0, infinite, 1)).isInfinite();
    assertThat(rounding.of(BinaryOperator.SUBTRACT, infinite, 0, infinite, 0)).isNotZero();
  }

  /** Against the conversion of the processor, above the subnormal numbers. */
  @Test
  void formatHoldsWhatConversionKeeps() {
    Random random = new Random(SEED);
    for (int i = 0; i < 200_000; i++) {
      double wide = Math.scalb(random.nextDouble() - 0.5, random.nextInt(-90, 90));
      double narrow = (float) wide;
      double kept = random.nextBoolean() ? wide : narrow;
      double shorter = Math.scalb((double) random.nextInt(1 << 11), random.nextInt(-14, 5));
      assertThat(Format.SINGLE.holds(kept))
          .as("%s, seed %d", kept, SEED)
          .isEqualTo((float) kept == kept);
      assertThat(Format.HALF.holds(kept))
          .as("%s, seed %d", kept, SEED)
          .isEqualTo(half((float) kept) == kept);
      assertThat(Format.HALF.holds(shorter)).as("%s, seed %d", shorter, SEED).isTrue();
    }
  }

  @Test
  void tensorsMayBeStoredInHalfPrecision() {
    Cascade cascade =
        CascadeBuilder.cascade("stored")
            .inputs("A[I]", "B[I]")
            .tensors(0, "X[I]")
            .outputs("Z[]")
            .einsum("X[i] = A[i] * B[i]")
            .einsum("Z[] = X[i]")
            .build();
    Shapes shapes = CascadeBuilder.shapes(cascade, "I=500");
    Precision stored =
        new Precision(
            Format.SINGLE,
            FunctionErrors.OPENCL_FULL_PROFILE,
            Map.of(new TensorName("X"), Format.HALF, new TensorName("Z"), Format.HALF));
    double most = 0;
    for (long seed = SEED; seed < SEED + 50; seed++) {
      Map<TensorName, DenseTensor> inputs =
          InputData.of(cascade, shapes, InputData.Kind.RANDOM, seed, Map.of());
      double[] a = inputs.get(new TensorName("A")).values();
      double[] b = inputs.get(new TensorName("B")).values();
      float sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += half((float) a[i] * (float) b[i]);
      }
      Bounded whole =
          ProbableErrorEvaluator.evaluate(cascade, shapes, inputs, stored).get(new TensorName("Z"));
      double share = Math.abs(half(sum) - whole.value().get()) / whole.bound().get();
      assertThat(share).as("seed %d", seed).isLessThan(1);
      most = Math.max(most, share);
    }
    assertThat(most).as("largest share of the bound").isGreaterThan(0.01);
  }

  private static float half(float value) {
    return Float.float16ToFloat(Float.floatToFloat16(value));
  }

  /** Both sides round: the evaluator and what it is compared with. */
  @Test
  void boundsCoverDoublePrecision() {
    Precision precision = new Precision(Format.DOUBLE, FunctionErrors.OPENCL_DOUBLE, Map.of());
    for (Cascade cascade : FORMS) {
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=40 M0=16 P=2 E=16 F=3");
      double most = 0;
      for (long seed = SEED; seed < SEED + 5; seed++) {
        Map<TensorName, DenseTensor> inputs =
            InputData.of(cascade, shapes, InputData.Kind.RANDOM, seed, Map.of());
        Random random = new Random(seed);
        Arithmetic shuffled =
            new Arithmetic() {
              @Override
              public void arrange(List<Double> values) {
                Collections.shuffle(values, random);
              }
            };
        double[] got =
            DemandEvaluator.evaluate(cascade, shapes, inputs, shuffled)
                .get(new TensorName("AV"))
                .values();
        Bounded expected = bounded(cascade, shapes, inputs, precision);
        for (int i = 0; i < got.length; i++) {
          double error = Math.abs(got[i] - expected.value().values()[i]);
          most = Math.max(most, error / expected.bound().values()[i]);
        }
      }
      assertThat(most).as("%s, seed %d", cascade.name(), SEED).isBetween(0.005, 1.0);
    }
  }

  private static Bounded bounded(
      Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> inputs, Precision precision) {
    return ProbableErrorEvaluator.evaluate(cascade, shapes, inputs, precision)
        .get(new TensorName("AV"));
  }

  private static void assertCovered(
      Cascade cascade, Shapes shapes, InputData.Kind kind, long seed) {
    Map<TensorName, DenseTensor> inputs =
        InputData.of(
            cascade,
            shapes,
            kind,
            seed,
            cascade.tensorsByName().containsKey(new TensorName("N"))
                ? Map.of(new TensorName("N"), new InputData.IntegerRange(0, 7))
                : Map.of());
    Map<TensorName, Bounded> bounded =
        ProbableErrorEvaluator.evaluate(cascade, shapes, inputs, Precision.SINGLE);
    for (int run = 0; run < RUNS; run++) {
      Map<TensorName, DenseTensor> single =
          DemandEvaluator.evaluate(
              cascade, shapes, inputs, new SinglePrecision(new Random(seed + run)));
      for (Tensor tensor : cascade.tensors()) {
        double[] computed = single.get(tensor.name()).values();
        double[] values = bounded.get(tensor.name()).value().values();
        double[] bounds = bounded.get(tensor.name()).bound().values();
        for (int i = 0; i < values.length; i++) {
          boolean isCovered =
              bounds[i] == Double.POSITIVE_INFINITY
                  || computed[i] == values[i]
                  || Math.abs(computed[i] - values[i]) <= bounds[i];
          assertThat(isCovered || (Double.isNaN(values[i]) && Double.isNaN(computed[i])))
              .as(
                  "%s[%d] is %s, exact %s, bound %s; %s, %s, %s, seed %d, run %d",
                  tensor.name(),
                  i,
                  computed[i],
                  values[i],
                  bounds[i],
                  cascade.name(),
                  shapes,
                  kind,
                  seed,
                  run)
              .isTrue();
        }
      }
    }
  }
}
