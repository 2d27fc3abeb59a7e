package dev.weir.opencl.execute;

import dev.weir.opencl.execute.Fault.Direction;
import dev.weir.opencl.execute.Instruction.Opcode;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Turns values into operations, and says what a compiler makes of them. */
final class ValueCompiler {

  private final Scope scope;
  private final OperatorCompiler operators;
  private final ChoiceCompiler choices;

  ValueCompiler(String kernel, Scope scope, ExecutionOptions.Contraction contraction) {
    this.scope = scope;
    this.operators = new OperatorCompiler(kernel, scope, contraction);
    this.choices = new ChoiceCompiler(this, operators, scope);
  }

  ChoiceCompiler choices() {
    return choices;
  }

  /** A value as an expression has it: bits of comparisons and products are not finished. */
  Operand compile(Value value, Code code) {
    return switch (value) {
      case Value.Real number -> real(number, code);
      case Value.Whole whole -> literal(Type.INT, whole(whole.value()), code);
      case Value.LaneNumbers numbers -> laneNumbers(numbers, code);
      case Value.GridPosition position -> position(position, code);
      case Value.Variable variable -> variable(variable, code);
      case Value.Broadcast broadcast -> broadcast(broadcast, code);
      case Value.Infix infix ->
          operators.infix(
              infix.operator(), compile(infix.left(), code), compile(infix.right(), code), code);
      case Value.Call call -> call(call, code);
      case Value.Negated negated -> operators.negate(compile(negated.operand(), code), code);
      case Value.Not not -> operators.not(compile(not.mask(), code), code);
      case Value.ToFloat convert -> convert(value.type(), convert.operand(), code);
      case Value.ToDouble convert -> convert(value.type(), convert.operand(), code);
      case Value.ToInt convert -> convert(value.type(), convert.operand(), code);
      case Value.Select select -> choices.select(select, code);
      case Value.Element element -> element(element, code);
      case Value.Neighbours neighbours -> neighbours(neighbours, code);
      case Value.Gathered gathered -> gathered(gathered, code);
      case Value.Half half ->
          OperatorCompiler.half(finished(half.vector(), code), half.isUpper(), code);
      case Value.ToBits convert ->
          operators.reinterpret(value.type(), finished(convert.operand(), code), code);
      case Value.FromBits convert ->
          operators.reinterpret(value.type(), finished(convert.operand(), code), code);
      case Value.ExponentialPolynomial _ ->
          throw new IllegalArgumentException(value + " (expected it written out by a pass)");
    };
  }

  /** A value that is ready to be stored, passed or indexed with. */
  Operand finished(Value value, Code code) {
    return operators.finish(compile(value, code), code);
  }

  /** The same as a value of a type: a scalar fills a vector. */
  Operand finished(Value value, Type type, Code code) {
    Operand operand = compile(value, code);
    if (Kinds.isFloating(operand.type().kind()) != Kinds.isFloating(type.kind())) {
      throw new IllegalArgumentException(
          "%s becomes %s (expected a conversion)".formatted(value, type));
    }
    return operators.finish(operators.widen(operand, type.lanes(), code), code);
  }

  /** What a compiler knows of a scalar without running it. */
  Optional<Double> known(Value scalar) {
    int taken = scope.takenRegisters();
    Optional<List<Double>> known = compile(scalar, Code.discarded()).known();
    scope.release(taken);
    return known.map(List::getFirst);
  }

  private static int whole(long value) {
    if (value != (int) value) {
      throw new IllegalArgumentException(value + " is no int");
    }
    return (int) value;
  }

  /** {@code NAN} is a reinterpreted int, which clang does not evaluate. */
  private Operand real(Value.Real number, Code code) {
    Operand literal =
        literal(
            number.type(),
            Kinds.rounding(number.type().kind()).applyAsDouble(number.value()),
            code);
    return Double.isNaN(number.value())
        ? new Operand(literal.type(), literal.register(), 0, Operand.CONSTANT, Optional.empty())
        : literal;
  }

  private Operand literal(Type type, double value, Code code) {
    int register = scope.takeRegisters(1);
    code.add(item -> item.registers[register] = value);
    return new Operand(type, register, 0, Operand.CONSTANT, Optional.of(List.of(value)));
  }

  private Operand laneNumbers(Value.LaneNumbers numbers, Code code) {
    int lanes = numbers.lanes();
    int register = scope.takeRegisters(lanes);
    code.add(
        item -> {
          for (int lane = 0; lane < lanes; lane++) {
            item.registers[register + lane] = lane;
          }
        });
    UnoptimisedCode.laneList(code, numbers.type());
    List<Double> known = IntStream.range(0, lanes).mapToObj(lane -> (double) lane).toList();
    return new Operand(numbers.type(), register, 1, Operand.COMPUTED, Optional.of(known));
  }

  /** A number of 64 bits that becomes an int. */
  private Operand position(Value.GridPosition position, Code code) {
    int register = scope.takeRegisters(1);
    code.add(
        item -> item.registers[register] = item.position(position.ofGroup(), position.dimension()));
    code.count(new Instruction.Call(position.ofGroup() ? "get_group_id" : "get_local_id", 1));
    code.count(Opcode.TRUNC, 1);
    return new Operand(position.type(), register, 0, Operand.COMPUTED, Optional.empty());
  }

