package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.file;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the verbs say of input that they cannot take. */
class RefusalsTest {

  private static final String CASCADE = file("configs/cascades/attention_1pass.edge");
  private static final String MASKED = file("configs/cascades/attention_1pass_masked.edge");
  private static final String SCHEDULE = file("configs/schedules/opencl_1pass_cpu.schedule");
  private static final String DEVICE = file("configs/devices/pocl-cpu.yaml");
  private static final String EXPERIMENT = file("configs/experiments/quickstart.yaml");
  private static final String SHAPES = "B=1,H=1,P=40,M=70,E=8,F=8";
  private static final String HUGE = "B=1G,H=1G,P=1G,M=1G,E=64,F=64";

  @TempDir Path folder;

  @Test
  void maskedCascadeIsNotSimulatedAndItsConditionIsShown() {
    CommandLineRun run = problem("simulate", MASKED, DEVICE, SHAPES);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains(MASKED + ":14:75: error: cannot be simulated: a condition on the values of N")
        .contains("^^^^^^", "fix: give a cascade without it, or ./weir schedule show")
        .doesNotContain("simulating", "internal error");
  }

  @Test
  void maskedCascadeIsCostedAsAnUpperBound() {
    String bound = "upper bound of the work: what tables leave out of BQK is counted";

    assertThat(problem("schedule show", MASKED, DEVICE, SHAPES).out())
        .containsPattern(bound + "\nlatency");
    assertThat(problem("schedule show", CASCADE, DEVICE, SHAPES).out()).doesNotContain(bound);
  }

  /** Here a simulation is possible, as the condition reads coordinates only. */
  @Test
  void simulationOfAMaskThatCoordinatesDecideHasALowerBound() throws Exception {
    String causal = file("configs/cascades/attention_1pass_causal.edge");

    CommandLineRun run = problem("simulate", causal, DEVICE, SHAPES);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("lower bound").doesNotContain("upper bound");
    assertThat(run.err()).contains("simulating; at least");
  }

  @Test
  void machineWithoutEnergyFiguresHasNoEnergy() {
    assertThat(problem("schedule show", CASCADE, DEVICE, SHAPES).out())
        .containsPattern("energy +–, no energy figures");
    CommandLineRun array =
        weir(
            "schedule",
            "show",
            file("configs/schedules/fusemax/binding.schedule"),
            "-c",
            CASCADE,
            "-a",
            file("configs/architectures/fusemax_cloud.yaml"),
            "--shape",
            "B=1,H=1,P=1K,M=1K,E=64,F=64");
    assertThat(array.out()).containsPattern("energy +[0-9.]+ .J");
  }

  @ParameterizedTest
  @ValueSource(strings = {"analyze", "schedule show", "simulate"})
  void countsBeyond64BitsAreTheShapesFault(String verbs) {
    CommandLineRun run =
        verbs.equals("analyze")
            ? weir(verbs, CASCADE, "--shape", HUGE)
            : weir(
                Stream.concat(
                        Stream.of(verbs.split(" ", -1)),
                        Stream.of(
                            file("configs/schedules/fusemax/binding.schedule"),
                            "-c",
                            CASCADE,
                            "-a",
                            file("configs/architectures/fusemax_cloud.yaml"),
                            "--shape",
                            HUGE))
                    .toArray(String[]::new));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("error: counts do not fit 64 bits (shapes B=1073741824, E=64,")
        .contains("fix: smaller shapes")
        .doesNotContain("internal error", "simulating");
  }

  @Test
  void fileOfAnotherKindIsRefusedInOneLine() {
    refusedInOneLine(
        problem("schedule show", DEVICE, DEVICE, SHAPES),
        DEVICE + ": error: is not a cascade by its name (got .yaml, expected *.edge)");
    refusedInOneLine(
        problem("schedule show", CASCADE, CASCADE, SHAPES),
        CASCADE + ": error: is not an architecture or device by its name (got .edge, expected");
    refusedInOneLine(
        problem("schedule show", CASCADE, EXPERIMENT, SHAPES),
        "is not an architecture or device (got a file with the key experiment, expected one with");
    refusedInOneLine(
        weir("run", DEVICE),
        "is not an experiment (got a file with the key architecture, expected one with");
    refusedInOneLine(
        weir("format", file("README.md")),
        "README.md: error: is not a cascade by its name (got .md, expected *.edge)");
    refusedInOneLine(weir("analyze", SCHEDULE), "is not a cascade by its name (got .schedule");
  }

  private static void refusedInOneLine(CommandLineRun run, String words) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(words).hasLineCount(1);
  }

  @Test
  void missingFileAndFolderAreCalledTheSameEverywhere() {
    String missing = folder.resolve("a.edge").toString();

    String said = weir("check", missing).err();
    assertThat(said).contains("a.edge", "does not exist (got a.edge, expected an existing file)");
    String wording = said.lines().limit(1).toList().getFirst();
    assertThat(weir("analyze", missing).err()).isEqualTo(wording + "\n");
    assertThat(weir("format", missing).err()).isEqualTo(wording + "\n");
    assertThat(weir("check", file("docs")).err()).containsPattern("docs(: error:)? is a folder");
  }

  @Test
  void wrongValuesOfOptionsNameWhatIsExpected() {
    assertThat(problem("schedule show", CASCADE, DEVICE, SHAPES, "--set", "KEYS=abc").err())
        .contains("--set: error: KEYS is no size (got abc, expected a whole number of at least 1)");
    assertThat(problem("schedule show", CASCADE, DEVICE, "B=4k").err())
        .contains("--shape: error: not a shape (got B=4k,", "fix: B=4K");
    assertThat(problem("schedule show", CASCADE, DEVICE, "B=1025G").err())
        .contains("got B=1025G, expected one such as P=4K, at most 1024G");
  }

  @Test
  void unknownOptionAloneIsToBlame() {
    CommandLineRun run = weir("run", "--outptu", "x", EXPERIMENT);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("weir: unknown option --outptu\n", "fix: --output\n")
        .doesNotContain("quickstart");
  }

  @Test
  void helpOfAVerbThatIsNoneIsAMistake() {
    CommandLineRun run = weir("nonsense", "--help");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("'nonsense'", "help: ./weir --help");
    assertThat(weir("simulat", "--help").err()).contains("fix: simulate");
    assertThat(weir("verfy").err()).contains("fix: verify");
    assertThat(weir("certify").err()).contains("'certify'").doesNotContain("fix:");
  }

  @Test
  void versionIsTold() {
    assertThat(weir("--version").out()).startsWith("weir ").hasLineCount(1);
  }

  @Test
  void schemasAreChecked() throws Exception {
    Path wrong = folder.resolve("a.schema.json");
    Files.writeString(
        wrong,
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "objct"
        }
        """);
    assertThat(weir("check", wrong.toString()).err()).contains("a.schema.json:3:11: error:");

    Files.writeString(wrong, "{\"type\": \"object\"}\n");
    assertThat(weir("check", wrong.toString()).err()).contains("is no JSON schema");

    Files.writeString(wrong, "{\n  \"type\": object\n}\n");
    CommandLineRun run = weir("check", wrong.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).containsPattern("a\\.schema\\.json:2:\\d+: error: not JSON \\(");
  }

  private static CommandLineRun problem(
      String verbs, String cascade, String machine, String shapes, String... more) {
    return weir(
        Stream.of(
                verbs.split(" ", -1),
                new String[] {SCHEDULE, "-c", cascade, "-a", machine, "--shape", shapes},
                more)
            .flatMap(Stream::of)
            .toArray(String[]::new));
  }
}
