package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.ExecutionOptions.Check;
import dev.weir.opencl.execute.Fault;
import dev.weir.opencl.execute.KernelExecutor;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Faults planted in a shipped kernel that has none. */
class ExecutorPlantedFaultsTest {

  private static final String SHIPPED =
      "attention_1pass_masked opencl_1pass_gpu generic-gpu B=1 H=1 P=67 M=35 E=8 F=8";

  private static Optional<Fault> fault(Function<Statement, List<Statement>> plant) {
    CountRun.Example example = CountRun.example(SHIPPED).orElseThrow();
    KernelProgram program = example.program();
    List<Kernel> kernels =
        program.kernels().stream()
            .map(
                kernel ->
                    new Kernel(
                        kernel.name(),
                        kernel.arguments(),
                        kernel.groups(),
                        kernel.items(),
                        kernel.localArrays(),
                        rewrite(kernel.body(), plant)))
            .toList();
    Execution execution =
        KernelExecutor.run(
            new KernelProgram(program.name(), program.buffers(), kernels),
            example.inputs(),
            ExecutionOptions.plain().with(Check.values()));
    return switch (execution) {
      case Execution.Completed _ -> Optional.empty();
      case Execution.Faulted(Fault fault) -> Optional.of(fault);
    };
  }

  /** Replaces statements, inner ones first. */
  private static List<Statement> rewrite(
      List<Statement> statements, Function<Statement, List<Statement>> plant) {
    return statements.stream()
        .map(
            statement ->
                switch (statement) {
                  case Statement.Loop loop ->
                      new Statement.Loop(
                          loop.counter(),
                          loop.first(),
                          loop.bound(),
                          loop.step(),
                          loop.unrolled(),
                          rewrite(loop.body(), plant));
                  case Statement.If branch ->
                      new Statement.If(branch.condition(), rewrite(branch.body(), plant));
                  case Statement.Block block -> new Statement.Block(rewrite(block.body(), plant));
                  case Statement.Comment _, Statement.Declare _ -> statement;
                  case Statement.DeclareArray _, Statement.Assign _ -> statement;
                  case Statement.AssignNeighbours _, Statement.Scatter _ -> statement;
                  case Statement.Barrier _ -> statement;
                })
        .flatMap(statement -> plant.apply(statement).stream())
        .toList();
  }

  private static Optional<Statement.Assign> storeToLocal(Statement statement) {
    return statement instanceof Statement.Assign assign
            && assign.array().space() == AddressSpace.LOCAL
        ? Optional.of(assign)
        : Optional.empty();
  }

  @Test
  void theKernelItselfHasNone() {
    assertThat(fault(List::of)).isEmpty();
  }

  @Test
  void everyBarrierButTwoIsNeeded() {
    long barriers =
        barriers(CountRun.example(SHIPPED).orElseThrow().program().kernels().getFirst().body());
    List<Long> unneeded = new ArrayList<>();
    for (long removed = 0; removed < barriers; removed++) {
      long number = removed;
      long[] seen = {0};
      Optional<Fault> fault =
          fault(
              statement ->
                  statement instanceof Statement.Barrier && seen[0]++ == number
                      ? List.of()
                      : List.of(statement));
      if (fault.isEmpty()) {
        unneeded.add(number);
      } else {
        assertThat(fault).as("without barrier %d", number).containsInstanceOf(Fault.Race.class);
      }
    }
    // The pass goes by arrays: RD is read and written by the same work-items. The other one stands
    // behind a loop in which work-items meet.
    assertThat(unneeded).as("of %d barriers", barriers).hasSize(2);
  }

  private static long barriers(List<Statement> statements) {
    return statements.stream()
        .mapToLong(
            statement ->
                statement instanceof Statement.Barrier ? 1 : barriers(statement.children()))
        .sum();
  }

  @Test
  void anIndexOneTooFarIsOutOfBounds() {
    Optional<Fault> fault =
        fault(
            statement ->
                storeToLocal(statement)
                    .map(
                        assign -> {
                          Array array = assign.array();
                          Value index =
                              new Value.Infix(
                                  Value.Operator.ADD, assign.index(), new Value.Whole(1));
                          return List.<Statement>of(
                              new Statement.Assign(array, index, assign.value()));
                        })
                    .orElse(List.of(statement)));

    assertThat(fault)
        .hasValueSatisfying(
            found ->
                assertThat(found)
                    .isInstanceOfSatisfying(
                        Fault.OutOfBounds.class,
                        outside -> assertThat(outside.index()).isEqualTo(outside.length())));
  }

  @Test
  void aStoreLeftOutIsAReadOfUnwrittenMemory() {
    Optional<Fault> fault =
        fault(statement -> storeToLocal(statement).isPresent() ? List.of() : List.of(statement));

    assertThat(fault).containsInstanceOf(Fault.UnwrittenRead.class);
  }
}
