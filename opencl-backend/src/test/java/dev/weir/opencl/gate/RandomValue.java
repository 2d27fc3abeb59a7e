package dev.weir.opencl.gate;

import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random values over the names of a random kernel. */
final class RandomValue {

  private final Random random;
  private final Array floats;
  private final Array table;
  private final Array local;
  private final Value.Variable group = new Value.Variable("group", Type.INT);
  private final Value.Variable item = new Value.Variable("item", Type.INT);
  private List<Value.Variable> variables = new ArrayList<>();
  private List<Value.Variable> counters = new ArrayList<>();
  private final List<Array> arrays = new ArrayList<>();

  /** What is declared at a place. */
  record Names(List<Value.Variable> variables, List<Value.Variable> counters) {}

  RandomValue(Random random, Array floats, Array table, Array local) {
    this.random = random;
    this.floats = floats;
    this.table = table;
    this.local = local;
  }

  @SafeVarargs
  final <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  Value.Variable group() {
    return group;
  }

  Value.Variable item() {
    return item;
  }

  void add(Array array) {
    arrays.add(array);
  }

  void add(Value.Variable variable) {
    variables.add(variable);
  }

  /** A variable that is 0 or more and small. */
  void addCounter(Value.Variable counter) {
    counters.add(counter);
  }

  Names names() {
    return new Names(List.copyOf(variables), List.copyOf(counters));
  }

  void restore(Names names) {
    variables = new ArrayList<>(names.variables());
    counters = new ArrayList<>(names.counters());
  }

  Array anyPrivate() {
    return arrays.get(random.nextInt(arrays.size()));
  }

  Array privateFloats() {
    return arrays.getFirst();
  }

  /** An int from 0 to a bound, which it may reach. */
  Value index(long most) {
    Value small =
        switch (random.nextInt(counters.isEmpty() ? 3 : 5)) {
          case 0 -> new Value.Whole(random.nextLong(most + 1));
          case 1 -> item;
          case 2 -> new Value.Element(table, new Value.Whole(random.nextInt(16)));
          default -> counters.get(random.nextInt(counters.size()));
        };
    return small instanceof Value.Whole
        ? small
        : new Value.Call(Value.Function.MIN, List.of(small, new Value.Whole(most)));
  }

  Value broadcast(Value scalar, int lanes) {
    return lanes == 1 ? scalar : new Value.Broadcast(scalar, lanes);
  }

  Value of(Type type, int depth) {
    return switch (type.kind()) {
      case FLOAT -> real(type.lanes(), depth);
      case DOUBLE, HALF ->
          throw new IllegalArgumentException("random kernels are in single precision");
      case INT -> whole(type.lanes(), depth);
      case MASK -> mask(type.lanes(), depth);
    };
  }

  private List<Value.Variable> variables(Type type) {
    return variables.stream().filter(variable -> variable.type().equals(type)).toList();
  }

  private Value leaf(Type type, Value otherwise) {
    List<Value.Variable> found = variables(type);
    return found.isEmpty() || random.nextInt(3) == 0
        ? otherwise
        : found.get(random.nextInt(found.size()));
  }

  private Value real(int lanes, int depth) {
    Type type = Type.FLOAT.withLanes(lanes);
    if (depth == 0) {
      return leaf(type, lanes == 1 ? loaded() : loaded(lanes));
    }
    return switch (random.nextInt(11)) {
      case 0, 1 -> infix(pick(Operator.ADD, Operator.SUBTRACT), lanes, depth);
      case 2, 3 -> infix(Operator.MULTIPLY, lanes, depth);
      case 4 ->
          new Value.Infix(
              Operator.DIVIDE, real(lanes, depth - 1), new Value.Real(pick(2.0, -3.0, 0.7)));
      case 5 -> new Value.Negated(real(lanes, depth - 1));
      case 6 -> function(lanes, depth);
      case 7 -> new Value.ToFloat(whole(lanes, depth - 1));
      case 8 -> new Value.FromBits(new Value.ToBits(real(lanes, depth - 1)));
      case 9 ->
          new Value.Select(mask(lanes, depth - 1), real(lanes, depth - 1), real(lanes, depth - 1));
      default -> lanes == 1 ? loaded() : choice(lanes, depth);
    };
  }

  /** A scalar decides about all lanes. */
  private Value choice(int lanes, int depth) {
    return random.nextBoolean()
        ? new Value.Select(mask(1, depth - 1), real(lanes, depth - 1), real(lanes, depth - 1))
        : broadcast(real(1, depth - 1), lanes);
  }

  /** One of the operands may be a scalar beside a vector. */
  private Value infix(Operator operator, int lanes, int depth) {
    Value one = real(lanes, depth - 1);
    Value other = real(random.nextInt(3) == 0 ? 1 : lanes, depth - 1);
    return random.nextBoolean()
        ? new Value.Infix(operator, one, other)
        : new Value.Infix(operator, other, one);
  }

