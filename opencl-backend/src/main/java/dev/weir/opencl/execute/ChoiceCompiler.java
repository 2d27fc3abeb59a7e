package dev.weir.opencl.execute;

import dev.weir.opencl.execute.Instruction.Opcode;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.List;
import java.util.Optional;

/** Choices between values, and conditions to branch on. */
final class ChoiceCompiler {

  private final ValueCompiler values;
  private final OperatorCompiler operators;
  private final Scope scope;

  ChoiceCompiler(ValueCompiler values, OperatorCompiler operators, Scope scope) {
    this.values = values;
    this.operators = operators;
    this.scope = scope;
  }

  Operand select(Value.Select select, Code code) {
    int lanes = Math.max(select.then().type().lanes(), select.otherwise().type().lanes());
    Type type = select.then().type().withLanes(lanes);
    if (select.mask().type().lanes() > 1) {
      return selectLanes(select, type, code);
    }
    Optional<Double> known = values.known(select.mask());
    if (known.isPresent()) {
      Value taken = known.get() == 0 ? select.otherwise() : select.then();
      return operators.widen(values.compile(taken, code), lanes, code);
    }
    boolean isEvaluated =
        values.known(select.then()).isPresent() && values.known(select.otherwise()).isPresent();
    return isEvaluated ? selectEvaluated(select, type, code) : branch(select, type, code);
  }

  /** The built-in function {@code select}: the sign bit of a lane's mask decides. */
  private Operand selectLanes(Value.Select select, Type type, Code code) {
    Operand otherwise = values.finished(select.otherwise(), type, code);
    Operand then = values.finished(select.then(), type, code);
    Operand mask = values.finished(select.mask(), code);
    if (mask.lanes() != type.lanes()) {
      throw new IllegalArgumentException(
          "select with %d lanes of a mask for %s".formatted(mask.lanes(), type.text()));
    }
    UnoptimisedCode.convertMask(code, type.kind(), "long", type.lanes());
    UnoptimisedCode.call(code, "select", List.of(otherwise, then, mask));
    int register = scope.takeRegisters(type.lanes());
    code.add(
        item -> {
          for (int lane = 0; lane < type.lanes(); lane++) {
            double holds = item.registers[mask.register() + lane * mask.stride()];
            copyLane(item, holds < 0 ? then : otherwise, lane, register);
          }
        });
    return computed(type, register);
  }

  private static Operand computed(Type type, int register) {
    int stride = type.lanes() == 1 ? 0 : 1;
    return new Operand(type, register, stride, Operand.COMPUTED, Optional.empty());
  }

  private static void copyLane(WorkItem item, Operand from, int lane, int register) {
    item.registers[register + lane] = item.registers[from.register() + lane * from.stride()];
  }

  private static void copy(WorkItem item, Operand from, int register) {
    for (int lane = 0; lane < from.lanes(); lane++) {
      copyLane(item, from, lane, register);
    }
  }

  /** Both sides, then one of them. */
  private Operand selectEvaluated(Value.Select select, Type type, Code code) {
    Operand mask = condition(select.mask(), code);
    code.count(Opcode.ZEXT, 1);
    Operand then = values.finished(select.then(), type, code);
    Operand otherwise = values.finished(select.otherwise(), type, code);
    code.count(Opcode.SELECT, type.lanes());
    int register = scope.takeRegisters(type.lanes());
    code.add(item -> copy(item, item.registers[mask.register()] != 0 ? then : otherwise, register));
    return computed(type, register);
  }

  private Operand branch(Value.Select select, Type type, Code code) {
    int truth = branchOn(select.mask(), code);
    int register = scope.takeRegisters(type.lanes());
    Operation then = side(select.then(), type, register, code);
    Operation otherwise = side(select.otherwise(), type, register, code);
    code.count(Opcode.PHI, type.lanes());
    code.add(item -> (item.registers[truth] != 0 ? then : otherwise).run(item));
    return computed(type, register);
  }

  private Operation side(Value value, Type type, int register, Code code) {
    Code side = code.inside();
    Operand operand = values.finished(value, type, side);
    side.add(item -> copy(item, operand, register));
    side.count(Opcode.BR, 1);
    return side.counted();
  }

  /** A scalar as a condition; its register is 0 where it does not hold. */
  Operand condition(Value value, Code code) {
    Operand operand = values.compile(value, code);
    UnoptimisedCode.condition(code, operand);
    return operand;
  }

  /**
   * A branch on a scalar.
   *
   * @return the register of its truth
   */
  int branchOn(Value value, Code code) {
    return switch (value) {
      case Value.Not(Value mask) -> {
        int truth = branchOn(mask, code);
        int not = scope.takeRegisters(1);
        code.add(item -> item.registers[not] = item.registers[truth] == 0 ? 1 : 0);
        yield not;
      }
      case Value.Select select -> branchOnChoice(select, code);
      case Value.Real _, Value.Whole _, Value.LaneNumbers _, Value.GridPosition _ ->
          branchOnInt(value, code);
      case Value.Variable _, Value.Element _, Value.Neighbours _, Value.Gathered _ ->
          branchOnInt(value, code);
      case Value.Half _, Value.ToBits _, Value.FromBits _, Value.ExponentialPolynomial _ ->
          branchOnInt(value, code);
      case Value.Broadcast _, Value.Infix _, Value.Call _, Value.Negated _ ->
          branchOnInt(value, code);
      case Value.ToFloat _, Value.ToDouble _, Value.ToInt _ -> branchOnInt(value, code);
    };
  }

  private int branchOnInt(Value value, Code code) {
    Operand operand = condition(value, code);
    code.count(Opcode.BR, 1);
    return operand.register();
  }

  private int branchOnChoice(Value.Select select, Code code) {
    int first = branchOn(select.mask(), code);
    int truth = scope.takeRegisters(1);
    Operation then = truthOfSide(select.then(), truth, code);
    Operation otherwise = truthOfSide(select.otherwise(), truth, code);
    code.add(item -> (item.registers[first] != 0 ? then : otherwise).run(item));
    return truth;
  }

  private Operation truthOfSide(Value value, int truth, Code code) {
    Code side = code.inside();
    int register = branchOn(value, side);
    side.add(item -> item.registers[truth] = item.registers[register]);
    return side.counted();
  }
}
