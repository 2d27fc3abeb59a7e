package dev.weir.einsum.check;

import static dev.weir.einsum.ir.Condition.Comparison;
import static dev.weir.einsum.ir.Quantity.Arithmetic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.MergeOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.ScalarFunction;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What each construct becomes, and that everything the checked form holds can be said. */
class LoweringTest {

  private static final long SEED = 20261124;
  private static final RankName M = new RankName("M");
  private static final RankName M1 = new RankName("M1");
  private static final RankName M0 = new RankName("M0");
  private static final RankName P = new RankName("P");
  private static final RankName H = new RankName("H");
  private static final RankName HK = new RankName("Hk");

  private final Random random = new Random(SEED);

  private static final ScalarFunction HALF =
      new ScalarFunction(
          "half",
          List.of("x"),
          new Expression.Binary(
              BinaryOperator.DIVIDE,
              BinaryOperator.DIVIDE.defaultMerge(),
              new Expression.Parameter(0, "x"),
              new Expression.Literal(2)),
          Optional.empty(),
          ScalarFunction.Range.ANY,
          ScalarFunction.Direction.RISING);

  private static final ScalarFunction TURNED =
      new ScalarFunction(
          "turned",
          List.of("x"),
          new Expression.Unary(UnaryOperator.NEGATE, new Expression.Parameter(0, "x")),
          Optional.empty(),
          ScalarFunction.Range.ANY,
          ScalarFunction.Direction.FALLING);

  private static final ScalarFunction LEAKY =
      new ScalarFunction(
          "leaky",
          List.of("x", "slope"),
          new Expression.Binary(
              BinaryOperator.MAXIMUM,
              BinaryOperator.MAXIMUM.defaultMerge(),
              new Expression.Apply(
                  HALF,
                  List.of(new Expression.Apply(TURNED, List.of(new Expression.Parameter(0, "x"))))),
              new Expression.Unary(UnaryOperator.ABS, new Expression.Parameter(1, "slope"))),
          Optional.of(Map.of("max", 1, "multiply", 2)),
          new ScalarFunction.Range(-1.5, Double.POSITIVE_INFINITY),
          ScalarFunction.Direction.UNKNOWN);

  private static Index clamped(Index index, long low, long high) {
    return new Index.Computed(
        Quantity.clamped(index.quantity(), Quantity.constant(low), Quantity.constant(high)));
  }

  @Test
  void indicesHaveOneMeaningEach() {
    assertThat(index("m1*M0+m0")).isEqualTo(new Index.Joined(M, M1, M0));
    assertThat(index("m0 + M0*m1")).isEqualTo(new Index.Joined(M, M1, M0));
    assertThat(index("2*p + m - 3"))
        .isEqualTo(new Index.Affine(List.of(new Index.Term(2, P), new Index.Term(1, M)), -3));
    assertThat(index("m+1")).isEqualTo(new Index.Affine(List.of(new Index.Term(1, M)), 1));
    assertThat(index("(m)")).isEqualTo(new Index.Coordinate(M));
    assertThat(index("3")).isEqualTo(new Index.Fixed(3));
    assertThat(index("clamp(p-1, -2, 7)"))
        .isEqualTo(clamped(new Index.Affine(List.of(new Index.Term(1, P)), -1), -2, 7));
    assertThat(index("J[p]"))
        .isEqualTo(
            new Index.Gathered(new Access(new TensorName("J"), List.of(new Index.Coordinate(P)))));
    assertThat(value("V[h*Hk/H]"))
        .isEqualTo(
            new Expression.Read(
                new Access(new TensorName("V"), List.of(new Index.HeadMap(H, HK)))));
  }

