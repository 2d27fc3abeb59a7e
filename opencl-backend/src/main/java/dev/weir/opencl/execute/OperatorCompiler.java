package dev.weir.opencl.execute;

import dev.weir.opencl.execute.ExecutionOptions.Contraction;
import dev.weir.opencl.execute.Instruction.Opcode;
import dev.weir.opencl.execute.Operand.Form;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** Operators and built-in functions on compiled operands. */
final class OperatorCompiler {

  private final LaneFunctions functions;
  private final Scope scope;
  private final Contraction contraction;

  OperatorCompiler(String kernel, Scope scope, Contraction contraction) {
    this.functions = new LaneFunctions(kernel);
    this.scope = scope;
    this.contraction = contraction;
  }

  /** A comparison's bit as an int, and a product that no sum took. */
  Operand finish(Operand operand, Code code) {
    return switch (operand.form()) {
      case Form.Computed _, Form.Constant _ -> operand;
      case Form.Truth _ -> {
        code.count(Opcode.ZEXT, 1);
        yield operand.with(Operand.COMPUTED);
      }
      case Form.Product(Operand left, Operand right) -> {
        UnoptimisedCode.operate(code, Operator.MULTIPLY, true, operand.lanes());
        DoubleBinaryOperator multiply =
            functions.infix(Operator.MULTIPLY, operand.type().kind(), false);
        code.add(lanewise(multiply, operand.register(), operand.lanes(), left, right));
        yield operand.with(Operand.COMPUTED);
      }
    };
  }

  /** A scalar in every lane of a vector; anything else as it is. */
  Operand widen(Operand operand, int lanes, Code code) {
    if (operand.lanes() == lanes) {
      return operand;
    }
    if (operand.lanes() != 1) {
      throw new IllegalArgumentException(
          "%s beside %d lanes".formatted(operand.type().text(), lanes));
    }
    Operand scalar = finish(operand, code);
    if (!scalar.isConstant()) {
      UnoptimisedCode.spread(code, lanes);
    }
    Optional<List<Double>> known =
        scalar
            .known()
            .map(value -> IntStream.range(0, lanes).mapToObj(_ -> value.getFirst()).toList());
    return new Operand(scalar.type().withLanes(lanes), scalar.register(), 0, scalar.form(), known);
  }

  Operand infix(Operator operator, Operand left, Operand right, Code code) {
    if (left.isFloating() != right.isFloating()) {
      throw new IllegalArgumentException(
          "%s %s %s (expected a conversion)"
              .formatted(left.type().text(), operator.text(), right.type().text()));
    }
    int lanes = Math.max(left.lanes(), right.lanes());
    Operand one = widen(left, lanes, code);
    Operand other = widen(right, lanes, code);
    return switch (operator) {
      case ADD, SUBTRACT -> sum(operator, one, other, code);
      case MULTIPLY ->
          one.isFloating() && !(one.isConstant() && other.isConstant())
              ? product(finish(one, code), finish(other, code))
              : operate(operator, finish(one, code), finish(other, code), code);
      case DIVIDE, REMAINDER, SHIFT_LEFT, AND, OR ->
          operate(operator, finish(one, code), finish(other, code), code);
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL ->
          compare(operator, finish(one, code), finish(other, code), code);
    };
  }

  private Operand product(Operand left, Operand right) {
    DoubleBinaryOperator multiply = functions.infix(Operator.MULTIPLY, left.type().kind(), false);
    return result(left.type(), multiply, new Form.Product(left, right), left, right);
  }

  private Operand operate(Operator operator, Operand left, Operand right, Code code) {
    DoubleBinaryOperator function = functions.infix(operator, left.type().kind(), left.lanes() > 1);
    boolean isConstant = left.isConstant() && right.isConstant();
    if (!isConstant) {
      UnoptimisedCode.operate(code, operator, left.isFloating(), left.lanes());
    }
    Type type =
        switch (operator) {
          case AND, OR -> Type.MASK.withLanes(left.lanes());
          case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER, SHIFT_LEFT -> left.type();
          case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL -> left.type();
        };
    Form form = isConstant ? Operand.CONSTANT : Operand.COMPUTED;
    Operand result = result(type, function, form, left, right);
    code.add(lanewise(function, result.register(), result.lanes(), left, right));
    return result;
  }

