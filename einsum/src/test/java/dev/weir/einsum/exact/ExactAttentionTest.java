package dev.weir.einsum.exact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.check.ShippedCascades;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** All forms of softmax attention compute the same, and one with a mistake does not. */
@ParameterizedClass
@EnumSource(ExactField.class)
class ExactAttentionTest {

  private static final int CASES = 2000;
  private static final long SEED = 20261128;
  private static final TensorName OUTPUT = new TensorName("AV");
  private static final List<Cascade> FORMS =
      List.of(
          ShippedCascades.named("attention_3pass"),
          ShippedCascades.named("attention_naive"),
          ShippedCascades.named("attention_3pass_deferred"),
          ShippedCascades.named("attention_2pass"),
          ShippedCascades.named("attention_1pass"));
  private static final List<Cascade> MASKED =
      List.of(
          ShippedCascades.named("attention_3pass_masked"),
          ShippedCascades.named("attention_1pass_masked"),
          masked(
              """
                SN[b,h,m,p]  = exp(QK[b,h,m,p])
                SD[b,h,p]    = SN[b,h,m,p]
                SNV[b,h,p,f] = SN[b,h,m,p] * V[b,h,m,f]
                AV[b,h,p,f]  = SNV[b,h,p,f] / SD[b,h,p]
              """),
          masked(
              """
                LM[b,h,m1,p]     = QK[b,h,m1*M0+m0,p] :: max(m0)
                GM[b,h,p]        = LM[b,h,m1,p] :: max(m1)
                SLN[b,h,m1,m0,p] = exp(QK[b,h,m1*M0+m0,p] - LM[b,h,m1,p])
                PLM[b,h,m1,p]    = exp(LM[b,h,m1,p] - GM[b,h,p])
                SD[b,h,p]        = SLN[b,h,m1,m0,p] * PLM[b,h,m1,p]
                SN[b,h,m1,m0,p]  = SLN[b,h,m1,m0,p] * PLM[b,h,m1,p]
                A[b,h,m1,m0,p]   = SN[b,h,m1,m0,p] / SD[b,h,p]
                AV[b,h,p,f]      = A[b,h,m1,m0,p] * V[b,h,m1*M0+m0,f]
              """));

  private static final String ONLINE_LAYER =
      """
        RM[0,p]       = -inf
        RD[0,p]       = 0
        RNV[0,p,f]    = 0
        LM[m1,p]      = S[m1*M0+m0,p] :: max(m0)
        RM[m1+1,p]    = max(RM[m1,p], LM[m1,p])
        SLN[m1,m0,p]  = exp(S[m1*M0+m0,p] - RM[m1+1,p])
        SLD[m1,p]     = SLN[m1,m0,p]
        SLV[m1,p,f]   = SLN[m1,m0,p] * X[m1*M0+m0,f]
        PRM[m1,p]     = exp(RM[m1,p] - RM[m1+1,p])
        RD[m1+1,p]    = SLD[m1,p] + RD[m1,p] * PRM[m1,p]
        RNV[m1+1,p,f] = SLV[m1,p,f] + RNV[m1,p,f] * PRM[m1,p]
        AV[p,f]       = RNV[M1,p,f] / RD[M1,p]
      """;

  /** Two layers; the keys and values of the second are what the first one computes. */
  private static final List<Cascade> LAYERS =
      List.of(
          layers(
              """
                GM[p]    = S[m,p] :: max(m)
                SN[m,p]  = exp(S[m,p] - GM[p])
                SD[p]    = SN[m,p]
                A[m,p]   = SN[m,p] / SD[p]
                AV[p,f]  = A[m,p] * X[m,f]
              """),
          layers(ONLINE_LAYER));

  private final ExactField field;

  ExactAttentionTest(ExactField field) {
    this.field = field;
  }

  private static Cascade layers(String second) {
    return read(
        """
        cascade layers
          ranks     P, M, N = M, E, F
          partition M = M1 * M0
          inputs    Q[P,E], K[M,E], V[M,F], W[F,E]
          scalar    scale = E^-0.5
          empty     Q = -inf, K = -inf, W = -inf, T = -inf, X = inf, Y = inf, S = -inf

          T[m,n]  = scale * K[m,e] * K[1*n,e]
          TN[m,n] = exp(T[m,n])
          TD[m]   = TN[m,n]
          B[m,n]  = TN[m,n] / TD[m]
          X[m,f]  = B[m,n] * V[1*n,f]
          Y[m,e]  = X[m,f] * W[f,e]
          S[m,p]  = scale * Q[p,e] * Y[m,e]
        """
            + second
            + "  outputs   AV\n");
  }

  private static Cascade masked(String einsums) {
    return read(
        """
        cascade masked
          ranks     B, H, P, M, E, F
          partition M = M1 * M0
          inputs    Q[B,H,P,E], K[B,H,M,E], V[B,H,M,F], N[B,P]
          scalar    scale = E^-0.5
          empty     Q = -inf, K = -inf, QK = -inf

          QK[b,h,m,p] = scale * Q[b,h,p,e] * K[b,h,m,e] | m < N[b,p]
        """
            + einsums
            + "  outputs   AV\n");
  }

  private static Cascade mutant() throws IOException {
    Path file =
        ShippedCascades.files().stream()
            .filter(f -> f.endsWith("attention_1pass.edge"))
            .findFirst()
            .orElseThrow();
    String corrected = "RNV[b,h,m1,p,f] * PRM[b,h,m1,p]";
    String text = Files.readString(file);
    assertThat(text).containsOnlyOnce(corrected);
    return read(text.replace(corrected, "RNV[b,h,m1,p,f]"));
  }

