package dev.weir.opencl.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.execute.ExecutionOptions.Check;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Kernels by hand: four work-items to a group, and what they must not do. */
class KernelExecutorTest {

  private static final TensorName INPUT = new TensorName("A");
  private static final TensorName OUTPUT = new TensorName("O");
  private static final Array A = new Array("A", AddressSpace.GLOBAL, Type.FLOAT, 16);
  private static final Array O = new Array("O", AddressSpace.GLOBAL, Type.FLOAT, 16);
  private static final Array LOCAL = new Array("L", AddressSpace.LOCAL, Type.FLOAT, 4);
  private static final Value.Variable ITEM = new Value.Variable("item", Type.INT);
  private static final Value.Variable GROUP = new Value.Variable("group", Type.INT);
  private static final Statement LOCAL_BARRIER = new Statement.Barrier(AddressSpace.LOCAL);

  private static KernelProgram program(long groups, Statement... statements) {
    List<KernelBuffer> buffers =
        List.of(
            new KernelBuffer(INPUT, A, KernelBuffer.Role.INPUT),
            new KernelBuffer(OUTPUT, O, KernelBuffer.Role.OUTPUT));
    Statement[] body = new Statement[statements.length + 2];
    body[0] = new Statement.Declare(ITEM, new Value.GridPosition(false, 0));
    body[1] = new Statement.Declare(GROUP, new Value.GridPosition(true, 0));
    System.arraycopy(statements, 0, body, 2, statements.length);
    Kernel kernel =
        new Kernel(
            "k",
            buffers,
            List.of(groups, 1L, 1L),
            List.of(4L, 1L, 1L),
            List.of(LOCAL),
            List.of(body));
    return new KernelProgram("p", buffers, List.of(kernel));
  }

  private static Execution run(KernelProgram program, Check... checks) {
    double[] values = new double[16];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return KernelExecutor.run(
        program, Map.of(INPUT, values), ExecutionOptions.plain().with(checks));
  }

  private static Execution.Completed completed(Execution execution) {
    assertThat(execution).isInstanceOf(Execution.Completed.class);
    return (Execution.Completed) execution;
  }

  private static void assertFault(Execution execution, String message) {
    assertThat(execution)
        .isInstanceOfSatisfying(
            Execution.Faulted.class,
            faulted -> assertThat(faulted.fault().message()).isEqualTo(message));
  }

  private static Value whole(long value) {
    return new Value.Whole(value);
  }

  private static Value plus(Value left, long right) {
    return new Value.Infix(Operator.ADD, left, whole(right));
  }

  private static Value next() {
    return new Value.Infix(Operator.REMAINDER, plus(ITEM, 1), whole(4));
  }

  private static Statement toLocal() {
    return new Statement.Assign(LOCAL, ITEM, new Value.Element(A, ITEM));
  }

  private static Statement fromNeighbour() {
    return new Statement.Assign(O, ITEM, new Value.Element(LOCAL, next()));
  }

  @Test
  void workItemsExchangeValuesAtABarrier() {
    Execution execution =
        run(program(1, toLocal(), LOCAL_BARRIER, fromNeighbour()), Check.values());

    assertThat(completed(execution).tensors().get(OUTPUT)).startsWith(1, 2, 3, 0);
  }

  @Test
  void withoutTheBarrierItIsARace() {
    assertFault(
        run(program(1, toLocal(), fromNeighbour()), Check.RACES),
        "kernel k: a race for L[1]: work-item [1, 0, 0] of group [0, 0, 0] writes it and work-item"
            + " [0, 0, 0] of group [0, 0, 0] reads it (expected a barrier between them)");
  }

  @Test
  void aBarrierForGlobalMemoryDoesNotOrderLocalMemory() {
    Statement barrier = new Statement.Barrier(AddressSpace.GLOBAL);

    assertThat(run(program(1, toLocal(), barrier, fromNeighbour()), Check.RACES))
        .isInstanceOf(Execution.Faulted.class);
  }

  @Test
  void nothingOrdersWorkGroups() {
    assertFault(
        run(program(2, new Statement.Assign(O, ITEM, new Value.Real(1))), Check.RACES),
        "kernel k: a race for O[0]: work-item [0, 0, 0] of group [0, 0, 0] writes it and work-item"
            + " [0, 0, 0] of group [1, 0, 0] writes it (expected a barrier between them)");
  }

