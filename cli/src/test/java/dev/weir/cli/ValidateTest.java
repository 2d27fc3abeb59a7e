package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.ROOT;
import static dev.weir.cli.CommandLineRun.file;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.Devices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ValidateTest {

  private static final int LIMIT_SECONDS = 120;

  @TempDir private Path folder;

  @BeforeAll
  static void findShippedFiles() {
    System.setProperty("weir.home", ROOT.toString());
  }

  private static void assumeDevice() {
    assumeThat(Devices.list() instanceof DeviceSearch.Found).as("an OpenCL device").isTrue();
  }

  @Test
  void oneKernelIsTimedBesideTheRoofline() {
    assumeDevice();

    CommandLineRun run =
        weir(
            "validate",
            file("configs/schedules/opencl_1pass_cpu.schedule"),
            "--cascade",
            file("configs/cascades/attention_1pass.edge"),
            "-a",
            file("configs/devices/pocl-cpu.yaml"),
            "--shape",
            "B=1,H=1,P=32,M=64");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern(
            "\ntime    [0-9.]+ ms, fastest of 7 runs; median [0-9.]+ ms; [0-9.]+ Gflop/s; [0-9.]+ %"
                + " of the roofline, whose limit here is (arithmetic|bandwidth)\n"
                + "peaks   [0-9.]+ Gflop/s .* GB/s .*\n$");
  }

  @Test
  void allStandsAlone() {
    CommandLineRun run = weir("validate", "--all", "--shape", "B=1");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("weir: --all stands alone (got a schedule, ");
  }

  @Test
  void withoutAllAProblemIsNeeded() {
    CommandLineRun none = weir("validate");
    CommandLineRun noMachine =
        weir("validate", file("configs/schedules/opencl_1pass_cpu.schedule"));

    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).startsWith("weir: Missing required parameter: 'FILE', or --all\n");
    assertThat(noMachine.code()).isEqualTo(2);
    assertThat(noMachine.err())
        .isEqualTo(
            "weir: Missing required option: '--architecture=NAME|FILE'\n    fix: ./weir validate "
                + file("configs/schedules/opencl_1pass_cpu.schedule")
                + " -a pocl-cpu\n    help: ./weir validate --help\n");
  }

  private static String[] one(String... more) {
    return Stream.concat(
            Stream.of(
                "validate",
                file("configs/schedules/opencl_1pass_cpu.schedule"),
                "-a",
                "pocl-cpu",
                "--shape",
                "B=1,H=1,P=32,M=64"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  /** The document is that of --all, with one row. */
  @Test
  void oneKernelIsADocumentAsAllAre() throws Exception {
    assumeDevice();
    Path results = folder.resolve("one.json");

    CommandLineRun run =
        weir(one("--format", "json", "--precision", "fp16", "--output", results.toString()));

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Files.readString(results)).isEqualTo(run.out());
    JsonNode tree = JsonMapper.shared().readTree(run.out());
    assertThat(tree.at("/kernels").asInt()).isEqualTo(1);
    assertThat(tree.at("/devices/0/peaks/copyBytesPerSecond").asDouble()).isPositive();
    JsonNode row = tree.at("/devices/0/rows/0");
    assertThat(row.at("/outcome").asString()).isEqualTo("PASSED");
    assertThat(row.at("/precision").asString()).isEqualTo("fp16");
    // Q, K, V and the result, 2 bytes each: 32·64 + 64·64 + 64·64 + 32·64 elements.
    assertThat(row.at("/compulsoryBytes").asDouble()).isEqualTo(2.0 * (2 * 32 * 64 + 2 * 64 * 64));
    JsonNode comparison = row.at("/comparisons/0");
    assertThat(comparison.at("/largestReferenceMagnitude").asDouble())
        .isGreaterThan(comparison.at("/largestError").asDouble());
  }

  @Test
  void oneKernelsTextIsKeptInAFile() throws Exception {
    assumeDevice();
    Path results = folder.resolve("one.txt");

    CommandLineRun run = weir(one("--output", results.toString()));

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Files.readString(results)).isEqualTo(run.out());
    assertThat(run.out()).contains("largest error  of values up to  of its bound");
  }

  @Test
  void aRefusedScheduleIsADocumentToo() {
    CommandLineRun run = weir(one("--format", "json", "--set", "VECTORS=64"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).contains("Private holds 768 words", "largest legal VECTORS is 2");
  }

  @Test
  void optionsSayHowToMendThem() {
    assertThat(weir("validate", "--all", "--limit", "0").err())
        .startsWith("weir: --limit is at least 1 s (got 0 s)\n    fix: --limit 60\n");
    assertThat(weir("validate", "--all", "--precision", "fp16").err())
        .startsWith(
            "weir: --all is fp32 (got --precision fp16 too, expected none)\n    fix: leave out ");
    assertThat(weir("validate", "--all", "x.schedule").err())
        .contains("\n    fix: ./weir validate --all\n");
    assertThat(weir("validate").err()).contains("\n    fix: ./weir validate --all\n");
    assertThat(weir(one("--precision", "fp8")).err())
        .contains("no such precision (got fp8, expected one of fp32, fp16, fp64)\n    fix: ");
  }

  @Test
  @Timeout(LIMIT_SECONDS)
  void withoutADeviceThereIsAReasonAndARemedy() throws Exception {
    Process process = validateAll(Map.of("OCL_ICD_VENDORS", folder.resolve("nothing").toString()));
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(3);
    assertThat(err)
        .startsWith("weir: NOT RUN: no OpenCL")
        .contains("    fix: unset OCL_ICD_VENDORS");
  }

  @Test
  void fileThatCannotBeWrittenIsRefusedAtOnce() {
    assumeDevice();
    Path nowhere = folder.resolve("missing").resolve("all.txt");

    CommandLineRun run = weir("validate", "--all", "--output", nowhere.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("is no folder (got --output " + nowhere + ", expected a file in a folder that")
        .contains("fix: mkdir -p ");
  }

  @Test
  @Timeout(LIMIT_SECONDS)
  void interruptionLeavesWhatIsKnown() throws Exception {
    assumeDevice();
    Path results = folder.resolve("all.json");
    Process process = validateAll(Map.of(), "--format", "json", "--output", results.toString());
    BufferedReader err =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    readTo(err, "kernel 1 of");

    int sent = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertThat(sent).isZero();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(err.lines().toList().getLast())
        .matches("weir: interrupted; .*all.json holds \\d+ kernels that were tried until then");
    JsonNode tree = JsonMapper.shared().readTree(Files.readString(results));
    assertThat(tree.at("/complete").asBoolean()).isFalse();
    assertThat(tree.at("/devices/0/peaks/multiplyAddFlopPerSecond").asDouble()).isPositive();
  }

  /** One kernel says what is done, too, and that it was interrupted. */
  @Test
  @Timeout(LIMIT_SECONDS)
  void oneKernelIsInterrupted() throws Exception {
    assumeDevice();
    Process process =
        started(
            Map.of(),
            "validate",
            file("configs/schedules/opencl_1pass_cpu.schedule"),
            "-a",
            "pocl-cpu",
            "--shape",
            "B=1,H=4,P=2K,M=2K");
    BufferedReader err =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    readTo(err, "0.0 s] kernel of opencl_1pass_cpu on ");

    int sent = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertThat(sent).isZero();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(err.lines().toList().getLast())
        .isEqualTo("weir: interrupted; the kernel was not validated to the end");
  }

  private static void readTo(BufferedReader reader, String wanted) throws IOException {
    String line = reader.readLine();
    while (line != null && !line.contains(wanted)) {
      line = reader.readLine();
    }
    assertThat(line).as("a line with " + wanted).isNotNull();
  }

  private static Process validateAll(Map<String, String> environment, String... more)
      throws IOException {
    return started(
        environment,
        Stream.concat(Stream.of("validate", "--all"), Stream.of(more)).toArray(String[]::new));
  }

  private static Process started(Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dweir.home=" + ROOT,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weir.cli.Weir"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder.start();
  }
}
