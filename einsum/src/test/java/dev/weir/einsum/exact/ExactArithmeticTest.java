package dev.weir.einsum.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.exact.ExactValue.Finite;
import dev.weir.einsum.exact.ExactValue.Infinite;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.UnaryOperator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Laws of numbers hold in the image, and intervals hold the numbers. */
@ParameterizedClass
@EnumSource(ExactField.class)
class ExactArithmeticTest {

  private static final long SEED = 20261128;
  private static final int CASES = 2000;

  private final ExactArithmetic arithmetic;

  ExactArithmeticTest(ExactField field) {
    this.arithmetic = new ExactArithmetic(field, SEED);
  }

  private ExactValue number(double value) {
    return arithmetic.number(value);
  }

  private ExactValue apply(BinaryOperator operator, ExactValue a, ExactValue b) {
    return arithmetic.apply(operator, a, b);
  }

  private ExactValue apply(UnaryOperator function, ExactValue x) {
    return arithmetic.functions().apply(function, x);
  }

  private ExactValue exp(ExactValue x) {
    return apply(UnaryOperator.EXP, x);
  }

  /** A fraction, or a fraction of roots and logarithms. */
  private ExactValue drawn(Random random) {
    ExactValue numerator = arithmetic.whole(random.nextInt(41) - 20);
    ExactValue denominator = arithmetic.whole(1 + random.nextInt(12));
    ExactValue fraction = arithmetic.divide(numerator, denominator);
    return switch (random.nextInt(4)) {
      case 0 -> arithmetic.multiply(fraction, apply(UnaryOperator.SQRT, denominator));
      case 1 -> arithmetic.add(fraction, apply(UnaryOperator.LOG, denominator));
      default -> fraction;
    };
  }

  @Test
  void fractionsAreExactWhateverTheirDenominator() {
    ExactValue third = arithmetic.divide(number(1), number(3));
    assertThat(arithmetic.add(third, arithmetic.add(third, third))).isEqualTo(number(1));
    assertThat(arithmetic.add(number(0.1), number(0.2))).isEqualTo(number(0.3));
    assertThat(arithmetic.compare(arithmetic.multiply(third, number(3)), number(1))).isZero();
    assertThat(arithmetic.divide(number(6), number(3))).hasToString("2");
  }

  @Test
  void exponentialsTurnSumsIntoProducts() {
    Random random = new Random(SEED);
    for (int i = 0; i < CASES; i++) {
      ExactValue a = drawn(random);
      ExactValue b = drawn(random);
      ExactValue product = arithmetic.multiply(exp(a), exp(b));
      assertThat(exp(arithmetic.add(a, b))).as("%s, %s, seed %d", a, b, SEED).isEqualTo(product);
      assertThat(apply(BinaryOperator.SUBTRACT_THEN_EXP, a, b))
          .isEqualTo(arithmetic.divide(exp(a), exp(b)));
      assertThat(exp(arithmetic.add(exp(a), exp(b))))
          .as("of exponentials: %s, %s, seed %d", a, b, SEED)
          .isEqualTo(arithmetic.multiply(exp(exp(a)), exp(exp(b))));
    }
  }

  @Test
  void rootsOfExponentialsAreExponentialsOfParts() {
    ExactValue seventh = arithmetic.divide(number(1), number(7));
    ExactValue power = apply(BinaryOperator.POWER, exp(seventh), number(7));
    assertThat(power).isEqualTo(exp(number(1)));
  }

  @Test
  void sigmoidAndTanhAreFractionsOfExponentials() {
    Random random = new Random(SEED);
    for (int i = 0; i < CASES; i++) {
      ExactValue x = drawn(random);
      ExactValue sigmoid = apply(UnaryOperator.SIGMOID, x);
      ExactValue other = apply(UnaryOperator.SIGMOID, arithmetic.negate(x));
      assertThat(arithmetic.add(sigmoid, other)).isEqualTo(number(1));
      ExactValue half = arithmetic.divide(x, number(2));
      ExactValue tanh = apply(UnaryOperator.TANH, half);
      assertThat(arithmetic.divide(arithmetic.add(number(1), tanh), number(2)))
          .as("%s, seed %d", x, SEED)
          .isEqualTo(sigmoid);
    }
  }

  @Test
  void otherFunctionsAreFunctions() {
    ExactValue two = number(2);
    assertThat(apply(UnaryOperator.LOG, two)).isEqualTo(apply(UnaryOperator.LOG, number(2)));
    assertThat(apply(UnaryOperator.LOG, two)).isNotEqualTo(apply(UnaryOperator.SQRT, two));
    assertThat(apply(UnaryOperator.LOG, two)).isNotEqualTo(apply(UnaryOperator.LOG, number(3)));
    assertThat(apply(UnaryOperator.SQRT, number(9))).isEqualTo(number(3));
    assertThat(apply(UnaryOperator.LOG, number(1))).isEqualTo(number(0));
    assertThat(apply(BinaryOperator.POWER, number(16), number(-0.5))).isEqualTo(number(0.25));
    assertThat(apply(BinaryOperator.POWER, number(5), number(-0.5)))
        .isEqualTo(arithmetic.divide(number(1), apply(UnaryOperator.SQRT, number(5))));
  }