  @Test
  void aReadByAnEarlierGroupRacesWithAWrite() {
    Statement read = new Statement.Assign(LOCAL, ITEM, new Value.Element(O, whole(8)));
    Value last = new Value.Infix(Operator.EQUAL, GROUP, whole(2));
    Value first = new Value.Infix(Operator.EQUAL, ITEM, whole(0));
    Statement write =
        new Statement.If(
            new Value.Infix(Operator.AND, last, first),
            List.of(new Statement.Assign(O, whole(8), new Value.Real(1))));

    assertFault(
        run(program(3, read, new Statement.Barrier(AddressSpace.GLOBAL), write), Check.RACES),
        "kernel k: a race for O[8]: work-item [0, 0, 0] of group [0, 0, 0] reads it and work-item"
            + " [0, 0, 0] of group [2, 0, 0] writes it (expected a barrier between them)");
  }

  @Test
  void anIndexOneTooFarIsOutOfBounds() {
    assertFault(
        run(program(1, new Statement.Assign(LOCAL, plus(ITEM, 1), new Value.Real(1)))),
        "kernel k writes L[4] (expected an index from 0 to 3): work-item [3, 0, 0] of group"
            + " [0, 0, 0]");
    assertFault(
        run(program(1, new Statement.Assign(O, ITEM, new Value.Element(A, plus(ITEM, -1))))),
        "kernel k reads A[-1] (expected an index from 0 to 15): work-item [0, 0, 0] of group"
            + " [0, 0, 0]");
    assertFault(
        run(
            program(
                1,
                new Statement.AssignNeighbours(
                    O, plus(ITEM, 12), new Value.Neighbours(A, ITEM, 4)))),
        "kernel k writes O[16] (expected an index from 0 to 15): work-item [1, 0, 0] of group"
            + " [0, 0, 0]");
  }

  @Test
  void aStoreLeftOutIsAReadOfUnwrittenMemory() {
    assertFault(
        run(program(1, LOCAL_BARRIER, fromNeighbour()), Check.UNWRITTEN_READS),
        "kernel k reads L[1], which nothing wrote (expected a store before): work-item [0, 0, 0] of"
            + " group [0, 0, 0]");
  }

  @Test
  void anArrayIsUnsetWheneverItIsDeclared() {
    Array own = new Array("own", AddressSpace.PRIVATE, Type.FLOAT, 1);
    Value.Variable trip = new Value.Variable("trip", Type.INT);
    Statement firstTrip =
        new Statement.If(
            new Value.Infix(Operator.EQUAL, trip, whole(0)),
            List.of(new Statement.Assign(own, whole(0), new Value.Real(7))));
    Statement use = new Statement.Assign(O, ITEM, new Value.Element(own, whole(0)));
    Statement loop =
        new Statement.Loop(
            trip,
            whole(0),
            whole(2),
            whole(1),
            false,
            List.of(new Statement.DeclareArray(own), firstTrip, use));

    assertThat(completed(run(program(1, loop))).tensors().get(OUTPUT)).startsWith(0, 0, 0, 0);
    assertThat(run(program(1, loop), Check.UNWRITTEN_READS)).isInstanceOf(Execution.Faulted.class);
  }

  @Test
  void aBarrierThatSomeMissIsAFault() {
    Value isFirst = new Value.Infix(Operator.LESS, ITEM, whole(3));

    assertFault(
        run(program(1, new Statement.If(isFirst, List.of(LOCAL_BARRIER)))),
        "kernel k: 3 of 4 work-items of a group reach a barrier (expected all); not there:"
            + " work-item [3, 0, 0] of group [0, 0, 0]");
  }

  /** Work-item i makes i trips; a barrier in the loop is one that the first never reaches. */
  @Test
  void boundsOfLoopsMayDiffer() {
    Value.Variable trip = new Value.Variable("trip", Type.INT);
    Value sum = new Value.Infix(Operator.ADD, new Value.Element(LOCAL, ITEM), new Value.Real(1));
    Statement clear = new Statement.Assign(LOCAL, ITEM, new Value.Real(0));
    Statement add = new Statement.Assign(LOCAL, ITEM, sum);
    Statement loop = new Statement.Loop(trip, whole(0), ITEM, whole(1), false, List.of(add));
    Statement result = new Statement.Assign(O, ITEM, new Value.Element(LOCAL, ITEM));
    Statement stuck =
        new Statement.Loop(trip, whole(0), ITEM, whole(1), false, List.of(LOCAL_BARRIER));

    Execution.Completed done = completed(run(program(1, clear, loop, result), Check.values()));
    assertThat(done.tensors().get(OUTPUT)).startsWith(0, 1, 2, 3);
    assertThat(done.counts().kernels().getFirst().executed(Instruction.Opcode.FADD)).isEqualTo(6);
    assertFault(
        run(program(1, stuck)),
        "kernel k: 3 of 4 work-items of a group reach a barrier (expected all); not there:"
            + " work-item [0, 0, 0] of group [0, 0, 0]");
  }

