package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.ROOT;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.Devices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One target each: what a report claims, and what it must not claim. */
class TargetTest {

  private static final String BOUND =
      "upper bound of the work: what tables leave out of BQK is counted";

  private static final String DEVICE =
      """
      experiment: one
      description: One target.
      shapes: {B: 1, H: 2, P: 64, M: 128, E: 8, F: 8}
      targets:
        - target: device
          title: Device
          machine: CONFIGS/devices/pocl-cpu.yaml
          schedules:
            - name: flash
              cascade: CONFIGS/cascades/attention_1pass.edge
              schedule: CONFIGS/schedules/opencl_1pass_cpu.schedule
          search: {schedule: flash, objective: latency, parameters: {VECTORS: [1, 2]}}
      """;

  private static final String ARRAY =
      """
      experiment: one
      description: One target.
      shapes: {B: 1, H: 1, P: 512, M: 512, E: 64, F: 64}
      targets:
        - target: array
          title: Array
          machine: CONFIGS/architectures/fusemax_cloud.yaml
          schedules:
            - name: unfused
              cascade: CONFIGS/cascades/attention_3pass.edge
              schedule: CONFIGS/schedules/attention_3pass_unfused.schedule
            - name: fused
              cascade: CONFIGS/cascades/attention_1pass.edge
              schedule: CONFIGS/schedules/fusemax/binding.schedule
          search: {schedule: fused, objective: energy, parameters: {P1: [1, 2]}}
      """;

  @TempDir Path folder;

  private CommandLineRun run(String experiment) throws Exception {
    Path file = folder.resolve("one.yaml");
    Files.writeString(file, experiment.replace("CONFIGS", ROOT.resolve("configs").toString()));
    return weir("run", file.toString(), "--output", folder.resolve("results").toString());
  }

  private JsonNode report() throws Exception {
    return JsonMapper.shared()
        .readTree(Files.readString(folder.resolve("results").resolve("report.json")));
  }

  private static JsonNode part(JsonNode report, String title) {
    return StreamSupport.stream(report.get("sections").get(0).get("parts").spliterator(), false)
        .filter(part -> part.get("title").asString().equals(title))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no part '" + title + "' in " + report));
  }

  private static JsonNode card(JsonNode report, String label) {
    return StreamSupport.stream(report.get("sections").get(0).get("cards").spliterator(), false)
        .filter(card -> card.get("label").asString().equals(label))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no card '" + label + "' in " + report));
  }

  private static String source(JsonNode report, JsonNode figure) {
    return report.get("sources").get(figure.get("source").asInt() - 1).toString();
  }

  @Test
  void simulationThatCannotBeDoneIsNotRunAndTheRestIsDone() throws Exception {
    CommandLineRun run =
        run(
            DEVICE.replace("attention_1pass.edge", "attention_1pass_masked.edge")
                + """
                    simulate: true
                    interpret: {shapes: {P: 20, M: 30, E: 4, F: 4}}
                """);

    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(3);
    assertThat(run.out())
        .contains(
            "NOT RUN  Simulation: Weir cannot simulate cascade attention_1pass_masked",
            "a condition on the values of N")
        .doesNotContain("FAILED");
    JsonNode report = report();
    part(report, "Loop nest of the chosen schedule");
    assertThat(part(report, "Checks").toString())
        .contains("interpreted values of AV")
        .contains("counts of the cost model are an upper bound at B=1")
        .doesNotContain("FAILED");
  }

