package dev.weir.opencl.execute;

import dev.weir.opencl.execute.Fault.Direction;
import dev.weir.opencl.execute.Instruction.Opcode;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns the statements of a block into steps that work-items take together. */
final class StatementCompiler {

  private final WorkGroup group;
  private final Scope scope;
  private final ValueCompiler values;

  StatementCompiler(WorkGroup group, Scope scope) {
    this.group = group;
    this.scope = scope;
    this.values = new ValueCompiler(group.kernel(), scope, group.options().contraction());
  }

  /** Statements one after another, in the region of the code. */
  Step compile(List<Statement> statements, Code code) {
    List<Step> steps = new ArrayList<>();
    for (Statement statement : statements) {
      compile(statement, code, steps);
    }
    Step[] all = steps.toArray(Step[]::new);
    return (items, count) -> {
      for (Step step : all) {
        step.run(items, count);
      }
    };
  }

  private void compile(Statement statement, Code code, List<Step> steps) {
    switch (statement) {
      case Statement.Comment _ -> {}
      case Statement.Declare declare -> steps.add(declare(declare, code));
      case Statement.DeclareArray declare -> steps.add(declareArray(declare.array(), code));
      case Statement.Assign assign -> steps.add(assign(assign, code));
      case Statement.AssignNeighbours assign -> steps.add(assignNeighbours(assign, code));
      case Statement.Scatter scatter -> steps.add(scatter(scatter, code));
      case Statement.Loop loop -> steps.add(new LoopCompiler(group, scope).compile(loop, code));
      case Statement.If branch -> branch(branch, code).ifPresent(steps::add);
      case Statement.Block block -> steps.add(block(block.body(), code));
      case Statement.Barrier barrier -> steps.add(barrier(barrier.space(), code));
    }
  }

  private Step block(List<Statement> body, Code code) {
    return new StatementCompiler(group, scope.block()).compile(body, code);
  }

  /** Every work-item by itself. */
  static Step each(Operation operation) {
    return (items, count) -> {
      for (int i = 0; i < count; i++) {
        operation.run(items[i]);
      }
    };
  }

  private Step declare(Statement.Declare declare, Code code) {
    Code own = code.beside();
    Type type = declare.variable().type();
    int register = scope.takeRegisters(type.lanes());
    int taken = scope.takenRegisters();
    Operand value = values.finished(declare.value(), type, own);
    own.add(
        item -> {
          for (int lane = 0; lane < type.lanes(); lane++) {
            item.registers[register + lane] =
                item.registers[value.register() + lane * value.stride()];
          }
        });
    scope.release(taken);
    code.allocate();
    UnoptimisedCode.storeVariable(code, type);
    Operand.Form form = value.known().isPresent() ? Operand.CONSTANT : Operand.COMPUTED;
    int stride = type.lanes() == 1 ? 0 : 1;
    scope.declare(declare.variable(), new Operand(type, register, stride, form, value.known()));
    return each(own.operation());
  }

  private Step declareArray(Array array, Code code) {
    if (array.space() != AddressSpace.PRIVATE) {
      throw new IllegalArgumentException(
          "kernel %s declares %s in a block (expected a private array)"
              .formatted(group.kernel(), array));
    }
    int place = scope.takeArray();
    scope.declare(array, item -> item.arrays[place]);
    code.allocate();
    return each(
        item -> {
          if (item.arrays[place] == null) {
            item.arrays[place] =
                new Storage(group.kernel(), array, group.options(), Optional.empty());
          } else {
            item.arrays[place].clear();
          }
        });
  }

  private Step assign(Statement.Assign assign, Code code) {
    Array array = assign.array();
    int taken = scope.takenRegisters();
    Code own = code.beside();
    Operand value = values.finished(assign.value(), array.element().loaded(), own);
    Operand index = values.finished(assign.index(), own);
    UnoptimisedCode.element(own, array.space(), index);
    own.count(UnoptimisedCode.store(array));
    own.store(array, array.element().lanes());
    own.add(store(array, index.register(), value));
    scope.release(taken);
    return each(own.operation());
  }