  @Test
  void integersWithoutAResultAreFaults() {
    Statement divide =
        new Statement.Assign(
            O, new Value.Infix(Operator.DIVIDE, whole(7), ITEM), new Value.Real(1));
    Value large = new Value.Infix(Operator.MULTIPLY, plus(ITEM, 65_536), whole(65_536));

    assertFault(
        run(program(1, divide)),
        "kernel k computes 7 / 0 (expected a divisor other than 0 and a result of 32 bits)");
    assertFault(
        run(program(1, new Statement.Assign(O, large, new Value.Real(1)))),
        "kernel k computes 65536 * 65536 (expected a divisor other than 0 and a result of 32"
            + " bits)");
  }

  /** Of {@code O[4i…] = A[4i…] * A[i]} a work-item loads four words and one, and stores four. */
  @Test
  void aScalarForAllLanesIsOneWord() {
    Value first = new Value.Infix(Operator.MULTIPLY, ITEM, whole(4));
    Value product =
        new Value.Infix(
            Operator.MULTIPLY, new Value.Neighbours(A, first, 4), new Value.Element(A, ITEM));

    AccessCounts.Kernel counts =
        completed(run(program(1, new Statement.AssignNeighbours(O, first, product))))
            .counts()
            .kernels()
            .getFirst();

    assertThat(counts.arrays().get(A).loads())
        .isEqualTo(new AccessCounts.Transfers(8, 4 * (4 + 1), 80));
    assertThat(counts.arrays().get(A).stores()).isEqualTo(AccessCounts.Transfers.NONE);
    assertThat(counts.arrays().get(O).stores()).isEqualTo(new AccessCounts.Transfers(4, 16, 64));
    assertThat(counts.bytesLoaded(AddressSpace.GLOBAL)).isEqualTo(80);
    assertThat(counts.bytesStored(AddressSpace.GLOBAL)).isEqualTo(64);
    assertThat(counts.instructions())
        .containsEntry(new Instruction.Plain(Instruction.Opcode.FMUL, 4), 4L);
    assertThat(counts.called("get_local_id")).isEqualTo(4);
  }

  /** {@code (1 + 2^-12)^2 - 1} has 26 bits, one too many for a product that is rounded. */
  @Test
  void productsAreFusedWithSumsOnRequest() {
    Value x = new Value.Element(A, ITEM);
    Value square = new Value.Infix(Operator.MULTIPLY, x, x);
    Value difference = new Value.Infix(Operator.SUBTRACT, square, new Value.Real(1));
    KernelProgram program = program(1, new Statement.Assign(O, ITEM, difference));
    double[] values = new double[16];
    values[0] = 1 + 0x1p-12;

    Execution fused = KernelExecutor.run(program, Map.of(INPUT, values), ExecutionOptions.plain());
    Execution separate =
        KernelExecutor.run(
            program,
            Map.of(INPUT, values),
            ExecutionOptions.plain().with(ExecutionOptions.Contraction.SEPARATE));

    assertThat(completed(fused).tensors().get(OUTPUT)[0]).isEqualTo(0x1p-11 + 0x1p-24);
    assertThat(completed(separate).tensors().get(OUTPUT)[0]).isEqualTo(0x1p-11);
  }

  @Test
  void inputsThatDoNotFitAreRefused() {
    KernelProgram program = program(1);
    ExecutionOptions plain = ExecutionOptions.plain();

    assertThatThrownBy(() -> KernelExecutor.run(program, Map.of(), plain))
        .hasMessage("no values for input A (got values for [])");
    assertThatThrownBy(() -> KernelExecutor.run(program, Map.of(INPUT, new double[3]), plain))
        .hasMessage("A has 16 elements, not 3");
    double[] infinite = new double[16];
    infinite[5] = Double.POSITIVE_INFINITY;
    assertThatThrownBy(() -> KernelExecutor.run(program, Map.of(INPUT, infinite), plain))
        .hasMessage("A holds Infinity; inputs of kernels are finite");
  }

  @Test
  void programsThatDoNotCompileAreRefused() {
    Value.Variable nowhere = new Value.Variable("nowhere", Type.INT);
    Array missing = new Array("M", AddressSpace.PRIVATE, Type.FLOAT, 2);

    assertThatThrownBy(() -> run(program(1, new Statement.Assign(O, nowhere, new Value.Real(1)))))
        .hasMessageContaining("nowhere")
        .hasMessageContaining("declared as nothing (expected a declaration of this type before)");
    assertThatThrownBy(
            () -> run(program(1, new Statement.Assign(missing, ITEM, new Value.Real(1)))))
        .hasMessageContaining("expected this array in a block around");
    assertThatThrownBy(() -> run(program(1, new Statement.Assign(O, ITEM, ITEM))))
        .hasMessageContaining("expected a conversion");
    assertThatThrownBy(() -> run(program(1, new Statement.DeclareArray(LOCAL))))
        .hasMessageContaining("expected a private array");
  }
}