  @Test
  void costOfACascadeWithAConditionIsSaidToBeABound() throws Exception {
    CommandLineRun run = run(DEVICE.replace("attention_1pass.edge", "attention_1pass_masked.edge"));

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out().lines().filter(line -> line.contains(BOUND)))
        .anyMatch(line -> line.contains("latency, cost model"))
        .anyMatch(line -> line.contains("utilisation of Core"))
        .anyMatch(line -> line.contains("off-chip traffic"));
    JsonNode report = report();
    for (String title :
        List.of(
            "Schedules",
            "Search over tile sizes",
            "Traffic by level",
            "Traffic by level and tensor",
            "Peak occupancy",
            "What limits each phase")) {
      assertThat(part(report, title).get("explanation").asString()).as(title).contains(BOUND);
    }
    assertThat(source(report, card(report, "latency, cost model").get("value"))).contains(BOUND);
    assertThat(Files.readString(folder.resolve("results/report.html"))).contains(BOUND);
  }

  @Test
  void costWithoutConditionsIsNotSaidToBeABound() throws Exception {
    run(DEVICE);

    assertThat(Files.readString(folder.resolve("results/report.html"))).doesNotContain(BOUND);
  }

  /** Simulator and cost model leave the same points out of a causal cascade. */
  @Test
  void simulationOfACausalCascadeCountsWhatTheCostModelCounts() throws Exception {
    CommandLineRun run =
        run(
            DEVICE.replace("attention_1pass.edge", "attention_1pass_causal.edge")
                + "    simulate: true\n");

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(part(report(), "Checks").toString())
        .containsPattern("counts of the cost model\",.*\"all \\d+ equal\"")
        .contains("lower bound")
        .doesNotContain("upper bound");
  }

  @Test
  void machineWithoutEnergyFiguresShowsNone() throws Exception {
    CommandLineRun run = run(DEVICE);

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    JsonNode report = report();
    for (String title : List.of("Schedules", "Search over tile sizes")) {
      JsonNode table = part(report, title);
      int energy = texts(table.get("headings")).indexOf("energy");
      for (JsonNode row : table.get("rows")) {
        assertThat(row.get(energy).asString()).as(title).isEqualTo("–");
      }
      assertThat(table.get("explanation").asString())
          .contains("No energy figures: machine pocl-cpu gives none.");
    }
    assertThat(Files.readString(folder.resolve("results/report.html")))
        .doesNotContain("data-unit=\"PICOJOULES\"");
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asString()));
    return texts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"energy", "energy-delay-product"})
  void objectiveWithoutEnergyFiguresIsRefusedAtTheMachine(String objective) throws Exception {
    CommandLineRun run = run(DEVICE.replace("objective: latency", "objective: " + objective));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .containsPattern("one\\.yaml:7:14: error: target device is searched for the least")
        .contains(
            "pocl-cpu.yaml gives no energy figures (got objective "
                + objective
                + ", expected objective latency)",
            "    ^",
            "fix: write objective: latency")
        .doesNotContain("costing");
  }

  @Test
  void searchWithoutALegalPointFailsAndShowsNoSchedule() throws Exception {
    CommandLineRun run = run(DEVICE.replace("VECTORS: [1, 2]", "VECTORS: [4096, 8192]"));

    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "no legal point: 0 of 2 points evaluated, 2 excluded (illegal: capacity 2)",
            "FAILED  some point of the search over opencl_1pass_cpu is legal",
            "FAILED  No schedule: the search found no legal schedule")
        .doesNotContain("latency, cost model");
    assertThat(folder.resolve("results/device.schedule")).doesNotExist();
    assertThat(report().toString()).doesNotContain("Loop nest", "chosen");
  }

  private String illegalByDefault() throws Exception {
    Path schedule = folder.resolve("wide.schedule");
    Files.writeString(
        schedule,
        Files.readString(ROOT.resolve("configs/schedules/opencl_1pass_cpu.schedule"))
            .replace("VECTORS = 2 ", "VECTORS = 4096 "));
    return DEVICE.replace("CONFIGS/schedules/opencl_1pass_cpu.schedule", schedule.toString());
  }

  @Test
  void searchMendsParametersThatAreIllegalInTheirFile() throws Exception {
    CommandLineRun run = run(illegalByDefault());

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    JsonNode row = part(report(), "Schedules").get("rows").get(0);
    assertThat(row.get(3).asString()).startsWith("illegal before the search: capacity: ");
    assertThat(row.get(4).asString()).isEqualTo("–");
    assertThat(Files.readString(folder.resolve("results/device.schedule")))
        .containsPattern("parameter VECTORS = [12]\\b");
  }

  @Test
  void whatIsWrongInTheFileIsToldWhenNoPointIsLegal() throws Exception {
    CommandLineRun run =
        run(illegalByDefault().replace("VECTORS: [1, 2]", "VECTORS: [4096, 8192]"));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("with the file's own parameters, \\S*wide\\.schedule:10: capacity: ");
  }

  @Test
  void illegalScheduleThatIsNotSearchedIsRefused() throws Exception {
    String text = illegalByDefault();

    CommandLineRun run = run(text.substring(0, text.indexOf("    search:")));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).containsPattern("wide\\.schedule:\\d+:\\d+: error: capacity: ");
  }

  @Test
  void speedUpSaysWhatIsDividedByWhatAndNamesBothSchedules() throws Exception {
    CommandLineRun run = run(ARRAY);

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    JsonNode report = report();
    JsonNode card = card(report, "speed-up");
    assertThat(card.get("note").asString())
        .isEqualTo(
            "latency of unfused ÷ latency of fused, both by the cost model on fusemax_cloud;"
                + " no published baseline");
    assertThat(source(report, card.get("value")))
        .contains(
            "schedule attention_3pass_unfused",
            "schedule fusemax_binding with P1=",
            "attention_3pass_unfused.schedule",
            "binding.schedule");
    assertThat(card(report, "latency, cost model").get("noteFigures").size()).isEqualTo(1);
  }

  @Test
  void pageAndSummarySayWhichMachineIsModelled() throws Exception {
    CommandLineRun run = run(DEVICE);

    String said = "for the machine that " + ROOT.resolve("configs/devices/pocl-cpu.yaml");
    assertThat(report().get("sections").get(0).get("description").asString()).contains(said);
    assertThat(run.out().replaceAll("\\s+", " ")).contains(said);
  }

  @Test
  void figuresOfAKernelNameItsCascadeAndTheShapesTheyWereTakenAt() throws Exception {
    assumeThat(Devices.list() instanceof DeviceSearch.Found).as("an OpenCL device").isTrue();

    CommandLineRun run =
        run(
            DEVICE
                + """
                    kernel:
                      siblings: [CONFIGS/cascades/attention_1pass_masked.edge]
                      repetitions: 2
                """);

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    JsonNode report = report();
    JsonNode table = part(report, "Kernel of attention_1pass_masked against the reference");
    List<String> headings = texts(table.get("headings"));
    int shape = headings.indexOf("shape");
    int compared = headings.indexOf("compared");
    for (JsonNode row : table.get("rows")) {
      assertThat(source(report, row.get(compared)))
          .contains(
              "cascade attention_1pass_masked,",
              row.get(shape).asString(),
              "run on ",
              "masked.edge");
    }
    JsonNode last = table.get("rows").get(table.get("rows").size() - 1);
    assertThat(last.get(compared + 1).get("value").asLong()).isEqualTo(2 * 64 * 8);
    measuredTimeStandsBesideModelledTime(report);
    try (Stream<Path> files = Files.list(folder.resolve("results"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("device.cl", "device-attention_1pass_masked.cl");
    }
  }

  private static void measuredTimeStandsBesideModelledTime(JsonNode report) {
    JsonNode rows = part(report, "Measured and modelled time").get("rows");
    double modelled = rows.get(0).get(1).get("value").asDouble();
    double fastest = rows.get(1).get(1).get("value").asDouble();
    JsonNode ratio = card(report, "measured ÷ modelled").get("value");
    assertThat(ratio.get("value").asDouble())
        .isCloseTo(fastest / modelled, Percentage.withPercentage(1e-9));
    assertThat(source(report, ratio)).contains("kernel run", "cost model");
  }
}
