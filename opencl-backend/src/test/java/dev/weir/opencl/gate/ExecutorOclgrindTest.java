package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.ExecutionOptions.Check;
import dev.weir.opencl.execute.Fault;
import dev.weir.opencl.execute.KernelExecutor;
import dev.weir.opencl.gate.OclgrindObservations.Observed;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The executor beside Oclgrind, which interprets what clang made of the printed text: the same
 * counts of every instruction, the same values, the same faults.
 */
class ExecutorOclgrindTest {

  private static final String TAILS = "B=1 H=1 P=19 M=35 E=8 F=8";
  private static final String WHOLE = "B=1 H=1 P=32 M=64 E=16 F=16";

  private static final List<String> SHIPPED =
      List.of(
          "attention_1pass opencl_1pass_cpu pocl-cpu",
          "attention_1pass_masked opencl_1pass_cpu pocl-cpu",
          "attention_1pass opencl_1pass_gpu generic-gpu",
          "attention_1pass_masked opencl_1pass_gpu generic-gpu",
          "attention_3pass opencl_3pass_cpu pocl-cpu",
          "attention_3pass_masked opencl_3pass_cpu pocl-cpu",
          "attention_3pass_masked opencl_3pass_unfused_cpu pocl-cpu",
          "attention_1pass_triangular opencl_1pass_causal_cpu pocl-cpu");

  @TempDir private Path folder;

  @Test
  void countsOfShippedSchedulesAreEqual() throws Exception {
    String[] names =
        SHIPPED.stream()
            .flatMap(name -> List.of(name + " " + TAILS, name + " " + WHOLE).stream())
            .toArray(String[]::new);

    Map<String, Observed> observed = observe(Map.of(), names);

    assertThat(observed).hasSize(names.length);
    observed.forEach(
        (name, problem) -> {
          Execution execution = execute(name, ExecutionOptions.plain());
          assertThat(execution).as(name).isInstanceOf(Execution.Completed.class);
          assertSameCounts(name, (Execution.Completed) execution, problem);
          assertThat(problem.log()).as(name).isEmpty();
        });
  }

  /** Exponentials are of 0 here, so that every value is one that IEEE 754 prescribes. */
  @Test
  void countsAndValuesOfRandomProblemsAreEqual() throws Exception {
    assertThat(compare(CountRun.random("random", 1, 80))).isGreaterThan(60);
  }

  @Test
  void countsAndValuesOfRandomKernelsAreEqual() throws Exception {
    assertThat(compare(CountRun.random("kernel", 1, 100))).isEqualTo(100);
  }

  /** Compares all that a problem did, and says how many problems had no fault. */
  private int compare(String... names) throws Exception {
    int completed = 0;
    for (Map.Entry<String, Observed> entry : observe(Map.of(), names).entrySet()) {
      String name = entry.getKey();
      Observed problem = entry.getValue();
      switch (execute(name, ExecutionOptions.plain())) {
        case Execution.Completed done -> {
          assertSameCounts(name, done, problem);
          assertThat(problem.outputs()).as(name).isNotEmpty();
          assertThat(outputs(done, problem)).as(name).isEqualTo(problem.outputs());
          assertThat(problem.log()).as(name).isEmpty();
          completed++;
        }
        case Execution.Faulted(Fault fault) -> assertSameFault(name, fault, problem);
      }
    }
    return completed;
  }

  @Test
  void racesOfRandomProblemsAreTheSame() throws Exception {
    Map<String, Observed> observed = observe(Oclgrind.RACES, CountRun.random("random", 1, 60));

    assertThat(observed).hasSizeGreaterThan(50);
    observed.forEach(
        (name, problem) -> {
          switch (execute(name, ExecutionOptions.plain().with(Check.RACES))) {
            case Execution.Completed _ -> assertThat(problem.log()).as(name).isEmpty();
            case Execution.Faulted(Fault fault) -> assertSameFault(name, fault, problem);
          }
        });
  }

  private static void assertSameCounts(String name, Execution.Completed done, Observed problem) {
    assertThat(done.counts().kernels().stream().map(OclgrindObservations::of).toList())
        .as(name)
        .isEqualTo(problem.kernels());
  }

  private static void assertSameFault(String name, Fault fault, Observed problem) {
    String complaint =
        switch (fault) {
          case Fault.OutOfBounds _ -> "Invalid";
          case Fault.Race _ -> "data race";
          case Fault.UnwrittenRead _ -> "ninitialized";
          case Fault.BarrierNotReached _ -> "divergence";
          case Fault.Undefined _ -> "Arithmetic exception";
        };
    assertThat(problem.log()).as(name + ": " + fault.message()).contains(complaint);
  }

  private static Map<String, List<String>> outputs(Execution.Completed done, Observed problem) {
    Map<String, List<String>> outputs = new TreeMap<>();
    done.tensors()
        .forEach(
            (tensor, values) -> {
              if (problem.outputs().containsKey(tensor.text())) {
                outputs.put(
                    tensor.text(),
                    Arrays.stream(values)
                        .mapToObj(value -> String.valueOf((float) value + 0f))
                        .toList());
              }
            });
    return outputs;
  }

  private Map<String, Observed> observe(Map<String, String> checks, String... names)
      throws Exception {
    Map<String, String> environment = new HashMap<>(OclgrindObservations.ENVIRONMENT);
    environment.putAll(checks);
    Oclgrind.Outcome outcome = Oclgrind.run(folder, environment, CountRun.class, names);
    assertThat(outcome.output()).endsWith("ran on Oclgrind Simulator\n");
    return OclgrindObservations.parse(outcome.output());
  }

  private static Execution execute(String name, ExecutionOptions options) {
    CountRun.Example example = CountRun.example(name).orElseThrow();
    return KernelExecutor.run(example.program(), example.inputs(), options);
  }
}
