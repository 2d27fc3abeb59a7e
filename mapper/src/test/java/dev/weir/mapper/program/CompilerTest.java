package dev.weir.mapper.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled programs compute what their expressions say, in exact arithmetic of any size. */
class CompilerTest {

  private static final BigInteger ONE = BigInteger.ONE;
  private static final int ARGUMENTS = 4;
  private static final Function[] NONE = {};

  /** An expression with what it means for arguments. */
  private record Meant(int expression, Meaning value) {}

  /** A value in arithmetic of any size. */
  private interface Meaning {
    BigInteger apply(long[] arguments);
  }

  /** Random expressions, each over earlier ones. */
  private static final class Growth {

    private final Expressions expressions = new Expressions();
    private final Random random;
    private final List<Meant> all = new ArrayList<>();

    Growth(long seed) {
      this.random = new Random(seed);
      for (int i = 0; i < ARGUMENTS; i++) {
        int position = i;
        all.add(new Meant(expressions.argument(i), a -> BigInteger.valueOf(a[position])));
      }
      for (long value : new long[] {0, 1, 2, 7, 64}) {
        all.add(new Meant(expressions.constant(value), _ -> BigInteger.valueOf(value)));
      }
    }

    /** Mostly the newest, so that chains get long. */
    private Meant any() {
      int newest = all.size() - 1;
      return all.get(
          random.nextInt(3) == 0 ? random.nextInt(all.size()) : newest - random.nextInt(6));
    }

    /** A divisor of at least 1. */
    private Meant atLeastOne() {
      Meant some = any();
      int expression = expressions.most(some.expression(), expressions.constant(1));
      return new Meant(expression, a -> some.value().apply(a).max(ONE));
    }

    /** A value that stays small: products would soon be too large for any program. */
    private Meant small(Meant some) {
      int bound = expressions.constant(1_000);
      return new Meant(
          expressions.least(some.expression(), bound),
          a -> some.value().apply(a).min(BigInteger.valueOf(1_000)));
    }

    void grow() {
      Meant left = any();
      Meant right = any();
      all.add(
          switch (random.nextInt(7)) {
            case 0 -> small(plus(left, right));
            case 1 -> times(small(left), small(right));
            case 2 -> difference(left, right);
            case 3 ->
                new Meant(
                    expressions.most(left.expression(), right.expression()),
                    a -> left.value().apply(a).max(right.value().apply(a)));
            case 4 -> ceiling(left, atLeastOne());
            case 5 -> ifEqual(left, right);
            default -> small(plus(left, right));
          });
    }

    private Meant plus(Meant left, Meant right) {
      return new Meant(
          expressions.plus(left.expression(), right.expression()),
          a -> left.value().apply(a).add(right.value().apply(a)));
    }

    private Meant times(Meant left, Meant right) {
      return new Meant(
          expressions.times(left.expression(), right.expression()),
          a -> left.value().apply(a).multiply(right.value().apply(a)));
    }

    /** The larger one less the smaller one. */
    private Meant difference(Meant left, Meant right) {
      int most = expressions.most(left.expression(), right.expression());
      int least = expressions.least(left.expression(), right.expression());
      return new Meant(
          expressions.minus(most, least),
          a -> left.value().apply(a).subtract(right.value().apply(a)).abs());
    }

    private Meant ceiling(Meant left, Meant right) {
      return new Meant(
          expressions.ceiling(left.expression(), right.expression()),
          a -> {
            BigInteger divisor = right.value().apply(a);
            return left.value().apply(a).add(divisor).subtract(ONE).divide(divisor);
          });
    }

    private Meant ifEqual(Meant left, Meant right) {
      Meant then = any();
      Meant otherwise = any();
      int expression =
          expressions.ifEqual(
              left.expression(), right.expression(), then.expression(), otherwise.expression());
      return new Meant(
          expression,
          a ->
              left.value().apply(a).equals(right.value().apply(a))
                  ? then.value().apply(a)
                  : otherwise.value().apply(a));
    }
  }