  @Test
  void valuesHaveOneMeaningEach() {
    Expression j = read("J", new Index.Coordinate(P));
    Expression s = read("S");
    assertThat(value("exp(J[p] - S)"))
        .isEqualTo(binary(BinaryOperator.SUBTRACT_THEN_EXP, MergeOperator.UNION, j, s));
    assertThat(value("exp((J[p] - S))"))
        .isEqualTo(
            new Expression.Unary(
                UnaryOperator.EXP, binary(BinaryOperator.SUBTRACT, MergeOperator.UNION, j, s)));
    assertThat(value("exp(J[p] -{right} S)"))
        .isEqualTo(binary(BinaryOperator.SUBTRACT_THEN_EXP, MergeOperator.TAKE_RIGHT, j, s));
    assertThat(value("-0.5")).isEqualTo(new Expression.Literal(-0.5));
    assertThat(value("-(0.5)"))
        .isEqualTo(new Expression.Unary(UnaryOperator.NEGATE, new Expression.Literal(0.5)));
    assertThat(value("-S^2"))
        .isEqualTo(
            new Expression.Unary(
                UnaryOperator.NEGATE,
                binary(
                    BinaryOperator.POWER,
                    MergeOperator.PASS_THROUGH,
                    s,
                    new Expression.Literal(2))));
    assertThat(value("2 - 1 - 3"))
        .isEqualTo(
            binary(
                BinaryOperator.SUBTRACT,
                MergeOperator.UNION,
                binary(
                    BinaryOperator.SUBTRACT,
                    MergeOperator.UNION,
                    new Expression.Literal(2),
                    new Expression.Literal(1)),
                new Expression.Literal(3)));
    assertThat(value("M")).isEqualTo(new Expression.ShapeValue(M));
    assertThat(value("m")).isEqualTo(new Expression.Position(new Index.Coordinate(M)));
  }

  @Test
  void conditionsHaveOneMeaningEach() {
    Quantity m = new Quantity.OfIndex(new Index.Coordinate(M));
    Quantity four = new Quantity.OfIndex(new Index.Fixed(4));
    assertThat(condition("m1*M0+m0 < J[p] and not (m > P or false)"))
        .isEqualTo(
            new Condition.All(
                List.of(
                    new Condition.Compare(
                        new Quantity.OfIndex(new Index.Joined(M, M1, M0)),
                        Comparison.LESS,
                        new Quantity.OfIndex(index("J[p]"))),
                    new Condition.Not(
                        new Condition.Any(
                            List.of(
                                new Condition.Compare(
                                    m, Comparison.GREATER, new Quantity.OfShape(P)),
                                new Condition.Any(List.of())))))));
    assertThat(condition("m/4 == m%4"))
        .isEqualTo(
            new Condition.Compare(
                new Quantity.Combined(m, Arithmetic.DIVIDE, four),
                Comparison.EQUAL,
                new Quantity.Combined(m, Arithmetic.REMAINDER, four)));
  }

  @Test
  void emptyValuesFollowMaximaAndMinima() {
    Cascade cascade =
        cascade(
            """
            cascade c
              ranks M, P
              inputs A[M], B[P]
              empty U = 7
              S = A[m]
              X = A[m] :: max(m)
              Y[m] = min(A[m], 2)
              R[0] = 3
              R[p+1] = max(R[p], B[p])
              U = A[m] :: max(m)
              outputs S, X, Y, R, U
            """);
    assertThat(cascade.tensors())
        .extracting(tensor -> tensor.name() + " " + tensor.empty())
        .containsExactly(
            "A 0.0", "B 0.0", "S 0.0", "X -Infinity", "Y Infinity", "R -Infinity", "U 7.0");
    assertThat(cascade.tensorsByName().get(new TensorName("R")).generations()).contains(P);
    assertThat(cascade.iterativeRanks()).containsExactly(P);
  }

  /** Random checked cascades, made without the reader, are said and read back unchanged. */
  @Test
  void everythingThatTheCheckedFormHoldsCanBeSaid() {
    for (int i = 0; i < 150; i++) {
      Cascade cascade = randomCascade();
      String text = CascadeWriter.write(cascade);
      Diagnostics diagnostics = new Diagnostics();
      Optional<Cascade> read = CascadeReader.read(new SourceFile("said", text), diagnostics);
      assertThat(read).as("seed %d:\n%s%s", SEED, text, diagnostics.render()).contains(cascade);
    }
  }

