package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.KernelExecutor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The executor counts exactly the instructions that Oclgrind executes: none may be missing. */
class OclgrindCountsTest {

  private static final String TAILS = "B=1 H=1 P=19 M=35 E=8 F=8";
  private static final String WHOLE = "B=1 H=1 P=32 M=64 E=16 F=16";

  private static final String[] SHIPPED = {
    "attention_1pass opencl_1pass_cpu pocl-cpu " + WHOLE,
    "attention_1pass opencl_1pass_cpu pocl-cpu " + TAILS,
    "attention_1pass_masked opencl_1pass_cpu pocl-cpu " + WHOLE,
    "attention_1pass_masked opencl_1pass_cpu pocl-cpu " + TAILS,
    "attention_1pass opencl_1pass_gpu generic-gpu " + WHOLE,
    "attention_1pass opencl_1pass_gpu generic-gpu " + TAILS,
    "attention_1pass_masked opencl_1pass_gpu generic-gpu " + WHOLE,
    "attention_1pass_masked opencl_1pass_gpu generic-gpu " + TAILS,
    "attention_3pass opencl_3pass_cpu pocl-cpu " + WHOLE,
    "attention_3pass opencl_3pass_cpu pocl-cpu " + TAILS,
    "attention_3pass_masked opencl_3pass_cpu pocl-cpu " + WHOLE,
    "attention_3pass_masked opencl_3pass_cpu pocl-cpu " + TAILS,
  };

  @TempDir private Path folder;

  @Test
  void ofShippedSchedules() throws Exception {
    assertThat(compare(SHIPPED)).isEqualTo(SHIPPED.length);
  }

  @Test
  void ofRandomProblems() throws Exception {
    assertThat(compare(CountRun.random(1, 100))).isGreaterThan(60);
  }

  /** Compares every kernel of every problem and says how many problems there were. */
  private int compare(String[] names) throws Exception {
    Oclgrind.Outcome outcome =
        Oclgrind.run(folder, OclgrindCounts.ENVIRONMENT, CountRun.class, names);
    assertThat(outcome.output()).endsWith("ran on Oclgrind Simulator\n");
    Map<String, List<Map<String, Long>>> problems = OclgrindCounts.parse(outcome.output());
    problems.forEach(
        (name, expected) ->
            assertThat(counts(CountRun.problem(name))).as(name).isEqualTo(expected));
    return problems.size();
  }

  private static List<Map<String, Long>> counts(Problem problem) {
    Execution execution =
        KernelExecutor.run(
            CountRun.program(problem).orElseThrow(),
            CountRun.inputs(problem),
            new ExecutionOptions(Set.of(), ExecutionOptions.Contraction.FUSED));
    assertThat(execution).isInstanceOf(Execution.Completed.class);
    return ((Execution.Completed) execution)
        .counts().kernels().stream().map(OclgrindCounts::of).toList();
  }
}
