package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.ROOT;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.Devices;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole experiments on small shapes, and what becomes of them when something is wrong. */
class RunTest {

  private static final long LIMIT_SECONDS = 120;

  private static final String TEXT =
      """
      experiment: tiny
      description: Attention of a few queries.
      seed: 7
      shapes: {B: 1, H: 1, P: 40, M: 70, E: 8, F: 8}
      family:
        - CONFIGS/cascades/attention_3pass.edge
        - CONFIGS/cascades/attention_1pass.edge
      targets:
        - target: array
          title: Array
          machine: CONFIGS/architectures/fusemax_cloud.yaml
          shapes: {H: 2, P: 1024, M: 512, E: 64, F: 64}
          schedules:
            - name: unfused
              cascade: CONFIGS/cascades/attention_3pass.edge
              schedule: CONFIGS/schedules/attention_3pass_unfused.schedule
            - name: fused
              cascade: CONFIGS/cascades/attention_1pass.edge
              schedule: CONFIGS/schedules/fusemax/binding.schedule
          search: {schedule: fused, objective: energy, parameters: {P1: [2, 4]}}
          simulate: true
        - target: device
          title: Device
          machine: CONFIGS/devices/pocl-cpu.yaml
          schedules:
            - name: flash
              cascade: CONFIGS/cascades/attention_1pass.edge
              schedule: CONFIGS/schedules/opencl_1pass_cpu.schedule
          search: {schedule: flash, objective: latency, parameters: {VECTORS: [1, 2]}}
          interpret: {shapes: {P: 20, M: 30, E: 4, F: 4}}
          kernel:
            siblings: [CONFIGS/cascades/attention_1pass_masked.edge]
      """;

  @TempDir Path folder;

  private Path experiment;
  private Path results;

  @BeforeEach
  void write() throws Exception {
    experiment = folder.resolve("tiny.yaml");
    results = folder.resolve("results");
    Files.writeString(experiment, TEXT.replace("CONFIGS", ROOT.resolve("configs").toString()));
  }

