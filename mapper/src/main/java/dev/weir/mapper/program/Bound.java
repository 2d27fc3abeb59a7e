package dev.weir.mapper.program;

import dev.weir.mapper.program.Expressions.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A bound of the magnitude of some values, whatever the arguments: a coefficient times powers of
 * factors, each of which is at least 1. Where a value is below one such product it is below every
 * other with larger powers, so that one of them bounds all values of a program.
 */
final class Bound {

  /** A product of more takes longer than it spares. */
  private static final int MOST_POWERS = 50;

  /**
   * An argument, or a bound of the quotient of two arguments that is rounded up.
   *
   * @param divisor position of the second argument; -1 for the argument alone
   */
  record Factor(int argument, int divisor) {
    static final int NONE = -1;
  }

  private final List<Node> nodes;
  private final List<Factor> factors = new ArrayList<>();

  /** By argument that is divided: the quotient by which, times its divisor, it is bounded. */
  private final Map<Integer, Factor> quotients = new HashMap<>();

  /** By expression. */
  private final double[] coefficients;

  /** By expression and factor. */
  private final int[][] powers;

  /** By expression: whether it is at least 0, for certain. */
  private final boolean[] isPositive;

  private double coefficient;
  private int[] power = {};

  private Bound(List<Node> nodes) {
    this.nodes = nodes;
    this.coefficients = new double[nodes.size()];
    this.powers = new int[nodes.size()][];
    this.isPositive = new boolean[nodes.size()];
  }

  /** A bound of all values that a layout works out; none if functions or too much decide. */
  static Optional<Bound> of(Layout layout) {
    Bound bound = new Bound(layout.nodes());
    List<Integer> needed = layout.needed();
    for (int expression : needed) {
      if (bound.nodes.get(expression).operation() == Operation.CALL) {
        return Optional.empty();
      }
      bound.findQuotient(expression);
    }
    needed.forEach(bound::learn);
    return Arrays.stream(bound.power).sum() <= MOST_POWERS ? Optional.of(bound) : Optional.empty();
  }

  private void findQuotient(int expression) {
    Node node = nodes.get(expression);
    if (isQuotient(node)) {
      Factor quotient = quotient(node);
      quotients.putIfAbsent(quotient.argument(), quotient);
    }
  }

  private boolean isQuotient(Node node) {
    return node.operation() == Operation.CEILING
        && node.inputs().stream()
            .allMatch(input -> nodes.get(input).operation() == Operation.ARGUMENT);
  }

  private Factor quotient(Node node) {
    return new Factor(argument(node.inputs().get(0)), argument(node.inputs().get(1)));
  }

  private int argument(int expression) {
    return (int) nodes.get(expression).value();
  }

  private void learn(int expression) {
    Node node = nodes.get(expression);
    List<Integer> inputs = node.inputs();
    switch (node.operation()) {
      case CONSTANT ->
          set(expression, Math.abs((double) node.value()), new int[0], node.value() >= 0);
      case ARGUMENT -> set(expression, 1, argumentPowers((int) node.value()), true);
      case PLUS, MINUS, TIMES, MOST, LEAST ->
          join(expression, node.operation(), inputs.get(0), inputs.get(1));
      case IF_EQUAL -> join(expression, Operation.IF_EQUAL, inputs.get(2), inputs.get(3));
      case CEILING -> ceiling(expression, node);
      case CALL -> throw new IllegalArgumentException("what a function gives has no bound");
    }
  }

  /** An argument that is divided is less than divisor times quotient. */
  private int[] argumentPowers(int argument) {
    Factor quotient = quotients.get(argument);
    return quotient == null
        ? first(new Factor(argument, Factor.NONE))
        : product(first(new Factor(quotient.divisor(), Factor.NONE)), first(quotient));
  }

  private int[] first(Factor factor) {
    if (!factors.contains(factor)) {
      factors.add(factor);
    }
    int[] first = new int[factors.indexOf(factor) + 1];
    first[first.length - 1] = 1;
    return first;
  }

  private void ceiling(int expression, Node node) {
    int left = node.inputs().get(0);
    Node divisor = nodes.get(node.inputs().get(1));
    if (isQuotient(node)) {
      set(expression, 1, first(quotient(node)), true);
    } else if (divisor.operation() == Operation.CONSTANT) {
      double quotient = coefficients[left] / divisor.value() + 1;
      set(expression, Math.min(coefficients[left], quotient), powers[left], true);
    } else {
      set(expression, coefficients[left], powers[left], true);
    }
  }

  /** The size of tiles if a difference is what is left for the last of them; else -1. */
  private int tileOfLast(int range, int others) {
    Node product = nodes.get(others);
    if (product.operation() != Operation.TIMES) {
      return -1;
    }
    for (int at = 0; at < 2; at++) {
      int tile = product.inputs().get(at);
      Node count = nodes.get(product.inputs().get(1 - at));
      if (count.operation() == Operation.MINUS
          && isOne(count.inputs().get(1))
          && isCeiling(count.inputs().get(0), range, tile)) {
        return tile;
      }
    }
    return -1;
  }

  private boolean isOne(int expression) {
    Node node = nodes.get(expression);
    return node.operation() == Operation.CONSTANT && node.value() == 1;
  }

  private boolean isCeiling(int expression, int dividend, int divisor) {
    Node node = nodes.get(expression);
    return node.operation() == Operation.CEILING
        && node.inputs().equals(List.of(dividend, divisor));
  }

  private void minus(int expression, int left, int right, double coefficientOfBoth) {
    int tile = tileOfLast(left, right);
    if (tile >= 0) {
      set(expression, coefficients[tile], powers[tile], false);
    } else {
      set(expression, coefficientOfBoth, larger(left, right), false);
    }
  }

  private void join(int expression, Operation operation, int left, int right) {
    boolean arePositive = isPositive[left] && isPositive[right];
    double larger = Math.max(coefficients[left], coefficients[right]);
    double sum = coefficients[left] + coefficients[right];
    switch (operation) {
      case PLUS -> set(expression, sum, larger(left, right), arePositive);
      case MINUS -> minus(expression, left, right, arePositive ? larger : sum);
      case TIMES ->
          set(
              expression,
              coefficients[left] * coefficients[right],
              product(powers[left], powers[right]),
              arePositive);
      case MOST, LEAST, IF_EQUAL -> set(expression, larger, larger(left, right), arePositive);
      case CONSTANT, ARGUMENT, CEILING, CALL ->
          throw new IllegalArgumentException("does not join two: " + operation);
    }
  }

  private void set(int expression, double ofExpression, int[] powersOfIt, boolean positive) {
    coefficients[expression] = ofExpression;
    powers[expression] = powersOfIt;
    isPositive[expression] = positive;
    coefficient = Math.max(coefficient, ofExpression);
    power = larger(power, powersOfIt);
  }

  private int[] larger(int left, int right) {
    return larger(powers[left], powers[right]);
  }

  private static int[] larger(int[] left, int[] right) {
    int[] larger = Arrays.copyOf(left, Math.max(left.length, right.length));
    for (int i = 0; i < right.length; i++) {
      larger[i] = Math.max(larger[i], right[i]);
    }
    return larger;
  }

  private static int[] product(int[] left, int[] right) {
    int[] product = Arrays.copyOf(left, Math.max(left.length, right.length));
    for (int i = 0; i < right.length; i++) {
      product[i] += right[i];
    }
    return product;
  }

  double coefficient() {
    return coefficient;
  }

  List<Factor> factors() {
    return factors;
  }

  /** Of a factor, by its position. */
  int power(int factor) {
    return power[factor];
  }
}