  private Operand compare(Operator operator, Operand left, Operand right, Code code) {
    int lanes = left.lanes();
    DoubleBinaryOperator function = functions.infix(operator, left.type().kind(), lanes > 1);
    boolean isConstant = left.isConstant() && right.isConstant();
    Form form = lanes > 1 ? Operand.COMPUTED : Operand.TRUTH;
    if (!isConstant) {
      UnoptimisedCode.compare(code, left.isFloating(), lanes);
      UnoptimisedCode.convertMask(code, left.type().kind(), "int", lanes);
    }
    Operand result =
        result(
            Type.MASK.withLanes(lanes),
            function,
            isConstant ? Operand.CONSTANT : form,
            left,
            right);
    code.add(lanewise(function, result.register(), lanes, left, right));
    return result;
  }

  /** A sum or a difference, fused with a product when one of its operands is one. */
  private Operand sum(Operator operator, Operand left, Operand right, Code code) {
    boolean isDifference = operator == Operator.SUBTRACT;
    if (left.form() instanceof Form.Product(Operand a, Operand b)) {
      Operand addend = finish(right, code);
      UnoptimisedCode.multiplyAdd(code, left.lanes(), isDifference, addend);
      Operand result = fused(operator, left, addend);
      code.add(multiplyAdd(result, 1, a, b, isDifference ? -1 : 1, addend));
      return result;
    }
    if (right.form() instanceof Form.Product(Operand a, Operand b)) {
      Operand addend = finish(left, code);
      UnoptimisedCode.multiplyAdd(code, left.lanes(), isDifference, a);
      Operand result = fused(operator, addend, right);
      code.add(multiplyAdd(result, isDifference ? -1 : 1, a, b, 1, addend));
      return result;
    }
    return operate(operator, finish(left, code), finish(right, code), code);
  }

  private Operand fused(Operator operator, Operand left, Operand right) {
    DoubleBinaryOperator plain = functions.infix(operator, left.type().kind(), false);
    return result(left.type(), plain, Operand.COMPUTED, left, right);
  }

  /** {@code sign * a * b + signOfC * c}. */
  private Operation multiplyAdd(
      Operand result, double sign, Operand a, Operand b, double signOfC, Operand c) {
    Type.Kind kind = c.type().kind();
    DoubleBinaryOperator multiply = functions.infix(Operator.MULTIPLY, kind, false);
    DoubleBinaryOperator add = functions.infix(Operator.ADD, kind, false);
    boolean isFused =
        switch (contraction) {
          case FUSED -> true;
          case SEPARATE -> false;
        };
    return item -> {
      double[] registers = item.registers;
      for (int lane = 0; lane < result.lanes(); lane++) {
        double x = sign * registers[a.register() + lane * a.stride()];
        double y = registers[b.register() + lane * b.stride()];
        double z = signOfC * registers[c.register() + lane * c.stride()];
        registers[result.register() + lane] =
            isFused
                ? Kinds.multiplyAdd(kind, x, y, z)
                : add.applyAsDouble(multiply.applyAsDouble(x, y), z);
      }
    };
  }

  Operand negate(Operand operand, Code code) {
    Operand from = finish(operand, code);
    if (!from.isConstant()) {
      code.count(from.isFloating() ? Opcode.FNEG : Opcode.SUB, from.lanes());
    }
    DoubleUnaryOperator negate =
        from.isFloating()
            ? value -> -value
            : value ->
                functions.infix(Operator.SUBTRACT, Type.Kind.INT, false).applyAsDouble(0, value);
    return unary(from.type(), negate, from, code);
  }

  /** Of a scalar the truth that it is 0, of a vector its bits the other way round. */
  Operand not(Operand operand, Code code) {
    boolean isScalar = operand.lanes() == 1;
    Operand from = isScalar ? operand : finish(operand, code);
    if (isScalar) {
      UnoptimisedCode.condition(code, from);
    }
    if (!from.isConstant()) {
      code.count(Opcode.XOR, from.lanes());
    }
    DoubleUnaryOperator not = isScalar ? value -> value == 0 ? 1 : 0 : value -> ~(int) value;
    Operand result = unary(Type.MASK.withLanes(from.lanes()), not, from, code);
    return isScalar && !from.isConstant() ? result.with(Operand.TRUTH) : result;
  }