  private static Cascade read(String text) {
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile("test.edge", text), diagnostics)
        .orElseThrow(() -> new AssertionError(diagnostics.render()));
  }

  /** Shapes of a case: every length and tile up to 14 occurs. */
  private static Map<String, Long> workload(int number, Random random) {
    long m = 1L + number % 14;
    return Map.of(
        "B", 1L,
        "H", 1L,
        "P", 1L + random.nextInt(2),
        "M", m,
        "M0", 1L + number / 14 % m,
        "E", 1L + random.nextInt(4),
        "F", 1L + random.nextInt(2));
  }

  private static Shapes shapes(Cascade cascade, Map<String, Long> workload) {
    Map<RankName, Long> given = new HashMap<>();
    workload.forEach((rank, shape) -> given.put(new RankName(rank), shape));
    return cascade.shapes(given);
  }

  private ExactTensor output(Cascade cascade, Map<String, Long> workload, long seed) {
    Shapes shapes = shapes(cascade, workload);
    // Up to two keys more than there are, and often none.
    IntegerInputs.Range lengths = new IntegerInputs.Range(0, workload.get("M") + 2);
    Map<TensorName, DenseTensor> inputs =
        IntegerInputs.of(
            cascade,
            shapes,
            new IntegerInputs.Range(-3, 3),
            Map.of(new TensorName("N"), lengths),
            seed);
    return ExactEvaluator.evaluate(cascade, shapes, inputs, field, seed).get(OUTPUT);
  }

  @Test
  void allFormsAgree() {
    agree(FORMS, CASES);
  }

  @Test
  void allMaskedFormsAgreeFullyMaskedRowsIncluded() {
    assertThat(agree(MASKED, CASES)).isGreaterThan(CASES / 20);
  }

  /** Scores that exponentials went into are ordered, and rescaled, like any other. */
  @Test
  void laterLayersAgreeToo() {
    assertThat(agree(LAYERS, CASES / 5)).isLessThan(CASES / 10);
  }

  /** How many outputs are nothing but zero, as those of fully masked rows are. */
  private int agree(List<Cascade> forms, int cases) {
    int zeros = 0;
    for (int number = 0; number < cases; number++) {
      Random random = new Random(SEED + number);
      Map<String, Long> workload = workload(number, random);
      // The seed of what stands for e differs from case to case: 2000 seeds instead of three.
      long seed = random.nextLong();
      ExactTensor expected = output(forms.getFirst(), workload, seed);
      zeros += Arrays.stream(expected.values()).allMatch(ExactAttentionTest::isZero) ? 1 : 0;
      for (Cascade form : forms.subList(1, forms.size())) {
        assertThat(output(form, workload, seed))
            .as("%s, %s, seed %d", form.name(), workload, seed)
            .isEqualTo(expected);
      }
    }
    return zeros;
  }

  private static boolean isZero(ExactValue value) {
    return switch (value) {
      case ExactValue.Finite finite -> finite.isZero();
      case ExactValue.Infinite _ -> false;
    };
  }

  @Test
  void everySeedAgreesOnTheSameCase() {
    Map<String, Long> workload = workload(700, new Random(SEED));
    for (long seed = 1; seed <= 3; seed++) {
      Shapes shapes = shapes(FORMS.getFirst(), workload);
      Map<TensorName, DenseTensor> inputs =
          IntegerInputs.of(
              FORMS.getFirst(), shapes, new IntegerInputs.Range(-3, 3), Map.of(), SEED);
      ExactTensor expected =
          ExactEvaluator.evaluate(FORMS.getFirst(), shapes, inputs, field, seed).get(OUTPUT);
      for (Cascade form : FORMS) {
        assertThat(
                ExactEvaluator.evaluate(form, shapes(form, workload), inputs, field, seed)
                    .get(OUTPUT))
            .as("%s, seed %d", form.name(), seed)
            .isEqualTo(expected);
      }
    }
  }

  /**
   * Without the correction of what was summed under an earlier maximum, most cases differ; the
   * others have a maximum that stays, or a row that starts with zeros.
   */
  @Test
  void aDroppedCorrectionIsFound() throws IOException {
    assertThat(found(ShippedCascades.named("attention_1pass"), mutant(), CASES))
        .isGreaterThan(CASES / 2);
    String corrected = "RNV[m1,p,f] * PRM[m1,p]";
    assertThat(ONLINE_LAYER).containsOnlyOnce(corrected);
    Cascade layer = layers(ONLINE_LAYER.replace(corrected, "RNV[m1,p,f]"));
    assertThat(found(LAYERS.getLast(), layer, CASES / 5)).isGreaterThan(CASES / 10);
  }

  /** In how many cases of at least three tiles a mutant differs. */
  private int found(Cascade form, Cascade mutant, int cases) {
    int found = 0;
    for (int number = 0; number < cases; number++) {
      Random random = new Random(SEED + number);
      Map<String, Long> workload = new HashMap<>(workload(number, random));
      long keys = 3 + random.nextLong(12);
      workload.put("M", keys);
      workload.put("M0", 1 + random.nextLong(keys / 3));
      long seed = random.nextLong();
      found += output(mutant, workload, seed).equals(output(form, workload, seed)) ? 0 : 1;
    }
    System.out.printf(
        "%s over %s: dropped correction found in %d of %d cases%n",
        form.name(), field, found, cases);
    return found;
  }
}
