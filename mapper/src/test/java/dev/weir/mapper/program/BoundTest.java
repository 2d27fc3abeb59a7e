package dev.weir.mapper.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mapper.program.Expressions.Node;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No value of a program, in arithmetic of any size, is above the bound of all. */
class BoundTest {

  private static final int ARGUMENTS = 4;
  private static final Function[] NONE = {};

  /** Sizes, tiles of them, what is left for the last, and what is made of such. */
  private static final class Growth {

    private final Expressions expressions = new Expressions();
    private final Random random;

    /** At least 0; the first are at least 1. */
    private final List<Integer> sizes = new ArrayList<>();

    private final List<Integer> tiles = new ArrayList<>();

    /** Of any sign. */
    private final List<Integer> values = new ArrayList<>();

    Growth(long seed) {
      random = new Random(seed);
      for (int i = 0; i < ARGUMENTS; i++) {
        (i % 2 == 0 ? sizes : tiles).add(expressions.argument(i));
      }
      tiles.add(expressions.constant(1 + random.nextInt(20)));
      values.addAll(sizes);
      int steps = 1 + random.nextInt(14);
      for (int i = 0; i < steps; i++) {
        grow();
      }
    }

    private int any(List<Integer> some) {
      int newest = some.size() - 1;
      return some.get(Math.max(0, newest - random.nextInt(4)));
    }

    private void grow() {
      int left = any(values);
      int right = any(values);
      switch (random.nextInt(8)) {
        case 0, 1 -> tiled();
        case 2 -> values.add(expressions.plus(left, right));
        case 3 -> values.add(expressions.minus(left, right));
        case 4 -> values.add(expressions.times(left, right));
        case 5 -> values.add(expressions.most(left, right));
        case 6 -> values.add(expressions.least(left, right));
        default -> values.add(expressions.ifEqual(any(sizes), any(tiles), left, right));
      }
    }

    private void tiled() {
      int size = any(sizes);
      int tile = any(tiles);
      int count = expressions.ceiling(size, tile);
      int others = expressions.minus(count, expressions.constant(1 + random.nextInt(3)));
      int last = expressions.minus(size, expressions.times(others, tile));
      sizes.add(count);
      values.addAll(List.of(count, others, last));
    }
  }

  private static BigInteger value(List<Node> nodes, BigInteger[] known, Node node, long[] given) {
    List<BigInteger> in = node.inputs().stream().map(input -> known[input]).toList();
    return switch (node.operation()) {
      case CONSTANT -> BigInteger.valueOf(node.value());
      case ARGUMENT -> BigInteger.valueOf(given[(int) node.value()]);
      case PLUS -> in.get(0).add(in.get(1));
      case MINUS -> in.get(0).subtract(in.get(1));
      case TIMES -> in.get(0).multiply(in.get(1));
      case MOST -> in.get(0).max(in.get(1));
      case LEAST -> in.get(0).min(in.get(1));
      case CEILING -> in.get(0).add(in.get(1)).subtract(BigInteger.ONE).divide(in.get(1));
      case IF_EQUAL -> in.get(0).equals(in.get(1)) ? in.get(2) : in.get(3);
      case CALL -> throw new IllegalArgumentException("none in " + nodes);
    };
  }

  private static BigInteger[] values(List<Node> nodes, long[] given) {
    BigInteger[] known = new BigInteger[nodes.size()];
    for (int i = 0; i < known.length; i++) {
      known[i] = value(nodes, known, nodes.get(i), given);
    }
    return known;
  }

  private static BigInteger factor(Bound.Factor factor, long[] given) {
    BigInteger argument = BigInteger.valueOf(given[factor.argument()]);
    return factor.divisor() == Bound.Factor.NONE
        ? argument.max(BigInteger.ONE)
        : argument.divide(BigInteger.valueOf(given[factor.divisor()])).add(BigInteger.ONE);
  }

  private static BigDecimal of(Bound bound, long[] given) {
    BigInteger product = BigInteger.ONE;
    for (int i = 0; i < bound.factors().size(); i++) {
      product = product.multiply(factor(bound.factors().get(i), given).pow(bound.power(i)));
    }
    return new BigDecimal(bound.coefficient()).multiply(new BigDecimal(product));
  }

