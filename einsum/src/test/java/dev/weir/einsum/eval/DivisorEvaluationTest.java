package dev.weir.einsum.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What indices and conditions divide by is not 0, or the cascade or its shapes are refused. */
class DivisorEvaluationTest {

  private static final long SEED = 20261130;
  private static final int TRIES = 700;
  private static final RankName P = new RankName("P");
  private static final RankName M = new RankName("M");

  private final Random random = new Random(SEED);

  /** A whole number at a point: its text, and its value where nothing is divided by 0. */
  private record Divisor(String text, At at) {

    @FunctionalInterface
    interface At {
      OptionalLong at(long p, long m, long shapeP, long shapeM);
    }
  }

  /** Every divisor is tried at every point of small shapes. */
  @Test
  void whatIsAcceptedDividesByZeroNowhere() {
    int accepted = 0;
    int refusedByCheck = 0;
    int refusedByShapes = 0;
    for (int i = 0; i < TRIES; i++) {
      Divisor divisor = divisor(3);
      String text =
          """
          cascade c
            ranks   P, M
            inputs  A[P,M]
            X[p] = A[p,m] | m %% (%s) == 0
            outputs X
          """
              .formatted(divisor.text());
      Diagnostics diagnostics = new Diagnostics();
      Optional<Cascade> cascade = CascadeReader.read(new SourceFile("text", text), diagnostics);
      if (cascade.isEmpty()) {
        assertThat(diagnostics.render()).as("seed %d", SEED).contains("divides by 0");
        refusedByCheck++;
      }
      for (long shapeP = 1; shapeP <= 4; shapeP++) {
        for (long shapeM = 1; shapeM <= 4; shapeM++) {
          boolean hasZero = hasZero(divisor, shapeP, shapeM);
          if (cascade.isEmpty()) {
            assertThat(hasZero).as("seed %d, %s", SEED, text).isTrue();
            continue;
          }
          try {
            Shapes shapes = cascade.get().shapes(Map.of(P, shapeP, M, shapeM));
            assertThat(hasZero).as("seed %d, P %d, M %d, %s", SEED, shapeP, shapeM, text).isFalse();
            evaluate(cascade.get(), shapes, Map.of());
            OperationCount.of(cascade.get(), shapes);
            accepted++;
          } catch (InvalidInputException e) {
            assertThat(e.what()).contains("a divisor of Einsum X can be 0");
            refusedByShapes++;
          }
        }
      }
    }
    assertThat(List.of(accepted, refusedByCheck, refusedByShapes))
        .as("seed %d", SEED)
        .allMatch(count -> count > 100);
  }

  private static boolean hasZero(Divisor divisor, long shapeP, long shapeM) {
    for (long p = 0; p < shapeP; p++) {
      for (long m = 0; m < shapeM; m++) {
        OptionalLong value = divisor.at().at(p, m, shapeP, shapeM);
        if (value.isEmpty() || value.getAsLong() == 0) {
          return true;
        }
      }
    }
    return false;
  }