  private Operand variable(Value.Variable variable, Code code) {
    Operand operand = scope.variable(variable);
    if (!operand.isConstant()) {
      UnoptimisedCode.loadVariable(code, variable.type());
    }
    return operand;
  }

  /** A scalar truth is 1, in the lanes of a vector −1. */
  private Operand broadcast(Value.Broadcast broadcast, Code code) {
    Operand scalar = operators.finish(compile(broadcast.scalar(), code), code);
    Operand lane = scalar.type().kind() == Type.Kind.MASK ? operators.negate(scalar, code) : scalar;
    return operators.widen(lane, broadcast.lanes(), code);
  }

  private Operand call(Value.Call call, Code code) {
    List<Operand> arguments =
        call.arguments().stream().map(argument -> finished(argument, code)).toList();
    UnoptimisedCode.call(code, call.function().text(), arguments);
    return operators.call(call, arguments, code);
  }

  private Operand convert(Type type, Value from, Code code) {
    Operand operand = finished(from, code);
    String function = type.text();
    code.count(new Instruction.Call("convert_" + function, operand.lanes()));
    return operators.convert(type, operand, code);
  }

  private Operand element(Value.Element element, Code code) {
    Array array = element.array();
    Operand index = finished(element.index(), code);
    UnoptimisedCode.element(code, array.space(), index);
    code.count(UnoptimisedCode.load(array));
    code.load(array, array.element().lanes());
    return read(array, index.register(), element.type(), code);
  }

  private Operand neighbours(Value.Neighbours neighbours, Code code) {
    Array array = neighbours.array();
    int lanes = neighbours.lanes();
    int index = address(array, neighbours.index(), code);
    long bytes = array.element().bytes() * lanes;
    code.count(new Instruction.VectorLoad(array.space(), lanes, bytes));
    code.load(array, lanes);
    return read(array, index, neighbours.type(), code);
  }

  /** Neighbouring places from an element on. */
  private Operand read(Array array, int index, Type type, Code code) {
    Scope.Locator locator = scope.locate(array);
    int lanes = type.lanes();
    int elements = lanes / array.element().lanes();
    int register = scope.takeRegisters(lanes);
    code.add(
        item -> {
          Storage storage = locator.of(item);
          int place = storage.place(item.registers[index], elements, Direction.READS, item);
          for (int lane = 0; lane < lanes; lane++) {
            item.registers[register + lane] = storage.read(place + lane, item);
          }
        });
    return new Operand(type, register, lanes == 1 ? 0 : 1, Operand.COMPUTED, Optional.empty());
  }

  private Operand gathered(Value.Gathered gathered, Code code) {
    Array array = gathered.array();
    requireScalars(array);
    UnoptimisedCode.address(code, array.space());
    Operand indices = finished(gathered.indices(), code);
    int lanes = indices.lanes();
    UnoptimisedCode.gather(code, array, lanes);
    code.load(array, lanes);
    Scope.Locator locator = scope.locate(array);
    int register = scope.takeRegisters(lanes);
    int from = indices.register();
    int stride = indices.stride();
    code.add(
        item -> {
          Storage storage = locator.of(item);
          double[] registers = item.registers;
          for (int lane = 0; lane < lanes; lane++) {
            double index = registers[from + lane * stride];
            registers[register + lane] =
                storage.read(storage.place(index, 1, Direction.READS, item), item);
          }
        });
    return new Operand(gathered.type(), register, 1, Operand.COMPUTED, Optional.empty());
  }

  static void requireScalars(Array array) {
    if (array.element().lanes() > 1) {
      throw new IllegalArgumentException(
          array + " is accessed lane by lane (expected elements that are scalars)");
    }
  }

  /**
   * Where neighbours begin: {@code array + index} as printed, which adds the terms of the index to
   * the pointer one by one.
   *
   * @return the register of the index
   */
  int address(Array array, Value index, Code code) {
    requireScalars(array);
    UnoptimisedCode.address(code, array.space());
    boolean isConstant =
        switch (array.space()) {
          case LOCAL -> true;
          case GLOBAL, PRIVATE -> false;
        };
    int sum = scope.takeRegisters(1);
    code.add(item -> item.registers[sum] = 0);
    offset(index, sum, isConstant, code);
    return sum;
  }

  private boolean offset(Value index, int sum, boolean isConstant, Code code) {
    if (index instanceof Value.Infix(Value.Operator operator, Value left, Value right)
        && (operator == Value.Operator.ADD || operator == Value.Operator.SUBTRACT)) {
      int sign = operator == Value.Operator.ADD ? 1 : -1;
      return term(right, sum, sign, offset(left, sum, isConstant, code), code);
    }
    return term(index, sum, 1, isConstant, code);
  }

  private boolean term(Value value, int sum, int sign, boolean isConstant, Code code) {
    Operand term = finished(value, code);
    int from = term.register();
    code.add(item -> item.registers[sum] += sign * item.registers[from]);
    return UnoptimisedCode.offset(code, isConstant, term, sign < 0);
  }
}
