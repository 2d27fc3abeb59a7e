package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.example.Tools;
import dev.weir.opencl.fault.PlantedFault;
import dev.weir.opencl.runtime.DeviceSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OclgrindTest {

  private static final String[] SHIPPED = {
    "attention_1pass_masked", "opencl_1pass_cpu", "pocl-cpu",
    "attention_1pass_masked", "opencl_1pass_gpu", "generic-gpu",
    "attention_1pass_triangular", "opencl_1pass_causal_gpu", "generic-gpu",
    "attention_3pass_masked", "opencl_3pass_gpu", "generic-gpu",
    "attention_decode_ragged", "opencl_decode_gpu", "generic-gpu",
    "gemm", "opencl_gemm_gpu", "generic-gpu",
    "zoo/titans_chunks", "opencl_titans_chunks_gpu", "generic-gpu",
    "zoo/titans_chunks", "opencl_titans_chunks_cpu", "pocl-cpu",
    "attention_3pass_masked", "opencl_3pass_cpu", "pocl-cpu",
    "attention_3pass_masked", "opencl_3pass_unfused_cpu", "pocl-cpu",
    "attention_1pass_triangular", "opencl_1pass_causal_cpu", "pocl-cpu"
  };

  @TempDir private Path folder;

  @Test
  void shippedSchedulesHaveNoRaces() throws Exception {
    assertThat(run(Oclgrind.RACES, "", "", SHIPPED)).isEmpty();
  }

  @Test
  void shippedSchedulesReadNothingThatWasNotWritten() throws Exception {
    assertThat(run(Oclgrind.UNINITIALISED, "", "", SHIPPED)).isEmpty();
  }

  @Test
  void plantedRaceIsFound() throws Exception {
    assertThat(
            run(
                Oclgrind.RACES,
                "barrier(CLK_LOCAL_MEM_FENCE);",
                "",
                "attention_1pass",
                "opencl_1pass_gpu",
                "generic-gpu"))
        .contains("data race");
  }

  @Test
  void plantedReadOfUnwrittenMemoryIsFound() throws Exception {
    assertThat(
            run(
                Oclgrind.UNINITIALISED,
                "scatter_masked_global_float16(QK,",
                "if (m > 0) scatter_masked_global_float16(QK,",
                "attention_3pass",
                "opencl_3pass_cpu",
                "pocl-cpu"))
        .containsIgnoringCase("uninitialized");
  }

  @ParameterizedTest
  @MethodSource("dev.weir.opencl.fault.PlantedFaults#undefined")
  void plantedFaultThatResultsMayNotShowIsFound(PlantedFault fault) throws Exception {
    Oclgrind.Outcome outcome = Oclgrind.run(folder, Oclgrind.RACES, FaultRun.class, fault.name());

    assertThat(outcome.output()).endsWith("ran on Oclgrind Simulator\n");
    assertThat(outcome.log()).containsAnyOf("data race", "Invalid write");
  }

  @Test
  void randomKernelsAreRightAndHaveNoRaces() throws Exception {
    Oclgrind.Outcome outcome = Oclgrind.run(folder, Oclgrind.RACES, RandomRun.class, "1", "60");

    Matcher right = Pattern.compile("right (\\d+)").matcher(outcome.output());
    assertThat(right.find()).as(outcome.output()).isTrue();
    assertThat(outcome.output()).doesNotContain("seed");
    assertThat(Integer.parseInt(right.group(1))).as(outcome.output()).isGreaterThan(40);
    assertThat(outcome.log()).isEmpty();
  }

  @Test
  void randomKernelsAreRightOnAProcessor() throws IOException {
    try (DeviceSession session = DeviceSession.open()) {
      assertThat(RandomRun.run(session, Tools.processor(session), 1_000, 4))
          .doesNotContain("seed")
          .endsWith("right 4");
    }
  }

  private String run(Map<String, String> checks, String planted, String with, String... problems)
      throws Exception {
    String[] arguments = new String[problems.length + 2];
    arguments[0] = planted;
    arguments[1] = with;
    System.arraycopy(problems, 0, arguments, 2, problems.length);
    Oclgrind.Outcome outcome = Oclgrind.run(folder, checks, ShippedRun.class, arguments);
    assertThat(outcome.output()).endsWith("ran on Oclgrind Simulator\n");
    return outcome.log();
  }
}