  private Cascade randomCascade() {
    Access output = new Access(new TensorName("Z"), List.of(new Index.Coordinate(P)));
    Einsum einsum =
        new Einsum(
            output,
            randomValue(4),
            pick(Monoid.values()),
            random.nextBoolean() ? Optional.of(randomCondition(3)) : Optional.empty());
    Access chosen =
        new Access(new TensorName("C"), List.of(new Index.Coordinate(P), new Index.Coordinate(H)));
    Einsum populating =
        new Einsum(
            chosen,
            read("K", new Index.Coordinate(M)),
            Monoid.SUM,
            Optional.of(randomPopulate()),
            Optional.empty());
    return new Cascade(
        "c",
        random.nextBoolean() ? "" : "a \"b\" \\ c",
        List.of(new Partition(M, M1, M0)),
        List.of(
            tensor("K", Tensor.Role.INPUT, M),
            tensor("J", Tensor.Role.INPUT, P),
            tensor("V", Tensor.Role.INPUT, HK),
            tensor("S", Tensor.Role.INPUT),
            new Tensor(new TensorName("Z"), Tensor.Role.OUTPUT, List.of(P), Optional.empty(), -2.5),
            new Tensor(chosen.tensor(), Tensor.Role.OUTPUT, List.of(P, H), Optional.empty(), -1)),
        Map.of(
            new TensorName("a"), new Expression.ScalarRead(new TensorName("b")),
            new TensorName("b"), new Expression.ShapeValue(M)),
        Map.of(M0, 4L),
        Map.of(H, randomShape(2)),
        Map.of(new TensorName("V"), randomDistribution()),
        List.of(),
        List.of(einsum, populating));
  }

  private Distribution randomDistribution() {
    return switch (random.nextInt(6)) {
      case 0 -> new Distribution.Uniform(randomShape(1), randomShape(1));
      case 1 -> new Distribution.Normal(randomShape(1), new Quantity.OfNumber(0.5));
      case 2 -> new Distribution.Integers(randomShape(1), randomShape(1));
      case 3 -> new Distribution.Signs();
      case 4 -> new Distribution.Permutation();
      default -> new Distribution.Rising(randomShape(1), randomShape(1));
    };
  }

  private Quantity randomShape(int depth) {
    return depth == 0
        ? new Quantity.OfShape(pick(M, M0, M1, P, HK))
        : new Quantity.Combined(
            randomShape(depth - 1), pick(Arithmetic.values()), Quantity.constant(3));
  }

  private Populate randomPopulate() {
    Populate.Order order = pick(Populate.Order.values());
    boolean isBounded = order == Populate.Order.LARGEST_FIRST && random.nextBoolean();
    return new Populate(
        order, M, H, isBounded ? Optional.of(randomSumToReach()) : Optional.empty());
  }

  private Quantity randomSumToReach() {
    Quantity sum = randomQuantity(1);
    return sum.ranks().allMatch(P::equals) ? sum : randomSumToReach();
  }

  private Expression randomValue(int depth) {
    if (depth == 0) {
      return switch (random.nextInt(5)) {
        case 0 ->
            new Expression.Literal(
                List.of(0.0, -0.0, 2.0, -1.5, 1e-7, 3e40, Double.NEGATIVE_INFINITY)
                    .get(random.nextInt(7)));
        case 1 -> new Expression.ShapeValue(pick(M, H, M0));
        case 2 -> new Expression.Position(randomIndex(1));
        case 3 -> new Expression.ScalarRead(new TensorName("a"));
        default -> random.nextBoolean() ? read("S") : read("K", randomIndexOfM());
      };
    }
    return switch (random.nextInt(5)) {
      case 4 ->
          new Expression.Apply(
              LEAKY, List.of(unknown(randomValue(depth - 1)), randomValue(depth - 1)));
      case 0 -> new Expression.Unary(pick(UnaryOperator.values()), unknown(randomValue(depth - 1)));
      case 1, 2 ->
          binary(
              pick(BinaryOperator.values()),
              pick(MergeOperator.values()),
              randomValue(depth - 1),
              unknown(randomValue(depth - 1)));
      default ->
          new Expression.Select(randomCondition(1), randomValue(depth - 1), randomValue(depth - 1));
    };
  }

  /** Numbers alone may have no value, which is refused. */
  private static Expression unknown(Expression value) {
    return value instanceof Expression.Literal ? read("S") : value;
  }

