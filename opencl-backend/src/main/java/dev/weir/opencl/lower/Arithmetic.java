package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Quantity;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Function;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Builds values, leaving out what changes nothing, and brings operands to the same lanes. */
final class Arithmetic {

  private static final Value ZERO = new Value.Whole(0);
  private static final Value ONE = new Value.Whole(1);

  private Arithmetic() {}

  static Value add(Value left, Value right) {
    if (left.equals(ZERO)) {
      return right;
    }
    return right.equals(ZERO) ? left : new Value.Infix(Operator.ADD, left, right);
  }

  static Value subtract(Value left, Value right) {
    return right.equals(ZERO) ? left : new Value.Infix(Operator.SUBTRACT, left, right);
  }

  static Value multiply(Value left, Value right) {
    if (left.equals(ONE)) {
      return right;
    }
    return right.equals(ONE) ? left : new Value.Infix(Operator.MULTIPLY, left, right);
  }

  /** A multiple of a whole number. */
  static Value times(Value value, long factor) {
    if (factor == 0) {
      return ZERO;
    }
    return multiply(value, new Value.Whole(factor));
  }

  static Value infix(Operator operator, Value left, Value right) {
    return new Value.Infix(operator, left, right);
  }

  /** The same value in every lane. */
  static Value broadcast(Value value, int lanes) {
    return value.type().lanes() == lanes ? value : new Value.Broadcast(value, lanes);
  }

  /** A built-in function; scalars among vectors are broadcast, as most built-ins demand it. */
  static Value call(Function function, Value... arguments) {
    int lanes = lanes(arguments);
    return new Value.Call(
        function, Arrays.stream(arguments).map(value -> broadcast(value, lanes)).toList());
  }

  static Value less(AffineForm left, AffineForm right, int lanes) {
    return infix(Operator.LESS, left.value(lanes), right.value(lanes));
  }

  static Value and(Value left, Value right) {
    return both(Operator.AND, left, right);
  }

  static Value or(Value left, Value right) {
    return both(Operator.OR, left, right);
  }

  /** A mask that holds. */
  static Value always() {
    return infix(Operator.EQUAL, ZERO, ZERO);
  }

  /** A mask that holds where all do; nothing when there are none. */
  static Optional<Value> all(List<Value> masks) {
    return masks.stream().reduce(Arithmetic::and);
  }

  private static Value both(Operator operator, Value left, Value right) {
    int lanes = lanes(left, right);
    return infix(operator, broadcast(left, lanes), broadcast(right, lanes));
  }

  static Value select(Value mask, Value then, Value otherwise) {
    int lanes = lanes(mask, then, otherwise);
    return new Value.Select(mask, broadcast(then, lanes), broadcast(otherwise, lanes));
  }

  /**
   * The larger of two numbers, or the smaller one, and not a number if one of them is not: what the
   * built-in functions leave undefined.
   *
   * @param replaces how the first compares with the second where the second is taken
   */
  static Value extreme(Operator replaces, Value first, Value second) {
    int lanes = lanes(first, second);
    Value left = broadcast(first, lanes);
    Value right = broadcast(second, lanes);
    Value isTaken = or(infix(replaces, left, right), infix(Operator.NOT_EQUAL, right, right));
    return select(isTaken, right, left);
  }

  /** Whether a mask holds in some lane, as a scalar. */
  static Value any(Value mask) {
    return mask.type().lanes() == 1 ? mask : new Value.Call(Function.ANY, List.of(mask));
  }

  /** Numbers of conditions and indices: whole ones stay whole, division rounds down. */
  static Value combined(Quantity.Arithmetic operator, Value left, Value right) {
    boolean isWhole = !isFloating(left) && !isFloating(right);
    return isWhole
        ? wholes(operator, left, right)
        : numbers(operator, floating(left), floating(right));
  }

  private static Value wholes(Quantity.Arithmetic operator, Value left, Value right) {
    return switch (operator) {
      case ADD -> add(left, right);
      case SUBTRACT -> subtract(left, right);
      case MULTIPLY -> multiply(left, right);
      case DIVIDE -> floorDivide(left, right);
      case REMAINDER -> floorRemainder(left, right);
      case MINIMUM -> call(Function.MIN, left, right);
      case MAXIMUM -> call(Function.MAX, left, right);
    };
  }

  private static Value numbers(Quantity.Arithmetic operator, Value left, Value right) {
    return switch (operator) {
      case ADD -> infix(Operator.ADD, left, right);
      case SUBTRACT -> infix(Operator.SUBTRACT, left, right);
      case MULTIPLY -> infix(Operator.MULTIPLY, left, right);
      case DIVIDE -> call(Function.FLOOR, infix(Operator.DIVIDE, left, right));
      case REMAINDER ->
          infix(
              Operator.SUBTRACT,
              left,
              infix(
                  Operator.MULTIPLY,
                  right,
                  call(Function.FLOOR, infix(Operator.DIVIDE, left, right))));
      case MINIMUM -> call(Function.MIN, left, right);
      case MAXIMUM -> call(Function.MAX, left, right);
    };
  }

  /** A comparison; a whole number beside one that is not becomes one. */
  static Value compare(Operator operator, Value left, Value right) {
    return isFloating(left) == isFloating(right)
        ? infix(operator, left, right)
        : infix(operator, floating(left), floating(right));
  }

  private static boolean isFloating(Value value) {
    return value.type().kind() == Type.Kind.FLOAT;
  }

  private static Value floating(Value value) {
    return isFloating(value) ? value : new Value.ToFloat(value);
  }

  /** The number rounded down. */
  static Value whole(Value value) {
    return isFloating(value) ? new Value.ToInt(call(Function.FLOOR, value)) : value;
  }

  /** Division that rounds towards negative infinity, as conditions have it. */
  static Value floorDivide(Value left, Value right) {
    return infix(Operator.DIVIDE, subtract(left, floorRemainder(left, right)), right);
  }

  /** Remainder with the sign of the divisor. */
  static Value floorRemainder(Value left, Value right) {
    Value remainder = infix(Operator.REMAINDER, left, right);
    return infix(Operator.REMAINDER, add(remainder, right), right);
  }

  static Value number(double value, Type.Kind kind) {
    return switch (kind) {
      case FLOAT, HALF -> new Value.Real(value);
      case DOUBLE -> new Value.Real(value, Type.DOUBLE);
      case INT, MASK -> new Value.Whole((long) value);
    };
  }

  private static int lanes(Value... values) {
    return Arrays.stream(values).mapToInt(value -> value.type().lanes()).max().orElse(1);
  }
}
