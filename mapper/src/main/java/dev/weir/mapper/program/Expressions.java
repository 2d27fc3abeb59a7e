package dev.weir.mapper.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/**
 * Expressions over arguments that are not negative, by number. Equal ones have one number, what is
 * known at once is worked out at once. A result that does not fit a {@code long} is found when a
 * program runs.
 */
public final class Expressions {

  /**
   * An expression.
   *
   * @param inputs numbers of the operands, which are smaller than its own
   * @param value of a constant; position of an argument or a function
   */
  record Node(Operation operation, List<Integer> inputs, long value) {}

  private final Map<Node, Integer> numbers = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private int number(Operation operation, List<Integer> inputs, long value) {
    Node node = new Node(operation, inputs, value);
    Integer known = numbers.putIfAbsent(node, nodes.size());
    if (known != null) {
      return known;
    }
    nodes.add(node);
    return nodes.size() - 1;
  }

  /** How many there are. */
  public int size() {
    return nodes.size();
  }

  List<Node> nodes() {
    return nodes;
  }

  public int constant(long value) {
    return number(Operation.CONSTANT, List.of(), value);
  }

  public int argument(int position) {
    return number(Operation.ARGUMENT, List.of(), position);
  }

  /** What a function makes of some inputs. */
  public int call(int function, List<Integer> inputs) {
    return number(Operation.CALL, List.copyOf(inputs), function);
  }

  public boolean isConstant(int expression) {
    return nodes.get(expression).operation() == Operation.CONSTANT;
  }

  public boolean isConstant(int expression, long value) {
    return isConstant(expression) && value(expression) == value;
  }

  private long value(int constant) {
    return nodes.get(constant).value();
  }

  private boolean areConstant(int left, int right) {
    return isConstant(left) && isConstant(right);
  }

  /** A constant; where it does not fit, the program finds that if it ever comes to it. */
  private int constant(Operation operation, int left, int right, LongBinaryOperator value) {
    try {
      return constant(value.applyAsLong(value(left), value(right)));
    } catch (ArithmeticException tooLarge) {
      return number(operation, List.of(left, right), 0);
    }
  }

  private int commutative(Operation operation, int left, int right) {
    return number(operation, List.of(Math.min(left, right), Math.max(left, right)), 0);
  }

  public int plus(int left, int right) {
    if (areConstant(left, right)) {
      return constant(Operation.PLUS, left, right, Math::addExact);
    }
    if (isConstant(left, 0)) {
      return right;
    }
    return isConstant(right, 0) ? left : commutative(Operation.PLUS, left, right);
  }

  public int minus(int left, int right) {
    if (areConstant(left, right)) {
      return constant(Operation.MINUS, left, right, Math::subtractExact);
    }
    if (left == right) {
      return constant(0);
    }
    return isConstant(right, 0) ? left : number(Operation.MINUS, List.of(left, right), 0);
  }

  public int times(int left, int right) {
    if (areConstant(left, right)) {
      return constant(Operation.TIMES, left, right, Math::multiplyExact);
    }
    if (isConstant(left, 0) || isConstant(right, 0)) {
      return constant(0);
    }
    if (isConstant(left, 1)) {
      return right;
    }
    return isConstant(right, 1) ? left : commutative(Operation.TIMES, left, right);
  }

  public int most(int left, int right) {
    if (areConstant(left, right)) {
      return constant(Math.max(value(left), value(right)));
    }
    if (isConstant(left, 0) || left == right) {
      return right;
    }
    return isConstant(right, 0) ? left : commutative(Operation.MOST, left, right);
  }

  public int least(int left, int right) {
    if (areConstant(left, right)) {
      return constant(Math.min(value(left), value(right)));
    }
    return left == right ? left : commutative(Operation.LEAST, left, right);
  }

  /** ⌈left ÷ right⌉, with a divisor that is at least 1. */
  public int ceiling(int left, int right) {
    if (areConstant(left, right)) {
      return constant(Math.ceilDiv(value(left), value(right)));
    }
    if (isConstant(right, 1)) {
      return left;
    }
    int quotient = withoutFactor(left, right);
    return quotient >= 0 ? quotient : number(Operation.CEILING, List.of(left, right), 0);
  }

  /** A product without a factor that it has for certain; -1 where that is not so. */
  private int withoutFactor(int product, int factor) {
    if (product == factor) {
      return constant(1);
    }
    if (areConstant(product, factor)) {
      boolean divides = value(product) % value(factor) == 0;
      return divides ? constant(value(product) / value(factor)) : -1;
    }
    Node node = nodes.get(product);
    if (node.operation() != Operation.TIMES) {
      return -1;
    }
    for (int at = 0; at < 2; at++) {
      int without = withoutFactor(node.inputs().get(at), factor);
      if (without >= 0) {
        return times(without, node.inputs().get(1 - at));
      }
    }
    return -1;
  }

  /** Whether a product is a whole number of times another, for certain. */
  public boolean isMultiple(int product, int factor) {
    return isConstant(factor, 1) || withoutFactor(product, factor) >= 0;
  }

  /** One expression if two others are equal, else a fourth. */
  public int ifEqual(int left, int right, int then, int otherwise) {
    if (then == otherwise || left == right) {
      return then;
    }
    if (areConstant(left, right)) {
      return value(left) == value(right) ? then : otherwise;
    }
    return number(Operation.IF_EQUAL, List.of(left, right, then, otherwise), 0);
  }
}