  private Step assignNeighbours(Statement.AssignNeighbours assign, Code code) {
    Array array = assign.array();
    int taken = scope.takenRegisters();
    Code own = code.beside();
    Operand value = values.finished(assign.value(), own);
    int index = values.address(array, assign.index(), own);
    long bytes = array.element().bytes() * value.lanes();
    own.count(new Instruction.VectorStore(array.space(), value.lanes(), bytes));
    own.store(array, value.lanes());
    own.add(store(array, index, value));
    scope.release(taken);
    return each(own.operation());
  }

  /** The lanes of a value to neighbouring places, from an element on. */
  private Operation store(Array array, int index, Operand value) {
    Scope.Locator locator = scope.locate(array);
    int elements = value.lanes() / array.element().lanes();
    return item -> {
      Storage storage = locator.of(item);
      int place = storage.place(item.registers[index], elements, Direction.WRITES, item);
      for (int lane = 0; lane < value.lanes(); lane++) {
        double stored = item.registers[value.register() + lane * value.stride()];
        storage.write(place + lane, stored, item);
      }
    };
  }

  private Step scatter(Statement.Scatter scatter, Code code) {
    Array array = scatter.array();
    ValueCompiler.requireScalars(array);
    int taken = scope.takenRegisters();
    Code own = code.beside();
    int lanes = scatter.value().type().lanes();
    boolean isMasked = scatter.mask().isPresent();
    UnoptimisedCode.address(own, array.space());
    Operand indices = values.finished(scatter.indices(), Type.INT.withLanes(lanes), own);
    Operand value = values.finished(scatter.value(), own);
    Optional<Operand> mask =
        scatter.mask().map(m -> values.finished(m, Type.MASK.withLanes(lanes), own));
    UnoptimisedCode.scatter(own, array, lanes, isMasked);
    Code lane = own.inside();
    UnoptimisedCode.scatterLane(lane, array, lanes, isMasked);
    lane.store(array, 1);
    own.add(scatterLanes(array, indices, value, mask, lane.region()));
    scope.release(taken);
    return each(own.operation());
  }

  private Operation scatterLanes(
      Array array, Operand indices, Operand value, Optional<Operand> mask, Region stored) {
    Scope.Locator locator = scope.locate(array);
    return item -> {
      Storage storage = locator.of(item);
      double[] registers = item.registers;
      for (int lane = 0; lane < value.lanes(); lane++) {
        if (mask.isEmpty() || lane(registers, mask.get(), lane) != 0) {
          stored.execute(1);
          double index = lane(registers, indices, lane);
          int place = storage.place(index, 1, Direction.WRITES, item);
          storage.write(place, lane(registers, value, lane), item);
        }
      }
    };
  }

  private static double lane(double[] registers, Operand operand, int lane) {
    return registers[operand.register() + lane * operand.stride()];
  }

  /** Nothing remains of an {@code if} that a compiler decides. */
  private Optional<Step> branch(Statement.If branch, Code code) {
    Optional<Double> known = values.known(branch.condition());
    if (known.isPresent()) {
      return known.get() == 0 ? Optional.empty() : Optional.of(block(branch.body(), code));
    }
    int taken = scope.takenRegisters();
    Code own = code.beside();
    int truth = values.choices().branchOn(branch.condition(), own);
    Operation condition = own.operation();
    scope.release(taken);
    Code inside = code.inside();
    Step body = block(branch.body(), inside);
    inside.count(Opcode.BR, 1);
    return Optional.of(
        (items, count) -> {
          WorkItem[] entering = new WorkItem[count];
          int enteringCount = 0;
          for (int i = 0; i < count; i++) {
            condition.run(items[i]);
            if (items[i].registers[truth] != 0) {
              entering[enteringCount++] = items[i];
            }
          }
          if (enteringCount > 0) {
            inside.region().execute(enteringCount);
            body.run(entering, enteringCount);
          }
        });
  }

  private Step barrier(AddressSpace space, Code code) {
    code.count(new Instruction.Call("barrier", 1));
    return (items, count) -> {
      if (count < group.items().size()) {
        throw new FaultException(
            new Fault.BarrierNotReached(
                group.kernel(), count, group.items().size(), missing(items, count)));
      }
      group.epochs().barrier(space);
    };
  }

  private Fault.Item missing(WorkItem[] items, int count) {
    int number = 0;
    while (number < count && items[number].number() == number) {
      number++;
    }
    return group.items().get(number).identity();
  }
}