  private Index randomIndexOfM() {
    return switch (random.nextInt(5)) {
      case 0 -> new Index.Coordinate(M);
      case 1 -> new Index.Joined(M, M1, M0);
      case 2 -> randomAffine();
      case 3 -> new Index.Computed(combined(1));
      default -> clamped(randomAffine(), -1, 5);
    };
  }

  private Index randomIndex(int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> new Index.Coordinate(pick(M, P, M0));
      case 1 -> new Index.Fixed(random.nextInt(5) - 2);
      case 2 -> randomAffine();
      case 3 -> new Index.HeadMap(H, HK);
      case 4 -> clamped(randomIndex(depth - 1), -3, 3);
      default ->
          new Index.Gathered(new Access(new TensorName("J"), List.of(new Index.Coordinate(P))));
    };
  }

  private Index randomAffine() {
    List<Index.Term> terms = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      long coefficient = random.nextInt(3) + 1L;
      terms.add(new Index.Term(random.nextBoolean() ? coefficient : -coefficient, pick(M, P, M1)));
    }
    return new Index.Affine(terms, random.nextInt(5) - 2);
  }

  private Condition randomCondition(int depth) {
    if (depth == 0) {
      return new Condition.Compare(randomQuantity(2), pick(Comparison.values()), randomQuantity(2));
    }
    return switch (random.nextInt(4)) {
      case 0 -> new Condition.Not(randomCondition(depth - 1));
      case 1 -> new Condition.All(List.of(randomCondition(depth - 1), randomCondition(depth - 1)));
      case 2 ->
          random.nextInt(4) == 0
              ? new Condition.Any(List.of())
              : new Condition.Any(
                  List.of(
                      randomCondition(depth - 1),
                      randomCondition(depth - 1),
                      randomCondition(depth - 1)));
      default -> randomCondition(0);
    };
  }

  private Quantity randomQuantity(int depth) {
    if (depth == 0 || random.nextBoolean()) {
      return switch (random.nextInt(6)) {
        case 0, 1 -> new Quantity.OfShape(pick(M, M0, P));
        case 2 -> new Quantity.OfNumber(pick(0.5, -2.25, 1e-7, Double.POSITIVE_INFINITY));
        case 3 -> new Quantity.OfScalar(new TensorName("a"));
        default -> randomIndex(1).quantity();
      };
    }
    return combined(depth - 1);
  }

  private Quantity combined(int depth) {
    Quantity.Combined made =
        new Quantity.Combined(
            randomQuantity(depth), pick(Arithmetic.values()), randomQuantity(depth));
    return made.dividesByZero() ? combined(depth) : made;
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static Index index(String text) {
    return ((Expression.Read) value("K[" + text + "]")).access().indices().getFirst();
  }

  private static Expression value(String text) {
    return cascade(wrap(text)).einsums().getFirst().value();
  }

  private static Condition condition(String text) {
    return cascade(wrap("1 | " + text)).einsums().getFirst().condition().orElseThrow();
  }

  private static String wrap(String rightSide) {
    return """
    cascade c
      ranks M, P, H, Hk
      partition M = M1 * M0
      inputs K[M], J[P], V[Hk], S
      Z = %s
      outputs Z
    """
        .formatted(rightSide);
  }

  private static Cascade cascade(String text) {
    Diagnostics diagnostics = new Diagnostics();
    Optional<Cascade> cascade = CascadeReader.read(new SourceFile("text", text), diagnostics);
    assertThat(diagnostics.hasErrors()).as(diagnostics.render()).isFalse();
    return cascade.orElseThrow();
  }

  private static Expression read(String tensor, Index... indices) {
    return new Expression.Read(new Access(new TensorName(tensor), List.of(indices)));
  }

  private static Expression binary(
      BinaryOperator operator, MergeOperator merge, Expression left, Expression right) {
    return new Expression.Binary(operator, merge, left, right);
  }

  private static Tensor tensor(String name, Tensor.Role role, RankName... ranks) {
    return new Tensor(new TensorName(name), role, List.of(ranks), Optional.empty(), 0);
  }
}
