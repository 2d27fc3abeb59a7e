package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.ExecutionOptions.Check;
import dev.weir.opencl.execute.KernelExecutor;
import dev.weir.opencl.gate.OclgrindObservations.Observed;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kernels of every shipped cascade under its plain schedules for lanes and for work-items: no
 * races, no accesses outside arrays, no reads of what nothing wrote, whoever looks.
 */
class PlainKernelsTest {

  /** Fills no vector of four lanes, and no group. */
  private static final long LENGTH = 3;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {3, 5})
  void executorFindsNoFault(long length) {
    for (String name : CountRun.plain(length)) {
      assertThat(execute(name, Check.RACES, Check.UNWRITTEN_READS))
          .as(name)
          .isInstanceOf(Execution.Completed.class);
    }
  }

  @Test
  void oclgrindFindsNoRaces() throws Exception {
    requireEmptyLogs(Oclgrind.RACES);
  }

  @Test
  void oclgrindFindsNoReadsOfWhatNothingWrote() throws Exception {
    requireEmptyLogs(Oclgrind.UNINITIALISED);
  }

  @Test
  void oclgrindCountsTheSameInstructions() throws Exception {
    Map<String, Observed> observed = observe(Map.of());

    observed.forEach(
        (name, problem) ->
            assertThat(execute(name))
                .as(name)
                .isInstanceOfSatisfying(
                    Execution.Completed.class,
                    done ->
                        assertThat(
                                done.counts().kernels().stream()
                                    .map(OclgrindObservations::of)
                                    .toList())
                            .as(name)
                            .isEqualTo(problem.kernels())));
  }

  private void requireEmptyLogs(Map<String, String> checks) throws Exception {
    observe(checks).forEach((name, problem) -> assertThat(problem.log()).as(name).isEmpty());
  }

  private Map<String, Observed> observe(Map<String, String> checks) throws Exception {
    Map<String, String> environment = new HashMap<>(OclgrindObservations.ENVIRONMENT);
    environment.putAll(checks);
    List<String> names = CountRun.plain(LENGTH);
    Oclgrind.Outcome outcome =
        Oclgrind.run(folder, environment, CountRun.class, names.toArray(String[]::new));
    assertThat(outcome.output()).endsWith("ran on Oclgrind Simulator\n");
    Map<String, Observed> observed = OclgrindObservations.parse(outcome.output());
    assertThat(observed.keySet()).containsExactlyElementsOf(names);
    return observed;
  }

  private static Execution execute(String name, Check... checks) {
    CountRun.Example example = CountRun.example(name).orElseThrow();
    return KernelExecutor.run(
        example.program(), example.inputs(), ExecutionOptions.plain().with(checks));
  }
}