  @Test
  void everythingIsDoneCheckedAndReported() throws Exception {
    boolean hasDevice = Devices.list() instanceof DeviceSearch.Found;
    assumeThat(hasDevice).as("an OpenCL device").isTrue();

    CommandLineRun run = weir("run", experiment.toString(), "--output", results.toString());

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .contains("attention_3pass  3 passes", "latency, simulated", "report  " + results)
        .doesNotContain("FAILED", "NOT RUN");
    assertThat(run.err()).contains("simulating fusemax_binding cycle by cycle");
    try (Stream<Path> files = Files.list(results)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "array.schedule",
              "device.schedule",
              "device.cl",
              "device-attention_1pass_masked.cl",
              "report.html",
              "report.json");
    }
    JsonNode report =
        JsonMapper.shared().readTree(Files.readString(results.resolve("report.json")));
    assertThat(report.get("outcome").asString()).isEqualTo("PASSED");
    assertThat(Files.readString(results.resolve("report.html")))
        .contains("id=\"array\"", "id=\"device\"", "Kernel of attention_1pass_masked");
    assertThat(weir("check", results.resolve("array.schedule").toString()).code()).isZero();
    figuresOfOneTargetNeverNameTheOthersMachine(report);
  }

  private static void figuresOfOneTargetNeverNameTheOthersMachine(JsonNode report) {
    assertThat(sourcesOf(report, 1)).isNotEmpty().noneMatch(text -> text.contains("pocl-cpu"));
    assertThat(sourcesOf(report, 2)).isNotEmpty().noneMatch(text -> text.contains("fusemax_cloud"));
  }

  private static Stream<String> sourcesOf(JsonNode report, int section) {
    return Pattern.compile("\"source\":(\\d+)")
        .matcher(report.get("sections").get(section).toString())
        .results()
        .map(match -> report.get("sources").get(Integer.parseInt(match.group(1)) - 1).toString());
  }

  @Test
  void withoutADeviceTheRestIsDoneAndTheCodeIs3() throws Exception {
    Process process = child("run", experiment.toString(), "--output", results.toString());

    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    String out = Files.readString(folder.resolve("out"));
    assertThat(process.exitValue()).as(out + Files.readString(folder.resolve("err"))).isEqualTo(3);
    assertThat(out).contains("NOT RUN", "install an OpenCL driver", "latency, simulated");
    assertThat(Files.readString(results.resolve("report.html"))).contains("NOT RUN", "array");
    assertThat(results.resolve("device.cl")).exists();
  }

  @Test
  void interruptedRunSaysSoAndLeavesNoReport() throws Exception {
    Files.writeString(
        experiment,
        Files.readString(experiment)
            .replace("H: 2, P: 1024, M: 512", "B: 64, H: 12, P: 4096, M: 4096"));
    Process process = child("run", experiment.toString(), "--output", results.toString());
    Path err = folder.resolve("err");
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!Files.readString(err).contains("simulating") && System.nanoTime() < giveUp) {
      Thread.sleep(50);
    }
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(Files.readString(err)).contains("weir: interrupted; nothing in " + results);
    assertThat(results).doesNotExist();
  }

  @Test
  void kernelThatTheDeviceDoesNotBuildIsAFailedCheckWithTheLineOfItsText() throws Exception {
    assumeThat(Devices.list() instanceof DeviceSearch.Found).as("an OpenCL device").isTrue();
    String text = Files.readString(experiment).replace("simulate: true", "simulate: false");
    Files.writeString(experiment, text);

    Process process =
        child(
            Map.of("POCL_EXTRA_BUILD_FLAGS", "-Dfor=banana"),
            List.of("run", experiment.toString(), "--output", results.toString()));

    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    String out = Files.readString(folder.resolve("out"));
    assertThat(process.exitValue()).as(out + Files.readString(folder.resolve("err"))).isEqualTo(1);
    assertThat(out).contains("FAILED", "the kernel does not build (CL_BUILD_PROGRAM_FAILURE)");
    String page = Files.readString(results.resolve("report.json"));
    Matcher place = Pattern.compile("kernel\\.cl:(\\d+):\\d+[^\\n]*banana").matcher(page);
    assertThat(place.find()).as(page).isTrue();
    assertThat(Files.readAllLines(results.resolve("device.cl")))
        .element(Integer.parseInt(place.group(1)) - 1, STRING)
        .contains("for (");
  }

  /** A limit on the size of files stands for a disk without room: every writer of bytes fails. */
  @Test
  void fullDiskIsSaidAndLeavesNoHalfReport() throws Exception {
    String text = Files.readString(experiment).replace("simulate: true", "simulate: false");
    Files.writeString(experiment, text.substring(0, text.indexOf("  - target: device")));
    List<String> weir =
        command(List.of("run", experiment.toString(), "--output", results.toString()));
    weir.add(1, "-XX:-UsePerfData");
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", "ulimit -f 8; exec \"$@\"", "bash");
    builder.command().addAll(weir);
    builder.redirectOutput(folder.resolve("out").toFile());
    builder.redirectError(folder.resolve("err").toFile());
    Process process = builder.start();

    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    String err = Files.readString(folder.resolve("err"));
    assertThat(process.exitValue()).as(err).isEqualTo(3);
    assertThat(err)
        .contains("cannot write results to " + results, "File too large", "fix: free room");
    assertThat(results).doesNotExist();
  }

  @Test
  void outputThatCannotBeWrittenIsNotLostInSilence() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command(List.of("--help")));
    builder.redirectOutput(new File("/dev/full"));
    builder.redirectError(folder.resolve("err").toFile());
    Process process = builder.start();

    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(3);
    assertThat(Files.readString(folder.resolve("err")))
        .isEqualTo("weir: cannot write to standard output: No space left on device\n");
  }

  /** A process of its own, with a loader of OpenCL that finds no driver. */
  private Process child(String... arguments) throws Exception {
    Path none = Files.createDirectories(folder.resolve("no-drivers"));
    return child(Map.of("OCL_ICD_VENDORS", none.toString()), List.of(arguments));
  }

  private static List<String> command(List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weir.cli.Weir"));
    command.addAll(arguments);
    return command;
  }

  private Process child(Map<String, String> environment, List<String> arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command(arguments));
    builder.environment().putAll(environment);
    builder.redirectOutput(folder.resolve("out").toFile());
    builder.redirectError(folder.resolve("err").toFile());
    return builder.start();
  }

  @Test
  void mistakesOfTheExperimentAreShownTogetherAtTheirPlaces() throws Exception {
    Files.writeString(
        experiment,
        Files.readString(experiment)
            .replace("simulate: true", "simulat: true")
            .replace("objective: energy", "objective: enrgy")
            .replace("attention_1pass_masked.edge", "attention_1pass_maskd.edge")
            .replace("P: 40", "P: many"));

    CommandLineRun run = weir("run", experiment.toString(), "--output", results.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("unknown key simulat", "fix: write simulate")
        .contains("unknown objective enrgy", "fix: write energy")
        .contains("no file attention_1pass_maskd.edge", "fix: write attention_1pass_masked.edge")
        .containsPattern(
            "tiny\\.yaml:4:\\d+: error: P has a wrong value \\(got many, expected a whole");
    assertThat(results).doesNotExist();
  }

  @Test
  void illegalScheduleStopsBeforeAnythingTakesTime() throws Exception {
    Files.writeString(
        experiment, Files.readString(experiment).replace("opencl_1pass_cpu", "fusemax/binding"));

    CommandLineRun run = weir("run", experiment.toString(), "--output", results.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .containsPattern("binding\\.schedule:\\d+:\\d+: error: unknown name")
        .doesNotContain("costing");
  }

  @Test
  void unwritableFolderIsSaidBeforeTheWork() throws Exception {
    Path file = Files.createFile(folder.resolve("occupied"));

    CommandLineRun run = weir("run", experiment.toString(), "--output", file.toString());

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err())
        .contains(
            "cannot write results to " + file, "there is a file of that name", "--output FOLDER")
        .doesNotContain("costing");
  }

  @Test
  void oldReportStaysWhenTheNewOneCannotBeWritten() throws Exception {
    Files.createDirectories(results.resolve("report.html/in-the-way"));
    String text = Files.readString(experiment).replace("simulate: true", "simulate: false");
    Files.writeString(experiment, text.substring(0, text.indexOf("  - target: device")));

    CommandLineRun run = weir("run", experiment.toString(), "--output", results.toString());

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("cannot write results to " + results);
    try (Stream<Path> files = Files.list(results)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(n -> n.endsWith(".tmp"));
    }
  }
}
