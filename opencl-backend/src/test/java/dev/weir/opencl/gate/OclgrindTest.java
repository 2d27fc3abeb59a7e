package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.opencl.example.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs kernels under Oclgrind, which executes them instruction by instruction and reports races,
 * accesses outside a buffer and reads of what nothing wrote. It is loaded as an OpenCL driver into
 * another Java, as its wrapper and a second driver in one process do not get on. Its exit status
 * says nothing; its log must be empty.
 */
class OclgrindTest {

  private static final Map<String, String> RACES = Map.of("OCLGRIND_DATA_RACES", "1");

  /** Optimised code has no uninitialised private reads left to find. */
  private static final Map<String, String> UNINITIALISED =
      Map.of("OCLGRIND_UNINITIALIZED", "1", "OCLGRIND_BUILD_OPTIONS", "-cl-opt-disable");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "attention_1pass_masked, opencl_1pass_cpu, pocl-cpu",
    "attention_1pass_masked, opencl_1pass_gpu, generic-gpu",
    "attention_3pass_masked, opencl_3pass_cpu, pocl-cpu"
  })
  void shippedSchedulesRunClean(String cascade, String schedule, String device) throws Exception {
    List<String> problem = List.of(cascade, schedule, device, "B=1 H=1 P=19 M=35 E=8 F=8");

    assertThat(log(RACES, "correct", problem)).isEmpty();
    assertThat(log(UNINITIALISED, "correct", problem)).isEmpty();
  }

  @Test
  void plantedRaceIsFound() throws Exception {
    List<String> problem =
        List.of("attention_1pass", "opencl_1pass_gpu", "generic-gpu", "B=1 H=1 P=19 M=35 E=8 F=8");

    assertThat(log(RACES, "without-barriers", problem)).contains("data race");
  }

  @Test
  void plantedUninitialisedReadIsFound() throws Exception {
    List<String> problem =
        List.of("attention_1pass", "opencl_1pass_cpu", "pocl-cpu", "B=1 H=1 P=19 M=35 E=8 F=8");

    assertThat(log(UNINITIALISED, "without-generation-0", problem)).contains("Uninitialized");
  }

  private String log(Map<String, String> checks, String variant, List<String> problem)
      throws IOException, InterruptedException {
    Path driver =
        Tools.file(
            List.of(
                Path.of("/usr/lib/oclgrind/liboclgrind-rt-icd.so"),
                Path.of("/usr/local/lib/oclgrind/liboclgrind-rt-icd.so"),
                Path.of("/usr/local/lib/liboclgrind-rt-icd.so")),
            "on Debian and Ubuntu: apt-get install oclgrind");
    Path log = folder.resolve("oclgrind.log");
    Path output = folder.resolve("output.txt");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OclgrindRun.class.getName(),
                variant));
    command.addAll(problem);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("OCL_ICD_VENDORS", driver.toString());
    builder.environment().put("OCLGRIND_LOG", log.toString());
    builder.environment().putAll(checks);
    Process process = builder.start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("Oclgrind finishes").isTrue();
    assertThat(Files.readString(output)).endsWith("ran on Oclgrind Simulator\n");
    return Files.exists(log) ? Files.readString(log) : "";
  }
}