  private static long[] draw(Random random) {
    int bits = 1 + random.nextInt(40);
    return random.longs(ARGUMENTS, 1, 2 + (1L << bits)).toArray();
  }

  /** Each value as if it were the only result: nothing larger loosens its bound. */
  @Test
  void noValueIsAboveIt() {
    int tight = 0;
    for (long seed = 0; seed < 1_500; seed++) {
      Growth growth = new Growth(seed);
      List<Node> nodes = growth.expressions.nodes();
      for (int result : growth.values) {
        Bound bound = Bound.of(new Layout(nodes, List.of(result))).orElse(null);
        for (int i = 0; i < 6 && bound != null; i++) {
          long[] given = draw(growth.random);
          BigDecimal value = new BigDecimal(values(nodes, given)[result].abs());
          BigDecimal most = of(bound, given);
          assertThat(value)
              .as("seed %d, expression %d of %s", seed, result, nodes)
              .isLessThanOrEqualTo(most);
          tight += value.multiply(BigDecimal.valueOf(4)).compareTo(most) > 0 ? 1 : 0;
        }
      }
    }
    assertThat(tight).as("values within a quarter of their bound").isGreaterThan(10_000);
  }

  /** Whether values fit by a bound, fit unexpectedly, or do not, is for the program to find. */
  @Test
  void valuesAreExactOrRefused() {
    int exact = 0;
    int refused = 0;
    for (long seed = 0; seed < 600; seed++) {
      Growth growth = new Growth(seed);
      List<Node> nodes = growth.expressions.nodes();
      Compiler.Compiled compiled = Compiler.compile(growth.expressions, growth.values);
      long[] memory = new long[compiled.memory()];
      for (int i = 0; i < 8; i++) {
        long[] given = draw(growth.random);
        BigInteger[] values = values(nodes, given);
        try {
          compiled.program().run(given, memory, NONE);
        } catch (ArithmeticException tooLarge) {
          refused++;
          continue;
        }
        exact++;
        for (int result = 0; result < growth.values.size(); result++) {
          assertThat(memory[result])
              .as("seed %d, result %d", seed, result)
              .isEqualTo(values[growth.values.get(result)].longValueExact());
        }
      }
    }
    assertThat(exact).isGreaterThan(1_000);
    assertThat(refused).isGreaterThan(300);
  }

  /** A size is as many tiles as it has: the bound does not take it for another factor. */
  @Test
  void countsAreBoundedByWhatIsTiled() {
    Expressions expressions = new Expressions();
    int size = expressions.argument(0);
    int tile = expressions.argument(1);
    int points = expressions.times(expressions.ceiling(size, tile), tile);
    int both = expressions.plus(points, size);

    Bound bound = Bound.of(new Layout(expressions.nodes(), List.of(both))).orElseThrow();

    assertThat(bound.coefficient()).isEqualTo(2);
    assertThat(bound.factors())
        .containsExactlyInAnyOrder(new Bound.Factor(1, Bound.Factor.NONE), new Bound.Factor(0, 1));
    assertThat(List.of(bound.power(0), bound.power(1))).containsExactly(1, 1);
  }

  @Test
  void functionsHaveNone() {
    Expressions expressions = new Expressions();
    int call = expressions.call(0, List.of(expressions.argument(0)));

    assertThat(Bound.of(new Layout(expressions.nodes(), List.of(call)))).isEmpty();
  }

  /** A product that a bound would allow is not checked; the next larger one is. */
  @Test
  void productsNearTheLimit() {
    Expressions expressions = new Expressions();
    int product = expressions.times(expressions.argument(0), expressions.argument(1));
    Compiler.Compiled compiled = Compiler.compile(expressions, List.of(product));
    long[] memory = new long[compiled.memory()];

    for (int bits = 28; bits < 32; bits++) {
      compiled.program().run(new long[] {(1L << bits) - 1, (1L << 31) - 1}, memory, NONE);
      assertThat(memory[0]).isEqualTo(((1L << bits) - 1) * ((1L << 31) - 1));
    }
    assertThatThrownBy(() -> compiled.program().run(new long[] {1L << 32, 1L << 31}, memory, NONE))
        .isInstanceOf(ArithmeticException.class);
  }
}
