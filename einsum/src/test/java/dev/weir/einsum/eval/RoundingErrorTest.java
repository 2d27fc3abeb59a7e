package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.analysis.FuseMaxCascades;
import dev.weir.einsum.analysis.RandomCascades;
import dev.weir.einsum.eval.RoundingErrorEvaluator.Bounded;
import dev.weir.einsum.eval.RoundingErrorEvaluator.Format;
import dev.weir.einsum.eval.RoundingErrorEvaluator.FunctionErrors;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bounds against evaluations in single precision that err as much as OpenCL lets them. */
class RoundingErrorTest {

  private static final long SEED = 20261124;
  private static final int RUNS = 5;
  private static final List<InputData.Kind> KINDS = List.of(InputData.Kind.values());
  private static final TensorName OUTPUT = new TensorName("AV");
  private static final List<Cascade> FORMS =
      List.of(
          FuseMaxCascades.cascade4(),
          FuseMaxCascades.cascade4Deferred(),
          FuseMaxCascades.twoPass(),
          FuseMaxCascades.cascade5());

  @Test
  void boundsCoverEveryFormOfAttentionOnEveryKindOfData() {
    for (Cascade cascade : FORMS) {
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=29 M0=8 P=3 E=16 F=3");
      for (InputData.Kind kind : InputData.Kind.values()) {
        assertCovered(cascade, shapes, kind, SEED);
      }
    }
  }

  @Test
  void boundsCoverRandomCascades() {
    for (long seed = SEED; seed < SEED + 60; seed++) {
      Cascade cascade = RandomCascades.conditional(seed);
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=6 M0=2 P=3 F=2");
      assertCovered(cascade, shapes, KINDS.get((int) (seed % 3)), seed);
    }
  }

  @Test
  void boundsAreUsefulOnModerateData() {
    for (Cascade cascade : FORMS) {
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=64 M0=16 P=4 E=16 F=8");
      Map<TensorName, DenseTensor> inputs =
          InputData.of(cascade, shapes, InputData.Kind.RANDOM, SEED, Map.of());
      Bounded bounded = bounded(cascade, shapes, inputs).get(OUTPUT);
      DenseTensor single =
          DemandEvaluator.evaluate(cascade, shapes, inputs, new SinglePrecision(new Random(SEED)))
              .get(OUTPUT);
      double actual = 0;
      double bound = 0;
      for (int i = 0; i < single.values().length; i++) {
        actual = Math.max(actual, Math.abs(single.values()[i] - bounded.value().values()[i]));
        bound = Math.max(bound, bounded.bound().values()[i]);
      }
      assertThat(bound / actual).as("%s, seed %d", cascade.name(), SEED).isBetween(1.0, 1e4);
    }
  }

  @Test
  void exactScoresOfAnySizeLeaveTheBoundTight() {
    for (Cascade cascade : FORMS) {
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=512 M0=16 P=4 E=64 F=8");
      Map<TensorName, DenseTensor> inputs =
          InputData.of(cascade, shapes, InputData.Kind.LARGE_SCORES, SEED, Map.of());
      double[] bounds = bounded(cascade, shapes, inputs).get(OUTPUT).bound().values();
      for (double bound : bounds) {
        assertThat(bound).as("%s, seed %d", cascade.name(), SEED).isBetween(0.0, 1e-2);
      }
    }
  }

  @Test
  void maskedScoresAreExactlyAbsent() {
    Cascade cascade =
        CascadeBuilder.cascade("masked")
            .inputs("Q[P,E]", "K[M,E]")
            .table("N[P]")
            .tensors(Double.NEGATIVE_INFINITY, "QK[M,P]", "GM[P]")
            .tensors(0, "SN[M,P]", "SD[P]")
            .outputs("A[M,P]")
            .einsum("QK[m,p] = Q[p,e] * K[m,e] | m < N[p]")
            .einsum("GM[p] = QK[m,p] :: max")
            .einsum("SN[m,p] = exp(QK[m,p] - GM[p])")
            .einsum("SD[p] = SN[m,p]")
            .einsum("A[m,p] = SN[m,p] / SD[p]")
            .build();
    Shapes shapes = CascadeBuilder.shapes(cascade, "M=6 P=2 E=4");
    Map<TensorName, DenseTensor> inputs =
        new HashMap<>(
            InputData.of(
                cascade,
                shapes,
                InputData.Kind.RANDOM,
                SEED,
                Map.of(new TensorName("N"), new InputData.IntegerRange(0, 0))));
    inputs.get(new TensorName("N")).set(4, 1);
    Bounded weights = bounded(cascade, shapes, inputs).get(new TensorName("A"));

    for (int m = 0; m < 6; m++) {
      assertThat(weights.bound().get(m, 0)).isZero();
      assertThat(weights.bound().get(m, 1) > 0).isEqualTo(m < 4);
    }
  }

  @Test
  void overflowAndComputedIndicesPromiseNothing() {
    Cascade naive = FuseMaxCascades.naive();
    Shapes shapes = CascadeBuilder.shapes(naive, "M=8 P=2 E=16 F=2");
    Map<TensorName, DenseTensor> inputs =
        InputData.of(naive, shapes, InputData.Kind.LARGE_SCORES, SEED, Map.of());
    assertThat(bounded(naive, shapes, inputs).get(new TensorName("SD")).bound().values())
        .contains(Double.POSITIVE_INFINITY);

    Cascade computed =
        CascadeBuilder.cascade("computed index")
            .inputs("A[M]")
            .tensors(0, "I[M]")
            .outputs("Z[M]")
            .einsum("I[m] = A[m] * A[m]")
            .einsum("Z[m] = A[I[m]]")
            .build();
    assertThatThrownBy(() -> bounded(computed, CascadeBuilder.shapes(computed, "M=3"), Map.of()))
        .hasMessage(
            "Einsum Z reads coordinates from I, which is computed: rounding may change what is"
                + " read");
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
    Map<TensorName, Bounded> bounded = bounded(cascade, shapes, inputs);
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
                  "%s[%d] is %s, exact %s, bound %s; %s, %s, seed %d, run %d",
                  tensor.name(),
                  i,
                  computed[i],
                  values[i],
                  bounds[i],
                  cascade.name(),
                  kind,
                  seed,
                  run)
              .isTrue();
        }
      }
    }
  }

  private static Map<TensorName, Bounded> bounded(
      Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> inputs) {
    return RoundingErrorEvaluator.evaluate(
        cascade, shapes, inputs, Format.SINGLE, FunctionErrors.OPENCL_FULL_PROFILE);
  }
}
