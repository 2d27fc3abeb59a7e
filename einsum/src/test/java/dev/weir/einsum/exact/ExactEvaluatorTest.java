package dev.weir.einsum.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.analysis.CascadeBuilder;
import dev.weir.einsum.analysis.RandomCascades;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.check.ShippedCascades;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.eval.IrregularEvaluationTest;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Exact evaluation against evaluation in double precision, with which it shares no code. */
@ParameterizedClass
@EnumSource(ExactField.class)
class ExactEvaluatorTest {

  private static final long SEED = 20261128;
  private static final int CASCADES = 600;
  private static final double TOLERANCE = 1e-9;

  private final ExactField field;
  private final ExactArithmetic arithmetic;

  ExactEvaluatorTest(ExactField field) {
    this.field = field;
    this.arithmetic = new ExactArithmetic(field, SEED);
  }

  private static DenseTensor dense(double... values) {
    return new DenseTensor(new long[] {values.length}, 0, values);
  }

  private ExactTensor exact(double... values) {
    return new ExactTensor(dense(values), arithmetic);
  }

  @Test
  void randomCascadesAgreeWithDoublePrecision() {
    int exact = 0;
    for (long seed = SEED; seed < SEED + CASCADES; seed++) {
      Cascade cascade =
          withoutNaN(seed % 2 == 0 ? RandomCascades.plain(seed) : RandomCascades.conditional(seed));
      Shapes shapes = CascadeBuilder.shapes(cascade, "M=7 M0=3 P=2 F=2");
      Map<TensorName, DenseTensor> inputs =
          InputData.of(
              cascade,
              shapes,
              InputData.Kind.EXACT_TIES,
              seed,
              Map.of(new TensorName("N"), new InputData.IntegerRange(0, 7)));
      Map<TensorName, DenseTensor> expected = ReferenceEvaluator.evaluate(cascade, shapes, inputs);
      exact +=
          agree(
              cascade,
              expected,
              ExactEvaluator.evaluate(cascade, shapes, inputs, field, seed),
              seed);
    }
    System.out.printf("%d values of %d random cascades equal to the last bit%n", exact, CASCADES);
    assertThat(exact).isGreaterThan(50 * CASCADES);
  }

