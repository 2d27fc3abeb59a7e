package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What can be judged of an experiment before anything is done: by {@code check} as by {@code run}.
 */
class ExperimentCheckTest {

  private static final String TEXT =
      """
      experiment: tiny
      description: Attention of a few queries.
      shapes: {B: 1, H: 2, P: 1K, M: 512, E: 64, F: 64}
      family: [CONFIGS/cascades/attention_3pass.edge, CONFIGS/cascades/attention_1pass.edge]
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
          search: {schedule: fused, objective: energy, parameters: {P1: [2, 4]}}
          simulate: true
          interpret: {shapes: {P: 40, M: 70}}
      """;

  @TempDir Path folder;

  private Path experiment;

  @BeforeEach
  void choose() {
    experiment = folder.resolve("tiny.yaml");
  }

  private void write(String what, String instead) throws Exception {
    assertThat(TEXT).contains(what);
    Files.writeString(
        experiment,
        TEXT.replace(what, instead).replace("CONFIGS", CommandLineRun.ROOT + "/configs"));
  }

  /** Both verbs, the same words, nothing begun. */
  private String refused(String what, String instead) throws Exception {
    write(what, instead);
    Path results = folder.resolve("results");
    CommandLineRun check = weir("check", experiment.toString());
    CommandLineRun run = weir("run", experiment.toString(), "--output", results.toString());

    assertThat(check.code()).isEqualTo(2);
    assertThat(run.code()).isEqualTo(2);
    assertThat(check.out() + run.out()).isEmpty();
    assertThat(results).doesNotExist();
    String said = check.err().replace("1 of 1 files have errors\n", "");
    assertThat(run.err()).endsWith(said).doesNotContain("costing");
    return said;
  }

  @Test
  void rightOneIsRight() throws Exception {
    write("tiny", "tiny");

    assertThat(weir("check", experiment.toString()).out()).contains("experiment tiny, 1 target");
  }

  @Test
  void unknownParameter() throws Exception {
    assertThat(refused("P1: [2, 4]", "P2: [2, 4]"))
        .contains("tiny.yaml:16:63: error: schedule fusemax_binding has no parameter P2")
        .contains("(got P2, expected ", "fix: write P1");
  }

  @Test
  void missingShapeAndUnknownRank() throws Exception {
    assertThat(refused("H: 2, ", ""))
        .contains("tiny.yaml:11:18: error: cascade attention_3pass has no shape for H (got B, E,")
        .contains("fix: add to the shapes of target array: H: …");
    assertThat(refused("H: 2", "H: 2, Z: 3"))
        .contains("tiny.yaml:3:22: error: unknown rank Z in target array (got Z, expected one of");
  }

  @Test
  void illegalScheduleIsShownInItsTextAndWhereItIsNamed() throws Exception {
    assertThat(refused("architectures/fusemax_cloud", "devices/pocl-cpu"))
        .containsPattern(
            "tiny\\.yaml:15:19: error: schedule fusemax_binding is illegal for cascade"
                + " attention_1pass in target array \\(got \\d+ broken rules, expected none; see ")
        .containsPattern("binding\\.schedule:\\d+:\\d+: error: unknown name: no compute");
  }

  @Test
  void operationThatTheMachineLacks() throws Exception {
    Path machine = folder.resolve("machine.yaml");
    Files.writeString(
        machine,
        Files.readString(CommandLineRun.ROOT.resolve("configs/architectures/fusemax_cloud.yaml"))
            .replaceAll("(?m)^      exp:\\n(        .*\\n)+", ""));

    assertThat(refused("CONFIGS/architectures/fusemax_cloud.yaml", machine.toString()))
        .contains("tiny.yaml:12:19: error: schedule attention_3pass_unfused is illegal", " exp");
  }

  @Test
  void twoSchedulesWithOneName() throws Exception {
    assertThat(refused("name: unfused", "name: fused"))
        .contains("tiny.yaml:13:9: error: two schedules are called fused (got it twice,");
  }

  @Test
  void shapesTooLargeToCount() throws Exception {
    assertThat(refused("P: 1K, M: 512", "P: 1024G, M: 1024G"))
        .contains("tiny.yaml:15:19: error: counts do not fit 64 bits (shapes B=1, E=64,")
        .contains("fix: smaller shapes");
  }

  @Test
  void tooManyPointsToInterpret() throws Exception {
    assertThat(refused("{P: 40, M: 70}", "{P: 4K, M: 4K}"))
        .containsPattern(
            "tiny\\.yaml:18:17: error: too much to interpret \\(got [0-9,]+ points, expected at"
                + " most 10,000,000\\)");
  }

  @Test
  void shapeInTheWrongCase() throws Exception {
    assertThat(refused("P: 1K", "P: 1k"))
        .contains("tiny.yaml:3:25: error: P has a wrong value (got 1k,", "fix: write 1K");
  }

  @Test
  void fileOfAnotherKind() throws Exception {
    assertThat(refused("[CONFIGS/cascades/attention_3pass.edge", "[CONFIGS/devices/pocl-cpu.yaml"))
        .contains("pocl-cpu.yaml is not a cascade by its name (got .yaml, expected *.edge)");
  }

  @Test
  void familyOfStrangers() throws Exception {
    assertThat(
            refused(
                "[CONFIGS/cascades/attention_3pass.edge",
                "[CONFIGS/cascades/pedagogical_2pass.edge, CONFIGS/cascades/attention_3pass.edge"))
        .contains("is of another family");
  }
}