  /** Values are functions of functions, so that long chains would be worked out again and again. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 12})
  void randomExpressions(int size) {
    for (long seed = 0; seed < 300; seed++) {
      Growth growth = new Growth(seed);
      for (int i = 0; i < size; i++) {
        growth.grow();
      }
      agrees(growth, seed);
    }
  }

  private static void agrees(Growth growth, long seed) {
    List<Integer> results = growth.all.stream().map(Meant::expression).toList();
    Compiler.Compiled compiled = Compiler.compile(growth.expressions, results);
    long[] memory = new long[compiled.memory()];
    for (int i = 0; i < 8; i++) {
      long[] arguments = growth.random.longs(ARGUMENTS, 0, i < 4 ? 4 : 100_000).toArray();
      compiled.program().run(arguments, memory, NONE);
      for (int result = 0; result < results.size(); result++) {
        assertThat(memory[result])
            .as("seed %d, result %d", seed, result)
            .isEqualTo(growth.all.get(result).value().apply(arguments).longValueExact());
      }
    }
  }

  /** The Fibonacci numbers but bounded: each needs two before it, over many methods. */
  @Test
  void programOfManyMethods() {
    Expressions expressions = new Expressions();
    int bound = expressions.constant(1_000_003);
    List<Integer> all = new ArrayList<>(List.of(expressions.argument(0), expressions.argument(1)));
    for (int i = 2; i < 5_000; i++) {
      int sum = expressions.plus(all.get(i - 2), all.get(i / 2));
      all.add(expressions.least(sum, expressions.plus(bound, expressions.constant(i))));
    }
    Compiler.Compiled compiled = Compiler.compile(expressions, List.of(all.getLast()));
    long[] memory = new long[compiled.memory()];

    compiled.program().run(new long[] {3, 5}, memory, NONE);

    long[] expected = new long[5_000];
    expected[0] = 3;
    expected[1] = 5;
    for (int i = 2; i < 5_000; i++) {
      expected[i] = Math.min(expected[i - 2] + expected[i / 2], 1_000_003 + i);
    }
    assertThat(memory[0]).isEqualTo(expected[4_999]);
  }

  @Test
  void calls() {
    Expressions expressions = new Expressions();
    int first = expressions.argument(0);
    int inner = expressions.call(1, List.of(first, expressions.constant(10)));
    int outer = expressions.call(0, List.of(inner, first, inner));
    List<Integer> results = List.of(outer, first, outer, expressions.constant(4));
    Compiler.Compiled compiled = Compiler.compile(expressions, results);
    long[] memory = new long[compiled.memory()];

    compiled
        .program()
        .run(
            new long[] {7},
            memory,
            new Function[] {
              (inputs, at) -> 100 * inputs[at] + 10 * inputs[at + 1] + inputs[at + 2],
              (inputs, at) -> inputs[at] + inputs[at + 1]
            });

    assertThat(memory).startsWith(100 * 17 + 70 + 17, 7, 1787, 4);
  }

  @Test
  void tooLargeValueIsNotOverlooked() {
    Expressions expressions = new Expressions();
    int square = expressions.times(expressions.argument(0), expressions.argument(0));
    int constants =
        expressions.times(expressions.constant(1L << 40), expressions.constant(1L << 40));
    Compiler.Compiled squared = Compiler.compile(expressions, List.of(square));
    Compiler.Compiled folded = Compiler.compile(expressions, List.of(constants));
    long[] memory = new long[squared.memory()];

    squared.program().run(new long[] {1L << 31}, memory, NONE);
    assertThat(memory[0]).isEqualTo(1L << 62);
    assertThatThrownBy(() -> squared.program().run(new long[] {1L << 32}, memory, NONE))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> folded.program().run(new long[] {1}, memory, NONE))
        .isInstanceOf(ArithmeticException.class);
  }

  /** Where quotients are whole or just not, and where a {@code double} is no longer exact. */
  @Test
  void quotientsAreRoundedUpExactly() {
    Expressions expressions = new Expressions();
    int quotient = expressions.ceiling(expressions.argument(0), expressions.argument(1));
    Compiler.Compiled compiled = Compiler.compile(expressions, List.of(quotient));
    long[] memory = new long[compiled.memory()];
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      long divisor = 1 + (random.nextLong() >>> (1 + random.nextInt(62)));
      long multiple = random.nextLong(1 + Long.MAX_VALUE / divisor / 2) * divisor;
      long dividend = Math.max(0, multiple + random.nextInt(-1, 2));

      compiled.program().run(new long[] {dividend, divisor}, memory, NONE);

      assertThat(memory[0])
          .as("%d / %d", dividend, divisor)
          .isEqualTo(Math.ceilDiv(dividend, divisor));
    }
  }

  @Test
  void whatIsKnownIsWorkedOutAtOnce() {
    Expressions expressions = new Expressions();
    int x = expressions.argument(0);
    int y = expressions.argument(1);
    int seven = expressions.constant(7);

    assertThat(expressions.plus(x, y)).isEqualTo(expressions.plus(y, x));
    assertThat(expressions.times(x, expressions.constant(0))).isEqualTo(expressions.constant(0));
    assertThat(expressions.ceiling(expressions.times(x, expressions.times(seven, y)), y))
        .isEqualTo(expressions.times(x, seven));
    assertThat(expressions.ceiling(expressions.constant(20), seven))
        .isEqualTo(expressions.constant(3));
    assertThat(expressions.ifEqual(seven, expressions.constant(8), x, y)).isEqualTo(y);
    assertThat(expressions.minus(x, x)).isEqualTo(expressions.constant(0));
    assertThat(expressions.isMultiple(expressions.constant(21), seven)).isTrue();
    assertThat(expressions.isMultiple(expressions.constant(22), seven)).isFalse();
    assertThat(expressions.isMultiple(expressions.plus(x, x), x)).isFalse();
  }
}
