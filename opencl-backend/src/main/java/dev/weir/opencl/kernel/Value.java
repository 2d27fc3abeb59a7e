package dev.weir.opencl.kernel;

import java.util.List;

/** A value computed in a kernel. A scalar beside a vector counts for every lane. */
public sealed interface Value {

  /** Its type. */
  Type type();

  /** Values that it is made of, in order. */
  default List<Value> children() {
    return switch (this) {
      case Real _, Whole _, LaneNumbers _, GridPosition _, Variable _ -> List.of();
      case Broadcast broadcast -> List.of(broadcast.scalar());
      case Infix infix -> List.of(infix.left(), infix.right());
      case Call call -> call.arguments();
      case Negated negated -> List.of(negated.operand());
      case Not not -> List.of(not.mask());
      case ToFloat convert -> List.of(convert.operand());
      case ToDouble convert -> List.of(convert.operand());
      case ToInt convert -> List.of(convert.operand());
      case Select select -> List.of(select.mask(), select.then(), select.otherwise());
      case Element element -> List.of(element.index());
      case Neighbours neighbours -> List.of(neighbours.index());
      case Gathered gathered -> List.of(gathered.indices());
      case Half half -> List.of(half.vector());
      case ToBits convert -> List.of(convert.operand());
      case FromBits convert -> List.of(convert.operand());
      case ExponentialPolynomial exponential -> List.of(exponential.operand());
    };
  }

  /** The same of other values, as many as it has. */
  default Value withChildren(List<Value> children) {
    return switch (this) {
      case Real _, Whole _, LaneNumbers _, GridPosition _, Variable _ -> this;
      case Broadcast broadcast -> new Broadcast(children.getFirst(), broadcast.lanes());
      case Infix infix -> new Infix(infix.operator(), children.getFirst(), children.getLast());
      case Call call -> new Call(call.function(), children);
      case Negated _ -> new Negated(children.getFirst());
      case Not _ -> new Not(children.getFirst());
      case ToFloat _ -> new ToFloat(children.getFirst());
      case ToDouble _ -> new ToDouble(children.getFirst());
      case ToInt _ -> new ToInt(children.getFirst());
      case Select _ -> new Select(children.getFirst(), children.get(1), children.getLast());
      case Element element -> new Element(element.array(), children.getFirst());
      case Neighbours n -> new Neighbours(n.array(), children.getFirst(), n.lanes());
      case Gathered gathered -> new Gathered(gathered.array(), children.getFirst());
      case Half half -> new Half(children.getFirst(), half.isUpper());
      case ToBits _ -> new ToBits(children.getFirst());
      case FromBits _ -> new FromBits(children.getFirst());
      case ExponentialPolynomial exponential ->
          new ExponentialPolynomial(exponential.degree(), children.getFirst());
    };
  }

  /**
   * A floating-point number; infinities are allowed.
   *
   * @param type a float or a double
   */
  record Real(double value, Type type) implements Value {
    public Real {
      if (!type.equals(Type.FLOAT) && !type.equals(Type.DOUBLE)) {
        throw new IllegalArgumentException(
            "number %s as %s (expected float or double)".formatted(value, type.text()));
      }
    }

    /** A number in single precision. */
    public Real(double value) {
      this(value, Type.FLOAT);
    }
  }

  /** A whole number. */
  record Whole(long value) implements Value {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  /** 0, 1, 2 … one a lane. */
  record LaneNumbers(int lanes) implements Value {
    @Override
    public Type type() {
      return Type.INT.withLanes(lanes);
    }
  }

  /**
   * Where this work-item stands along a dimension: its group in the grid, or itself in its group.
   */
  record GridPosition(boolean ofGroup, int dimension) implements Value {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  /** A named value: a loop counter, an identifier of the work-item, or a declared constant. */
  record Variable(String name, Type type) implements Value {}

  /** A scalar in every lane. */
  record Broadcast(Value scalar, int lanes) implements Value {
    @Override
    public Type type() {
      return scalar.type().withLanes(lanes);
    }
  }

  /** {@code left operator right}. */
  record Infix(Operator operator, Value left, Value right) implements Value {
    @Override
    public Type type() {
      int lanes = Math.max(left.type().lanes(), right.type().lanes());
      return switch (operator.result) {
        case OF_OPERANDS -> left.type().withLanes(lanes);
        case TRUTH -> Type.MASK.withLanes(lanes);
      };
    }
  }

  /** A built-in function; all arguments have the result's lanes, except for {@code ANY}. */
  record Call(Function function, List<Value> arguments) implements Value {
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public Type type() {
      return switch (function) {
        case EXP, LOG, SQRT, TANH, FABS, FLOOR, MAX, MIN, POW, CLAMP -> arguments.getFirst().type();
        case ANY -> Type.MASK;
      };
    }
  }