  @Test
  void irregularCascadesAgreeWithDoublePrecision() {
    Cascade cascade = IrregularEvaluationTest.cascade();
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Shapes shapes = IrregularEvaluationTest.shapes(random);
      Map<TensorName, DenseTensor> inputs = IrregularEvaluationTest.inputs(cascade, shapes, random);
      Map<TensorName, DenseTensor> expected = ReferenceEvaluator.evaluate(cascade, shapes, inputs);
      agree(cascade, expected, ExactEvaluator.evaluate(cascade, shapes, inputs, field, seed), seed);
    }
  }

  /** Nested iterations, the inner ones stopped by what they make or by the count of steps. */
  @Test
  void stoppedIterationsAgreeWithDoublePrecision() {
    Cascade cascade =
        read(
            """
            cascade stopped
              ranks     C, K, N
              inputs    A[C,N], B[C]

              Z[0,n]     = 1
              X[c,0,n]   = 1 + Z[c,n]
              X[c,k+1,n] = A[c,n] * A[c,n] + X[c,k,n]
              D[c,k]     = X[c,k+1,n] :: max(n)
              T[c,k]     = k + D[c,k]
              Z[c+1,n]   = X[c,K,n]
              Y[n]       = Z[C,n]
              stop k when D[c,k] > 9 + B[c] or X[c,k+1,0] == 7
              outputs   Y, D, T
            """);
    int stopped = 0;
    for (long seed = SEED; seed < SEED + 100; seed++) {
      Shapes shapes =
          cascade.shapes(
              Map.of(
                  new RankName("C"), 3L, new RankName("K"), 1 + seed % 7, new RankName("N"), 2L));
      Map<TensorName, DenseTensor> inputs =
          InputData.of(cascade, shapes, InputData.Kind.EXACT_TIES, seed, Map.of());
      Map<TensorName, DenseTensor> expected = ReferenceEvaluator.evaluate(cascade, shapes, inputs);
      agree(cascade, expected, ExactEvaluator.evaluate(cascade, shapes, inputs, field, seed), seed);
      double[] taken = expected.get(new TensorName("T")).values();
      stopped += Arrays.stream(taken).anyMatch(value -> value == 0) ? 1 : 0;
    }
    assertThat(stopped).isBetween(20, 95);
  }

  /** Lengths that are never read as values need not be without an empty value. */
  private static Cascade withoutNaN(Cascade cascade) {
    List<Tensor> tensors =
        cascade.tensors().stream()
            .map(
                t ->
                    Double.isNaN(t.empty())
                        ? new Tensor(t.name(), t.role(), t.ranks(), t.generations(), -1)
                        : t)
            .toList();
    return new Cascade(
        cascade.name(), cascade.partitions(), tensors, cascade.scalars(), cascade.einsums());
  }

  /** How many values are known to the last bit; all must be equal then, and close otherwise. */
  private int agree(
      Cascade cascade,
      Map<TensorName, DenseTensor> expected,
      Map<TensorName, ExactTensor> actual,
      long seed) {
    int exact = 0;
    for (Tensor tensor : cascade.tensors()) {
      double[] wanted = expected.get(tensor.name()).values();
      ExactValue[] values = actual.get(tensor.name()).values();
      assertThat(values).hasSameSizeAs(wanted);
      for (int at = 0; at < wanted.length; at++) {
        String what =
            "%s[%d] is %s, expected %s; %s, seed %d"
                .formatted(tensor.name(), at, values[at], wanted[at], cascade.einsums(), seed);
        exact += agree(what, values[at], wanted[at]) ? 1 : 0;
      }
    }
    return exact;
  }

  private boolean agree(String what, ExactValue value, double wanted) {
    return switch (value) {
      case ExactValue.Infinite infinite -> {
        assertThat(wanted)
            .as(what)
            .isEqualTo(infinite.isPositive() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
        yield true;
      }
      case ExactValue.Finite finite -> {
        Enclosure range = finite.enclosure();
        if (range.isPoint()) {
          assertThat(wanted == range.low()).as(what).isTrue();
          // A point is a dyadic number, whose image is known without any evaluation.
          assertThat(finite.image()).as(what).isEqualTo(image(wanted));
          yield true;
        }
        double margin = TOLERANCE * Math.max(1, Math.abs(wanted));
        assertThat(range.low() - margin <= wanted && wanted <= range.high() + margin)
            .as(what)
            .isTrue();
        yield false;
      }
    };
  }

  /** The image of a double, to its last bit. */
  private long image(double dyadic) {
    BigDecimal number = new BigDecimal(dyadic);
    Residues elements = field.elements();
    long power = elements.power(elements.of(10), number.scale());
    return elements.multiply(elements.of(number.unscaledValue()), field.inverse(power));
  }

  @Test
  void everySeedGivesTheSameWholeNumbersAndOtherExponentials() {
    Cascade cascade =
        read(
            """
            cascade seeds
              ranks     M
              inputs    A[M]

              S    = A[m] * A[m]
              E[m] = exp(A[m] + 1)
              outputs   S, E
            """);
    Shapes shapes = cascade.shapes(Map.of(new RankName("M"), 4L));
    Map<TensorName, DenseTensor> inputs = Map.of(new TensorName("A"), dense(1, 2, -1, 3));
    Map<TensorName, ExactTensor> one = ExactEvaluator.evaluate(cascade, shapes, inputs, field, 1);
    Map<TensorName, ExactTensor> again = ExactEvaluator.evaluate(cascade, shapes, inputs, field, 1);
    Map<TensorName, ExactTensor> other = ExactEvaluator.evaluate(cascade, shapes, inputs, field, 2);
    assertThat(one).isEqualTo(again);
    TensorName sum = new TensorName("S");
    TensorName exponentials = new TensorName("E");
    assertThat(one.get(sum).get()).isEqualTo(arithmetic.whole(15)).hasToString("15");
    assertThat(one.get(sum)).isEqualTo(other.get(sum));
    assertThat(one.get(exponentials)).isNotEqualTo(other.get(exponentials));
    assertThat(one.get(exponentials).get(2)).hasToString("1");
  }

  /** The three forms of the example that FuseMax explains passes with. */
  @Test
  void pedagogicalFormsAgree() {
    for (long seed = SEED; seed < SEED + 200; seed++) {
      ExactValue expected = null;
      for (String form : List.of("2pass", "deferred", "iterative")) {
        Cascade cascade = ShippedCascades.named("pedagogical_" + form);
        Shapes shapes = cascade.shapes(Map.of(new RankName("K"), 1 + seed % 14));
        // The running form divides by a sum so far, which must not be 0.
        IntegerInputs.Range range = new IntegerInputs.Range(1, 5);
        Map<TensorName, DenseTensor> inputs =
            IntegerInputs.of(cascade, shapes, range, Map.of(), seed);
        ExactValue z =
            ExactEvaluator.evaluate(cascade, shapes, inputs, field, seed)
                .get(new TensorName("Z"))
                .get();
        assertThat(z).as("%s, seed %d", form, seed).isEqualTo(expected == null ? z : expected);
        expected = z;
      }
    }
  }

  /**
   * What exponentials went into has an order and a mass like anything else. Six of ten equal
   * weights are 0.6; in double precision a tenth summed up six times is less.
   */
  @Test
  void weightsOfASoftmaxAreOrderedAndSummedUp() {
    Cascade cascade =
        read(
            """
            cascade weights
              ranks     M, T = M
              inputs    S[M]
              empty     S = -inf

              SN[m] = exp(S[m])
              SD    = SN[m]
              A[m]  = SN[m] / SD
              J[t]  = A[m] :: mass(m, t, 0.6)
              B[m]  = A[m] | A[m] >= 0.1
              outputs   J, B
            """);
    Shapes shapes = cascade.shapes(Map.of(new RankName("M"), 10L));
    double[] scores = new double[10];
    Arrays.fill(scores, 3);
    TensorName chosen = new TensorName("J");
    TensorName large = new TensorName("B");
    Map<TensorName, ExactTensor> same =
        ExactEvaluator.evaluate(
            cascade, shapes, Map.of(new TensorName("S"), dense(scores)), field, SEED);
    assertThat(same.get(chosen)).isEqualTo(exact(0, 1, 2, 3, 4, 5, -1, -1, -1, -1));
    double[] tenths = new double[10];
    Arrays.fill(tenths, 0.1);
    assertThat(same.get(large)).isEqualTo(exact(tenths));
    scores[7] = 6;
    scores[2] = 4;
    Map<TensorName, ExactTensor> other =
        ExactEvaluator.evaluate(
            cascade, shapes, Map.of(new TensorName("S"), dense(scores)), field, SEED);
    // e^3 / (e^3 + e + 8) is 0.652, and e / (e^3 + e + 8) is 0.088.
    assertThat(other.get(chosen)).isEqualTo(exact(7, -1, -1, -1, -1, -1, -1, -1, -1, -1));
    assertThat(Arrays.stream(other.get(large).values()).filter(v -> !v.equals(arithmetic.whole(0))))
        .hasSize(1);
  }

  /** Elements are computed as they are read, but no chain of reads is as long as a recurrence. */
  @Test
  void longRecurrencesNeedNoDeepStack() {
    Cascade cascade =
        read(
            """
            cascade recurrence
              ranks     K
              inputs    A[K]

              S[0]   = 0
              R[0]   = 0
              S[k+1] = R[k] + A[k]
              R[k+1] = S[k+1] / 2
              Z      = R[K]
              outputs   Z
            """);
    int steps = 20_000;
    Shapes shapes = cascade.shapes(Map.of(new RankName("K"), (long) steps));
    double[] ones = new double[steps];
    Arrays.fill(ones, 1);
    ExactValue z =
        ExactEvaluator.evaluate(
                cascade, shapes, Map.of(new TensorName("A"), dense(ones)), field, SEED)
            .get(new TensorName("Z"))
            .get();
    // 1/2 + 1/4 + ... = 1 - 2^-steps, which no double tells from 1.
    Residues elements = field.elements();
    long expected = elements.subtract(1, field.inverse(elements.power(2, steps)));
    assertThat(((ExactValue.Finite) z).image()).isEqualTo(expected);
  }

  @Test
  void whatIsRefusedNamesItsEinsum() {
    refuses("S[m] = A[m] /{all} B[m]", "Einsum S: 2 / 0 is no number");
    refuses("S[m] = log(B[m] - A[m])", "Einsum S: log(-2) is no number");
    refuses("S[m] = sqrt(-(A[m]))", "Einsum S: sqrt(-2) is no number");
    refuses("S[m] = position(m/B[m])", "Einsum S: 0 / 0 is no number");
  }

  @Test
  void differencesThatOnlyTranscendentalsExplainAreNotOrdered() {
    assertThatThrownBy(() -> one("S[m] = max(A[m], exp(log(A[m])))"))
        .isInstanceOf(ExactRefusal.class)
        .hasMessageMatching(
            "Einsum S: which of 2 and \\[.*\\] = \\w+ is larger cannot be told in double"
                + " precision");
  }

  private void refuses(String einsum, String message) {
    assertThatThrownBy(() -> one(einsum)).isInstanceOf(ExactRefusal.class).hasMessage(message);
  }

  private void one(String einsum) {
    Cascade cascade =
        read("cascade one\n  ranks M\n  inputs A[M], B[M]\n  " + einsum + "\n  outputs S\n");
    Shapes shapes = cascade.shapes(Map.of(new RankName("M"), 1L));
    Map<TensorName, DenseTensor> inputs =
        Map.of(
            new TensorName("A"), dense(2),
            new TensorName("B"), dense(0));
    ExactEvaluator.evaluate(cascade, shapes, inputs, field, SEED);
  }

  @Test
  void inputsMustHaveTheirShape() {
    Cascade cascade = read("cascade one\n  ranks M\n  inputs A[M]\n  S = A[m]\n  outputs S\n");
    Shapes shapes = cascade.shapes(Map.of(new RankName("M"), 3L));
    assertThatThrownBy(() -> ExactEvaluator.evaluate(cascade, shapes, Map.of(), field, SEED))
        .hasMessage("input A has shape [3] (got no values)");
    Map<TensorName, DenseTensor> inputs = Map.of(new TensorName("A"), dense(1, 2));
    assertThatThrownBy(() -> ExactEvaluator.evaluate(cascade, shapes, inputs, field, SEED))
        .hasMessage("input A has shape [3] (got [2])");
  }

  private static Cascade read(String text) {
    Diagnostics diagnostics = new Diagnostics();
    return CascadeReader.read(new SourceFile("test.edge", text), diagnostics)
        .orElseThrow(() -> new AssertionError(diagnostics.render()));
  }
}
