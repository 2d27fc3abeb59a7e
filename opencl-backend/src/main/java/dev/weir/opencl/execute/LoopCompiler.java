package dev.weir.opencl.execute;

import dev.weir.opencl.execute.Instruction.Opcode;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.Optional;

/**
 * Turns loops into steps. Work-items go through the trips together, and one whose bound is smaller
 * than the others' waits after the loop.
 */
final class LoopCompiler {

  private final WorkGroup group;
  private final Scope scope;
  private final ValueCompiler values;

  LoopCompiler(WorkGroup group, Scope around) {
    this.group = group;
    this.scope = around.block();
    this.values = new ValueCompiler(group.kernel(), scope, group.options().contraction());
  }

  Step compile(Statement.Loop loop, Code code) {
    int counter = scope.takeRegisters(1);
    int taken = scope.takenRegisters();
    Step entry = StatementCompiler.each(entry(loop, counter, code));
    scope.release(taken);
    scope.declare(
        loop.counter(), new Operand(Type.INT, counter, 0, Operand.COMPUTED, Optional.empty()));

    Code conditionCode = code.inside();
    Value.Infix below = new Value.Infix(Operator.LESS, loop.counter(), loop.bound());
    Operand holds = values.choices().condition(below, conditionCode);
    conditionCode.count(Opcode.BR, 1);
    Operation condition = conditionCode.operation();
    scope.release(taken);

    Code inside = code.inside();
    Step body = new StatementCompiler(group, scope.block()).compile(loop.body(), inside);
    inside.count(Opcode.BR, 1);
    Step step = StatementCompiler.each(step(loop, counter, inside.beside()));
    Region trips = inside.region();
    Region checks = conditionCode.region();
    return (items, count) -> {
      entry.run(items, count);
      WorkItem[] entering = items.clone();
      int enteringCount = count;
      while (true) {
        checks.execute(enteringCount);
        enteringCount = keep(entering, enteringCount, condition, holds.register());
        if (enteringCount == 0) {
          return;
        }
        trips.execute(enteringCount);
        body.run(entering, enteringCount);
        step.run(entering, enteringCount);
      }
    };
  }

  /** Moves the work-items for which a condition holds to the front. */
  private static int keep(WorkItem[] items, int count, Operation condition, int truth) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      condition.run(items[i]);
      if (items[i].registers[truth] != 0) {
        items[kept++] = items[i];
      }
    }
    return kept;
  }

  private Operation entry(Statement.Loop loop, int counter, Code code) {
    Code own = code.beside();
    Operand first = values.finished(loop.first(), Type.INT, own);
    own.allocate();
    UnoptimisedCode.storeVariable(own, Type.INT);
    own.count(Opcode.BR, 1);
    own.add(item -> item.registers[counter] = item.registers[first.register()]);
    return own.operation();
  }

  private Operation step(Statement.Loop loop, int counter, Code own) {
    Value.Infix next = new Value.Infix(Operator.ADD, loop.counter(), loop.step());
    Operand sum = values.finished(next, Type.INT, own);
    UnoptimisedCode.storeVariable(own, Type.INT);
    own.count(Opcode.BR, 1);
    own.add(item -> item.registers[counter] = item.registers[sum.register()]);
    return own.operation();
  }
}