  /** {@code -operand}. */
  record Negated(Value operand) implements Value {
    @Override
    public Type type() {
      return operand.type();
    }
  }

  /** Whether it does not hold. */
  record Not(Value mask) implements Value {
    @Override
    public Type type() {
      return mask.type();
    }
  }

  /** A whole number as a floating-point one. */
  record ToFloat(Value operand) implements Value {
    @Override
    public Type type() {
      return Type.FLOAT.withLanes(operand.type().lanes());
    }
  }

  /** A whole number as a floating-point one in double precision. */
  record ToDouble(Value operand) implements Value {
    @Override
    public Type type() {
      return Type.DOUBLE.withLanes(operand.type().lanes());
    }
  }

  /** A floating-point number without its fraction. */
  record ToInt(Value operand) implements Value {
    @Override
    public Type type() {
      return Type.INT.withLanes(operand.type().lanes());
    }
  }

  /** Lane by lane, one value where the mask holds, else the other. */
  record Select(Value mask, Value then, Value otherwise) implements Value {
    @Override
    public Type type() {
      return then.type();
    }
  }

  /** An element of an array. */
  record Element(Array array, Value index) implements Value {
    @Override
    public Type type() {
      return array.element().loaded();
    }
  }

  /** Neighbouring elements of an array of scalars, from an index on, one a lane. */
  record Neighbours(Array array, Value index, int lanes) implements Value {
    @Override
    public Type type() {
      return array.element().loaded().withLanes(lanes);
    }
  }

  /** Elements of an array of scalars at an index a lane. */
  record Gathered(Array array, Value indices) implements Value {
    @Override
    public Type type() {
      return array.element().loaded().withLanes(indices.type().lanes());
    }
  }

  /** The first lanes of a vector, or the last ones, half as many; of two lanes a scalar. */
  record Half(Value vector, boolean isUpper) implements Value {
    @Override
    public Type type() {
      return vector.type().withLanes(vector.type().lanes() / 2);
    }
  }

  /** The bits of a number in single precision as a whole number. */
  record ToBits(Value operand) implements Value {
    @Override
    public Type type() {
      return Type.INT.withLanes(operand.type().lanes());
    }
  }

  /** A number in single precision made of bits. */
  record FromBits(Value operand) implements Value {
    @Override
    public Type type() {
      return Type.FLOAT.withLanes(operand.type().lanes());
    }
  }

  /**
   * exp by a polynomial, which a schedule chooses. No device has it: a pass writes it out.
   *
   * @param degree of the polynomial
   */
  record ExponentialPolynomial(int degree, Value operand) implements Value {
    @Override
    public Type type() {
      return operand.type();
    }
  }

  /** Built-in functions of OpenCL C 1.2. */
  enum Function {
    EXP("exp"),
    LOG("log"),
    SQRT("sqrt"),
    TANH("tanh"),
    FABS("fabs"),
    FLOOR("floor"),
    MAX("max"),
    MIN("min"),
    POW("pow"),
    CLAMP("clamp"),
    /** Whether a mask holds in any lane. */
    ANY("any");

    private final String text;

    Function(String text) {
      this.text = text;
    }

    /** Its name. */
    public String text() {
      return text;
    }
  }

  /** What an operator gives. */
  enum Result {
    OF_OPERANDS,
    TRUTH
  }

  /** Infix operators; whole numbers divide as in C, towards zero. */
  enum Operator {
    ADD("+", 5, Result.OF_OPERANDS),
    SUBTRACT("-", 5, Result.OF_OPERANDS),
    MULTIPLY("*", 6, Result.OF_OPERANDS),
    DIVIDE("/", 6, Result.OF_OPERANDS),
    REMAINDER("%", 6, Result.OF_OPERANDS),
    /** Of whole numbers, by less than their bits; what leaves on the left is lost. */
    SHIFT_LEFT("<<", 4, Result.OF_OPERANDS),
    LESS("<", 3, Result.TRUTH),
    LESS_OR_EQUAL("<=", 3, Result.TRUTH),
    GREATER(">", 3, Result.TRUTH),
    GREATER_OR_EQUAL(">=", 3, Result.TRUTH),
    EQUAL("==", 2, Result.TRUTH),
    NOT_EQUAL("!=", 2, Result.TRUTH),
    AND("&", 1, Result.TRUTH),
    OR("|", 0, Result.TRUTH);

    private final String text;
    private final int precedence;
    private final Result result;

    Operator(String text, int precedence, Result result) {
      this.text = text;
      this.precedence = precedence;
      this.result = result;
    }

    /** How it is written. */
    public String text() {
      return text;
    }

    /** Higher binds tighter. */
    public int precedence() {
      return precedence;
    }
  }
}
