package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Matrix products against single points: small integers, so that no order of a sum rounds. */
class ContractionTest {

  private static final long SEED = 20261128;
  private static final TensorName OUTPUT = new TensorName("T");

  private final Random random = new Random(SEED);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "T[m,p] = 0.5 * Q[0,p,e] * K[1,m,e]",
        "T[h,m,p] = Q[h,p,e] * K[h*G/H,m,e] * 4",
        "T[h,p,m] = Q[h,p,e] * K[h*G/H,m,e] | m <= p",
        "T[h,m,p] = Q[h,p,e] * K[h*G/H,m,e] | p-m < 9 and m <= p and h != 1",
        "T[h,m,p] = Q[h,p,e] * K[h*G/H,m,e] | m < N[p] or p == 3",
        "T[p,f] = A[1,m,p] * V[m,f]",
        "T[f,p] = V[m,f] * A[0,m,p]",
        "T[h,f,p] = V[m,f] * A[h,m,p] | N[p] > 2",
        "T[h,m1,m0,p] = Q[h,p,e] * K[h*G/H,m1*M0+m0,e]",
        "T[h,m1*M0+m0,p] = Q[h,p,e] * K[h*G/H,m1*M0+m0,e] | m1*M0+m0 <= p",
        "T[h,p,f] = A[h,m1*M0+m0,p] * V[m1*M0+m0,f]"
      })
  void everyFormAgrees(String einsum) {
    for (String empty : new String[] {"0", "-inf", "2"}) {
      Cascade cascade = cascade(einsum, empty);
      for (String shapes : new String[] {"M=3 M0=2 P=5 E=2 F=1", "M=17 M0=5 P=12 E=6 F=9"}) {
        assertAgree(cascade, CascadeBuilder.shapes(cascade, shapes + " H=4 G=2"), 1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"130, 515, 3", "515, 130, 3", "2, 3, 131", "20, 514, 129"})
  void tilesOfEverySizeAgree(long keys, long queries, long depth) {
    for (String condition : new String[] {"", " | m <= p", " | p-m < 3 and m < p+9"}) {
      Cascade cascade = cascade("T[m,p] = Q[0,p,e] * K[0,m,e]" + condition, "-inf");
      String shapes = "M=%d M0=1 P=%d E=%d F=1 H=1 G=1".formatted(keys, queries, depth);
      assertAgree(cascade, CascadeBuilder.shapes(cascade, shapes), 1);
      assertAgree(cascade, CascadeBuilder.shapes(cascade, shapes), depth);
    }
  }

  @Test
  void valuesThatAreNotFiniteAreLeftToTheLoops() {
    Cascade cascade = cascade("T[m,p] = Q[0,p,e] * K[0,m,e]", "0");
    Shapes shapes = CascadeBuilder.shapes(cascade, "M=3 M0=1 P=600 E=2 F=1 H=1 G=1");
    Map<TensorName, DenseTensor> inputs = inputs(cascade, shapes, 1);
    // In the second tile, so that the first one is written twice; infinity meets an absent value.
    inputs.get(new TensorName("Q")).set(Double.POSITIVE_INFINITY, 0, 599, 1);
    inputs.get(new TensorName("K")).set(Double.NEGATIVE_INFINITY, 0, 1, 1);
    DenseTensor expected = evaluate(cascade, shapes, inputs, ReferenceEvaluator.Method.POINTS);
    DenseTensor actual = evaluate(cascade, shapes, inputs, ReferenceEvaluator.Method.PRODUCTS);

    assertThat(actual.values()).isEqualTo(expected.values());
    assertThat(contraction(cascade, shapes, inputs).orElseThrow().run(new long[5])).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "T[m,p] = Q[0,p,e] * K[0,m,e] | e < N[p]",
        "T[m,p] = Q[0,p,e] * K[0,m,e] :: max(e)",
        "T[m,p] = Q[0,p,e] + K[0,m,e]",
        "T[m,p] = Q[0,p,e] *{union} K[0,m,e]",
        "T[h,p] = Q[h,p,e] * Q[h,p,e]",
        "T[m,p] = Q[0,p,e] * K[0,m-1,e]",
        "T[m,p] = Q[0,p,e] * K[0,m,e] * N[p]"
      })
  void whatIsNoMatrixProductIsLeftToTheLoops(String einsum) {
    Cascade cascade = cascade(einsum, "0");
    Shapes shapes = CascadeBuilder.shapes(cascade, "M=3 M0=1 P=4 E=2 F=1 H=2 G=2");

    assertThat(contraction(cascade, shapes, inputs(cascade, shapes, 1))).isEmpty();
  }

  /** Compares a cascade where so many values are present for each one that is absent. */
  private void assertAgree(Cascade cascade, Shapes shapes, long present) {
    Map<TensorName, DenseTensor> inputs = inputs(cascade, shapes, present);
    DenseTensor expected = evaluate(cascade, shapes, inputs, ReferenceEvaluator.Method.POINTS);
    DenseTensor actual = evaluate(cascade, shapes, inputs, ReferenceEvaluator.Method.PRODUCTS);

    assertThat(contraction(cascade, shapes, inputs)).as("%s", cascade.einsums()).isPresent();
    assertThat(actual.values())
        .as("%s, seed %d", cascade.einsums(), SEED)
        .usingComparatorWithPrecision(0.0)
        .containsExactly(expected.values());
  }

  private static DenseTensor evaluate(
      Cascade cascade,
      Shapes shapes,
      Map<TensorName, DenseTensor> inputs,
      ReferenceEvaluator.Method method) {
    return ReferenceEvaluator.evaluate(cascade, cascade.einsums(), shapes, inputs, method)
        .get(OUTPUT);
  }

  private static Optional<Contraction> contraction(
      Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> inputs) {
    Map<TensorName, DenseTensor> tensors = new HashMap<>(inputs);
    tensors.putAll(ReferenceEvaluator.allocate(cascade, shapes));
    PointCompiler compiler = new PointCompiler(cascade, cascade.einsums(), shapes, tensors);
    return Contraction.of(
        cascade.einsums().getFirst(), Set.of(), compiler, new ValueCompiler(compiler));
  }

  private static Cascade cascade(String einsum, String empty) {
    String text =
        """
        cascade contraction
          ranks     H, G, M, P, E, F
          partition M = M1 * M0
          inputs    Q[H,P,E], K[G,M,E], A[H,M,P], V[M,F], N[P]
          empty     K = -inf, T = %s

          %s
          outputs   T
        """
            .formatted(empty, einsum);
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile("contraction", text), diagnostics)
        .orElseThrow(() -> new AssertionError(diagnostics.render()));
  }

  private Map<TensorName, DenseTensor> inputs(Cascade cascade, Shapes shapes, long present) {
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        DenseTensor values =
            new DenseTensor(ReferenceEvaluator.shape(tensor, shapes), tensor.empty());
        for (int i = 0; i < values.array().length; i++) {
          if (random.nextLong(present + 1) > 0) {
            values.array()[i] = random.nextInt(7) - 3;
          }
        }
        inputs.put(tensor.name(), values);
      }
    }
    return inputs;
  }
}