  private Divisor divisor(int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      long constant = random.nextInt(7) - 2L;
      return switch (random.nextInt(5)) {
        case 0 -> new Divisor("p", (p, _, _, _) -> OptionalLong.of(p));
        case 1 -> new Divisor("m", (_, m, _, _) -> OptionalLong.of(m));
        case 2 -> new Divisor("P", (_, _, shapeP, _) -> OptionalLong.of(shapeP));
        case 3 -> new Divisor("M", (_, _, _, shapeM) -> OptionalLong.of(shapeM));
        default ->
            new Divisor(
                constant < 0 ? "(" + constant + ")" : "" + constant,
                (_, _, _, _) -> OptionalLong.of(constant));
      };
    }
    Divisor left = divisor(depth - 1);
    Divisor right = divisor(depth - 1);
    String operator = List.of("+", "-", "*", "/", "%", "min", "max").get(random.nextInt(7));
    String text =
        operator.startsWith("m")
            ? "%s(%s, %s)".formatted(operator, left.text(), right.text())
            : "(%s %s %s)".formatted(left.text(), operator, right.text());
    return new Divisor(
        text,
        (p, m, shapeP, shapeM) -> {
          OptionalLong one = left.at().at(p, m, shapeP, shapeM);
          OptionalLong other = right.at().at(p, m, shapeP, shapeM);
          return one.isPresent() && other.isPresent()
              ? combined(operator, one.getAsLong(), other.getAsLong())
              : OptionalLong.empty();
        });
  }

  private static OptionalLong combined(String operator, long one, long other) {
    boolean divides = operator.equals("/") || operator.equals("%");
    if (divides && other == 0) {
      return OptionalLong.empty();
    }
    // Rounded down, by comparing: the quotient is the largest number that is not too large.
    long quotient = divides ? one / other : 0;
    if (divides && quotient * other != one && (one < 0) != (other < 0)) {
      quotient--;
    }
    return OptionalLong.of(
        switch (operator) {
          case "+" -> one + other;
          case "-" -> one - other;
          case "*" -> one * other;
          case "/" -> quotient;
          case "%" -> one - quotient * other;
          case "min" -> one < other ? one : other;
          default -> one > other ? one : other;
        });
  }

  @Test
  void shapesAtWhichADivisorIsZeroAreRefused() {
    Cascade cascade =
        read(
            """
            cascade c
              ranks   P, M, B = 2
              inputs  A[P,M]
              X[p] = A[p,m/(B-2)]
              outputs X
            """);
    Map<RankName, Long> shapes = new HashMap<>(Map.of(P, 2L, M, 3L, new RankName("B"), 2L));
    assertThatThrownBy(() -> cascade.shapes(shapes))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "a divisor of Einsum X can be 0 (got one that is 0 at these shapes, expected one that"
                + " is not 0 at any coordinates, such as max(..., 1))");
    shapes.put(new RankName("B"), 4L);
    Map<TensorName, DenseTensor> values = evaluate(cascade, cascade.shapes(shapes), Map.of());
    DenseTensor a = values.get(new TensorName("A"));
    // m/2 is 0, 0 and 1.
    assertThat(values.get(new TensorName("X")).get(1)).isEqualTo(2 * a.get(1, 0) + a.get(1, 1));
  }

  @Test
  void divisorsEverywhereAreLookedAt() {
    String header = "cascade c\n  ranks P, M, B = 2, T = 2, K = 3\n  inputs A[P,M], N[P]";
    for (String rest :
        List.of(
            "\n  X[p] = where(m/(B-2) > 0, A[p,m], 1)",
            "\n  X[p] = A[p,m] * position(m/(B-2))",
            "\n  X[p] = A[p,m] | N[m%(B-2)] > 0",
            "\n  X[p] = A[p,m] | not (m == 0 or (p < m and p/(B-2) > 0))",
            "\n  X[p,t] = A[p,m] :: mass(m, t, 1/(B-2))",
            ", I[P] :: integers(0, M/(B-2))\n  X[p] = A[p,I[p]]",
            "\n  scalar s = where(M/(B-2) > 1, 1, 2)\n  X[p] = s * A[p,m]",
            "\n  S[0,p] = 0\n  S[k+1,p] = S[k,p] + A[p,1*k]\n  R[k] = S[k+1,p]"
                + "\n  stop k when R[k] > k/(B-2)\n  X[p] = S[K,p]")) {
      Cascade cascade = read(header + rest + "\n  outputs X\n");
      Map<RankName, Long> shapes = new HashMap<>(cascade.defaultShapes());
      shapes.putAll(Map.of(P, 2L, M, 3L));
      assertThatThrownBy(() -> cascade.shapes(shapes))
          .as(rest)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("can be 0 (got one that is 0 at these shapes");
      shapes.put(new RankName("B"), 3L);
      assertThat(cascade.shapes(shapes).of(M)).isEqualTo(3);
    }
  }

  @Test
  void aShapeThatFollowsDividesByNoZero() {
    Cascade cascade =
        read(
            """
            cascade c
              ranks   P, B, M = P / (B - 2)
              inputs  A[P,M], C[B]
              X[p,b] = A[p,m] * C[b]
              outputs X
            """);
    assertThatThrownBy(() -> cascade.shapes(Map.of(P, 2L, new RankName("B"), 2L)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "shape of rank M divides by 0 (got a divisor that is 0 at these shapes, expected"
                + " another one)");
    assertThat(cascade.shapes(Map.of(P, 5L, new RankName("B"), 4L)).of(M)).isEqualTo(2);
  }

  @Test
  void whatATableDividesByZeroIsOutsideOfEverything() {
    Cascade cascade =
        read(
            """
            cascade c
              ranks   P, M
              inputs  A[M], N[P]
              X[p] = A[5%N[p]]
              Y[p] = A[1*m] | m % N[p] == 0
              outputs X, Y
            """);
    Shapes shapes = cascade.shapes(Map.of(P, 2L, M, 4L));
    DenseTensor divisors = new DenseTensor(new long[] {2}, 0);
    divisors.set(3, 1);
    Map<TensorName, DenseTensor> values =
        evaluate(cascade, shapes, Map.of(new TensorName("N"), divisors));
    DenseTensor a = values.get(new TensorName("A"));
    assertThat(values.get(new TensorName("X")).values()).containsExactly(0, a.get(2));
    assertThat(values.get(new TensorName("Y")).values()).containsExactly(0, a.get(0) + a.get(3));
  }

  /** All tensors; inputs are random but for those that are given. */
  private static Map<TensorName, DenseTensor> evaluate(
      Cascade cascade, Shapes shapes, Map<TensorName, DenseTensor> given) {
    Map<TensorName, InputData.IntegerRange> tables = new HashMap<>();
    given.keySet().forEach(table -> tables.put(table, new InputData.IntegerRange(1, 1)));
    Map<TensorName, DenseTensor> inputs =
        new HashMap<>(InputData.of(cascade, shapes, InputData.Kind.RANDOM, SEED, tables));
    inputs.putAll(given);
    Map<TensorName, DenseTensor> values =
        new HashMap<>(ReferenceEvaluator.evaluate(cascade, shapes, inputs));
    values.putAll(inputs);
    return values;
  }

  private static Cascade read(String text) {
    Diagnostics diagnostics = new Diagnostics();
    var cascade = CascadeReader.read(new SourceFile("text", text), diagnostics);
    assertThat(diagnostics.hasErrors()).as(diagnostics.render()).isFalse();
    return cascade.orElseThrow();
  }
}