  /** Sums, products and quotients of numbers with few digits lie in their intervals. */
  @Test
  void intervalsHoldTheNumber() {
    Random random = new Random(SEED);
    for (int i = 0; i < CASES; i++) {
      long denominator = 1;
      long numerator = 0;
      ExactValue value = number(0);
      for (int term = 0; term < 5; term++) {
        long n = random.nextInt(19) - 9L;
        long d = 1L + random.nextInt(9);
        numerator = numerator * d + n * denominator;
        denominator *= d;
        value = arithmetic.add(value, arithmetic.divide(arithmetic.whole(n), arithmetic.whole(d)));
      }
      Finite finite = (Finite) value;
      assertThat(isBelow(finite.enclosure().low(), numerator, denominator)).isTrue();
      assertThat(isBelow(-finite.enclosure().high(), -numerator, denominator)).isTrue();
      assertThat(finite.enclosure().high() - finite.enclosure().low()).isLessThan(1e-12);
    }
  }

  private static boolean isBelow(double bound, long numerator, long denominator) {
    BigDecimal scaled = new BigDecimal(bound).multiply(BigDecimal.valueOf(denominator));
    return scaled.compareTo(new BigDecimal(BigInteger.valueOf(numerator))) <= 0;
  }

  @Test
  void functionsKeepTheOrderOfTheirArguments() {
    Random random = new Random(SEED);
    List<UnaryOperator> rising =
        List.of(UnaryOperator.EXP, UnaryOperator.SIGMOID, UnaryOperator.TANH);
    for (int i = 0; i < CASES; i++) {
      ExactValue a = arithmetic.number((random.nextInt(81) - 40) / 10.0);
      ExactValue b = arithmetic.number((random.nextInt(81) - 40) / 10.0);
      for (UnaryOperator function : rising) {
        assertThat(arithmetic.compare(apply(function, a), apply(function, b)))
            .as("%s of %s and %s, seed %d", function, a, b, SEED)
            .isEqualTo(arithmetic.compare(a, b));
      }
    }
  }

  @Test
  void infinitiesFollowTheirLaws() {
    ExactValue inf = Infinite.POSITIVE;
    ExactValue none = Infinite.NEGATIVE;
    assertThat(exp(none)).isEqualTo(number(0));
    assertThat(apply(BinaryOperator.MAXIMUM, none, number(-5))).isEqualTo(number(-5));
    assertThat(apply(BinaryOperator.SUBTRACT_THEN_EXP, none, number(3))).isEqualTo(number(0));
    assertThat(arithmetic.divide(number(3), inf)).isEqualTo(number(0));
    assertThat(arithmetic.multiply(number(-2), inf)).isEqualTo(none);
    assertThat(apply(UnaryOperator.LOG, number(0))).isEqualTo(none);
    assertThat(apply(UnaryOperator.SIGMOID, none)).isEqualTo(number(0));
    assertThat(apply(UnaryOperator.TANH, none)).isEqualTo(number(-1));
  }

  @Test
  void whatIsNoNumberIsRefused() {
    refuses(() -> arithmetic.add(Infinite.POSITIVE, Infinite.NEGATIVE), "inf - inf is no number");
    refuses(() -> arithmetic.multiply(number(0), Infinite.POSITIVE), "0 * inf is no number");
    refuses(() -> arithmetic.divide(number(1), number(0)), "1 / 0 is no number");
    refuses(() -> arithmetic.divide(Infinite.POSITIVE, number(0)), "inf / 0 is no number");
    refuses(
        () -> arithmetic.divide(Infinite.POSITIVE, Infinite.NEGATIVE), "inf / -inf is no number");
    refuses(() -> apply(UnaryOperator.LOG, number(-1)), "log(-1) is no number");
    refuses(() -> apply(UnaryOperator.SQRT, number(-4)), "sqrt(-4) is no number");
    refuses(
        () -> apply(BinaryOperator.POWER, number(-2), number(0.375)), "-2 ^ 0.375 is no number");
    refuses(
        () -> apply(BinaryOperator.POWER, number(2), Infinite.POSITIVE), "2 ^ inf has an infinity");
    refuses(
        () -> apply(BinaryOperator.POWER, number(2), number(5e6)),
        "a power of 5000000 is too high (at most 1048576)");
    refuses(() -> number(Double.NaN), "NaN is no number");
  }

  /** Where only a law of logarithms says that two values are equal, nothing is said at all. */
  @Test
  void orderThatCannotBeToldIsRefused() {
    ExactValue log = apply(UnaryOperator.LOG, number(6));
    ExactValue sum =
        arithmetic.add(apply(UnaryOperator.LOG, number(2)), apply(UnaryOperator.LOG, number(3)));
    assertThat(log).isNotEqualTo(sum);
    assertThatThrownBy(() -> arithmetic.compare(log, sum))
        .isInstanceOf(ExactRefusal.class)
        .hasMessageMatching("which of .* is larger cannot be told in double precision");
    ExactValue one = arithmetic.multiply(exp(log), arithmetic.divide(number(1), number(6)));
    assertThatThrownBy(() -> arithmetic.floor(one))
        .isInstanceOf(ExactRefusal.class)
        .hasMessageMatching("to which whole number .* rounds down cannot be told");
  }

  private static void refuses(Runnable operation, String message) {
    assertThatThrownBy(operation::run).isInstanceOf(ExactRefusal.class).hasMessage(message);
  }
}