  private Value function(int lanes, int depth) {
    Value one = real(lanes, depth - 1);
    return switch (random.nextInt(3)) {
      case 0 -> new Value.Call(Value.Function.FABS, List.of(one));
      case 1 ->
          new Value.Call(
              Value.Function.SQRT, List.of(new Value.Call(Value.Function.FABS, List.of(one))));
      default ->
          new Value.Call(
              pick(Value.Function.MAX, Value.Function.MIN), List.of(one, real(lanes, depth - 1)));
    };
  }

  private Value loaded() {
    return switch (random.nextInt(5)) {
      case 0 -> new Value.Real(pick(1.0, -2.0, 0.5, 0.0));
      case 1 -> new Value.Element(floats, index(floats.length() - 1));
      case 2 -> new Value.Element(local, ownLocal(15));
      default -> new Value.Element(privateFloats(), index(privateFloats().length() - 1));
    };
  }

  /** What other work-items write is not read: nothing says when. */
  private Value ownLocal(long most) {
    Value own = new Value.Infix(Operator.MULTIPLY, item, new Value.Whole(16));
    return new Value.Infix(Operator.ADD, own, index(most));
  }

  private Value loaded(int lanes) {
    Array ints = arrays.get(2);
    Array vectors = arrays.get(1);
    return switch (random.nextInt(7)) {
      case 0 -> new Value.Neighbours(floats, index(floats.length() - lanes), lanes);
      case 1 -> new Value.Neighbours(local, ownLocal(16 - lanes), lanes);
      case 2 ->
          new Value.Neighbours(privateFloats(), index(privateFloats().length() - lanes), lanes);
      case 3 ->
          new Value.Gathered(
              floats, new Value.Infix(Operator.ADD, new Value.LaneNumbers(lanes), index(40)));
      case 4 -> new Value.Gathered(privateFloats(), new Value.LaneNumbers(lanes));
      case 5 ->
          lanes == vectors.element().lanes()
              ? new Value.Element(vectors, index(vectors.length() - 1))
              : broadcast(new Value.Real(-1.5), lanes);
      default ->
          broadcast(new Value.ToFloat(new Value.Element(ints, index(ints.length() - 1))), lanes);
    };
  }

  private Value whole(int lanes, int depth) {
    Type type = Type.INT.withLanes(lanes);
    if (depth == 0) {
      Value number =
          lanes > 1 && random.nextBoolean()
              ? new Value.LaneNumbers(lanes)
              : broadcast(index(9), lanes);
      return leaf(type, number);
    }
    Value divisor = new Value.Whole(pick(2L, 3L, -5L));
    return switch (random.nextInt(7)) {
      case 0 ->
          new Value.Infix(
              pick(Operator.ADD, Operator.SUBTRACT),
              whole(lanes, depth - 1),
              whole(random.nextBoolean() ? 1 : lanes, depth - 1));
      case 1 ->
          new Value.Infix(
              Operator.MULTIPLY, whole(lanes, depth - 1), new Value.Whole(pick(1L, -2L, 3L)));
      case 2 ->
          new Value.Infix(
              pick(Operator.DIVIDE, Operator.REMAINDER), whole(lanes, depth - 1), divisor);
      case 3 -> new Value.Negated(whole(lanes, depth - 1));
      case 4 ->
          new Value.Select(
              mask(lanes, depth - 1), whole(lanes, depth - 1), whole(lanes, depth - 1));
      case 5 ->
          new Value.Infix(
              Operator.SHIFT_LEFT, whole(lanes, depth - 1), new Value.Whole(pick(0L, 1L, 3L)));
      default -> new Value.ToInt(new Value.ToFloat(whole(lanes, depth - 1)));
    };
  }

  Value mask(int lanes, int depth) {
    Type type = Type.MASK.withLanes(lanes);
    Operator comparison =
        pick(
            Operator.LESS,
            Operator.LESS_OR_EQUAL,
            Operator.GREATER,
            Operator.GREATER_OR_EQUAL,
            Operator.EQUAL,
            Operator.NOT_EQUAL);
    if (depth == 0) {
      return leaf(type, new Value.Infix(comparison, whole(lanes, 0), whole(lanes, 0)));
    }
    return switch (random.nextInt(7)) {
      case 0 -> new Value.Infix(comparison, whole(lanes, depth - 1), whole(1, depth - 1));
      case 1, 2 -> new Value.Infix(comparison, real(lanes, depth - 1), real(1, depth - 1));
      case 3 -> new Value.Not(mask(lanes, depth - 1));
      case 4 ->
          new Value.Infix(
              pick(Operator.AND, Operator.OR), mask(lanes, depth - 1), mask(lanes, depth - 1));
      case 5 ->
          lanes == 1
              ? new Value.Call(Value.Function.ANY, List.of(mask(4, depth - 1)))
              : broadcast(mask(1, depth - 1), lanes);
      default ->
          new Value.Select(mask(lanes, depth - 1), mask(lanes, depth - 1), mask(lanes, depth - 1));
    };
  }
}
