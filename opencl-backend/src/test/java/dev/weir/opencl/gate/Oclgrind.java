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
import java.util.stream.Collectors;

/**
 * Oclgrind executes kernels instruction by instruction and reports races, accesses outside a buffer
 * and reads of what nothing wrote. It is loaded as an OpenCL driver into another Java, as its
 * wrapper and a second driver in one process do not get on.
 */
final class Oclgrind {

  /** With its optimiser a maximum of eight lanes came out as -inf where everyone else has it. */
  static final Map<String, String> RACES =
      Map.of("OCLGRIND_DATA_RACES", "1", "OCLGRIND_BUILD_OPTIONS", "-cl-opt-disable");

  /** Optimised code has no uninitialised private reads left to find. */
  static final Map<String, String> UNINITIALISED =
      Map.of("OCLGRIND_UNINITIALIZED", "1", "OCLGRIND_BUILD_OPTIONS", "-cl-opt-disable");

  private static final String LOG = "OCLGRIND_LOG";
  private static final String LOGGED = "log ";

  private Oclgrind() {}

  /**
   * Prints what was logged about the latest program, in the Java that loads the driver. Every
   * context begins the log anew, so without this only the last program's faults would be seen.
   */
  static void printLog() throws IOException {
    String file = System.getenv(LOG);
    if (file != null && Files.exists(Path.of(file))) {
      Files.readString(Path.of(file)).lines().forEach(line -> System.out.println(LOGGED + line));
    }
  }

  /**
   * What a program printed and what Oclgrind logged about its last kernels and, as far as the
   * program printed that, about those before. Its exit status says nothing: only an empty log is a
   * good one.
   */
  record Outcome(String output, String log) {}

  static Outcome run(Path folder, Map<String, String> checks, Class<?> main, String... arguments)
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
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("OCL_ICD_VENDORS", driver.toString());
    builder.environment().put(LOG, log.toString());
    builder.environment().putAll(checks);
    Process process = builder.start();
    boolean isFinished = process.waitFor(300, TimeUnit.SECONDS);
    if (!isFinished) {
      process.destroyForcibly();
    }
    assertThat(isFinished).as("Oclgrind finishes").isTrue();
    String printed = Files.readString(output);
    String logged =
        printed
            .lines()
            .filter(line -> line.startsWith(LOGGED))
            .map(line -> line.substring(LOGGED.length()))
            .collect(Collectors.joining("\n"));
    String latest = Files.exists(log) ? Files.readString(log) : "";
    return new Outcome(printed, logged + latest);
  }
}