  Operand call(Value.Call call, List<Operand> arguments, Code code) {
    Operand first = arguments.getFirst();
    Type.Kind kind = first.type().kind();
    Operand result =
        switch (call.function()) {
          case EXP, LOG, SQRT, TANH, FABS, FLOOR ->
              unary(first.type(), LaneFunctions.unary(call.function(), kind), first, code);
          case MAX, MIN, POW -> {
            DoubleBinaryOperator function = LaneFunctions.binary(call.function(), kind);
            yield binary(first.type(), function, first, arguments.get(1), code);
          }
          case CLAMP -> {
            DoubleBinaryOperator max = LaneFunctions.binary(Value.Function.MAX, kind);
            DoubleBinaryOperator min = LaneFunctions.binary(Value.Function.MIN, kind);
            Operand raised = binary(first.type(), max, first, arguments.get(1), code);
            yield binary(first.type(), min, raised, arguments.get(2), code);
          }
          case ANY -> any(first, code);
        };
    return new Operand(
        result.type(), result.register(), result.stride(), Operand.COMPUTED, Optional.empty());
  }

  /** Whether the sign bit of some lane is set, as OpenCL C 1.2, section 6.12.6, has it. */
  private Operand any(Operand mask, Code code) {
    int register = scope.takeRegisters(1);
    int lanes = mask.lanes();
    code.add(
        item -> {
          double least = 0;
          for (int lane = 0; lane < lanes; lane++) {
            double value = item.registers[mask.register() + lane * mask.stride()];
            least = Math.min(least, value);
          }
          item.registers[register] = least < 0 ? 1 : 0;
        });
    return new Operand(Type.MASK, register, 0, Operand.COMPUTED, Optional.empty());
  }

  /** Half of the lanes of a vector. */
  static Operand half(Operand vector, boolean isUpper, Code code) {
    int lanes = vector.lanes() / 2;
    UnoptimisedCode.half(code, lanes);
    int first = vector.register() + (isUpper ? lanes * vector.stride() : 0);
    int stride = lanes == 1 ? 0 : vector.stride();
    Type type = vector.type().withLanes(lanes);
    return new Operand(type, first, stride, Operand.COMPUTED, Optional.empty());
  }

  /** A conversion of every lane, towards zero where a fraction is lost. */
  Operand convert(Type type, Operand from, Code code) {
    Operand result = unary(type, Kinds.rounding(type.kind()), from, code);
    return new Operand(
        type, result.register(), result.stride(), Operand.COMPUTED, Optional.empty());
  }

  /** The same bits as another type of as many, which clang does not evaluate. */
  Operand reinterpret(Type type, Operand from, Code code) {
    if (!from.isConstant()) {
      code.count(Opcode.BITCAST, from.lanes());
    }
    DoubleUnaryOperator bits =
        Kinds.isFloating(type.kind())
            ? value -> Float.intBitsToFloat((int) value)
            : value -> Float.floatToRawIntBits((float) value);
    Operand result = unary(type, bits, from, code);
    return new Operand(type, result.register(), result.stride(), result.form(), Optional.empty());
  }

  private Operand unary(Type type, DoubleUnaryOperator function, Operand from, Code code) {
    return binary(type, (value, _) -> function.applyAsDouble(value), from, from, code);
  }

  private Operand binary(
      Type type, DoubleBinaryOperator function, Operand left, Operand right, Code code) {
    Operand first = left.form() instanceof Form.Product ? finish(left, code) : left;
    Form form = first.isConstant() && right.isConstant() ? Operand.CONSTANT : Operand.COMPUTED;
    Operand result = result(type, function, form, first, right);
    code.add(lanewise(function, result.register(), type.lanes(), first, right));
    return result;
  }

  /** A new operand; what is known of it comes from what is known of two others. */
  private Operand result(
      Type type, DoubleBinaryOperator function, Form form, Operand left, Operand right) {
    int lanes = type.lanes();
    Optional<List<Double>> known =
        left.known()
            .flatMap(one -> right.known().flatMap(other -> known(function, lanes, one, other)));
    return new Operand(type, scope.takeRegisters(lanes), lanes == 1 ? 0 : 1, form, known);
  }

  /** What has no defined result is not known; running it is a fault. */
  private static Optional<List<Double>> known(
      DoubleBinaryOperator function, int lanes, List<Double> left, List<Double> right) {
    try {
      return Optional.of(
          IntStream.range(0, lanes)
              .mapToObj(lane -> function.applyAsDouble(left.get(lane), right.get(lane)))
              .toList());
    } catch (FaultException undefined) {
      return Optional.empty();
    }
  }

  private static Operation lanewise(
      DoubleBinaryOperator function, int out, int lanes, Operand left, Operand right) {
    int one = left.register();
    int oneStride = left.stride();
    int other = right.register();
    int otherStride = right.stride();
    return item -> {
      double[] registers = item.registers;
      for (int lane = 0; lane < lanes; lane++) {
        registers[out + lane] =
            function.applyAsDouble(
                registers[one + lane * oneStride], registers[other + lane * otherStride]);
      }
    };
  }
}
