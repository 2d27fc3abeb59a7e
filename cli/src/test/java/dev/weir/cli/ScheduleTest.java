package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.file;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code weir schedule show} and {@code weir schedule check}. */
class ScheduleTest {

  private static final String FUSEMAX = file("configs/schedules/fusemax/binding.schedule");
  private static final String GEMM = file("configs/schedules/gemm_ref16.schedule");
  private static final String ONE_PASS = file("configs/cascades/attention_1pass.edge");
  private static final String ARRAYS = file("configs/architectures/fusemax_cloud.yaml");
  private static final String REF16 = file("configs/architectures/ref16.yaml");
  private static final String BERT = "B=64,H=12,P=4K,M=4K";
  private static final String LONG = "B=1,H=1,P=1M,M=1M";
  private static final long SCORES = 64L * 12 * 4096 * 4096;

  @TempDir Path folder;

  @Test
  void allSchedulesThatComeWithWeirAreWrittenRight() throws Exception {
    try (Stream<Path> files = Files.walk(CommandLineRun.ROOT.resolve("configs/schedules"))) {
      List<String> schedules =
          files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
      CommandLineRun run =
          weir(
              Stream.concat(Stream.of("schedule", "check"), schedules.stream())
                  .toArray(String[]::new));

      assertThat(run.err()).isEmpty();
      assertThat(run.code()).isZero();
      assertThat(run.out().lines())
          .hasSize(schedules.size())
          .allMatch(line -> line.endsWith(", not judged without a machine"));
    }
  }

  @Test
  void legalScheduleIsJudgedWithTheCascadeItNames() {
    CommandLineRun run =
        weir("schedule", "check", FUSEMAX, "-a", ARRAYS, "--shape", BERT + ",E=64,F=64");

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .isEqualTo(
            "ok  %s: schedule fusemax_binding for attention_1pass, legal on fusemax_cloud, with %s%n"
                .formatted(FUSEMAX, ONE_PASS));
    assertThat(
            weir("schedule", "check", FUSEMAX, "-c", ONE_PASS, "-a", ARRAYS, "--shape", BERT).out())
        .endsWith(", legal on fusemax_cloud\n");
  }

  /** Rule, node, level or tensor, place and what would be legal, of both findings. */
  @Test
  void everyRuleThatIsBrokenIsShownAtItsPlace() throws Exception {
    Path wrong = folder.resolve("wrong.schedule");
    Files.writeString(
        wrong,
        Files.readString(Path.of(GEMM))
            .replace("multicast B", "multicast A")
            .replace("for m by 16  for", "for m by 17  for"));

    CommandLineRun run =
        weir(
            "schedule",
            "check",
            wrong.toString(),
            GEMM,
            "-c",
            file("configs/cascades/gemm.edge"),
            "-a",
            REF16,
            "--shape",
            "M=1K,N=1K,K=1K");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).startsWith("ok  " + GEMM).hasLineCount(1);
    assertThat(run.err())
        .contains(
            wrong + ":11:21: error: too wide: Array.rows is 16 wide (got 17 tiles of M, expected",
            "fix: use tiles of at most 16 in 'for m by 17'")
        .contains(
            wrong + ":11:42: error: multicast of a dependent tensor: A differs along M",
            "spatial m by 1 on Array.rows multicast A  spatial n",
            "fix: leave A out of multicast");
  }

  @Test
  void whatDoesNotFitSaysWhatWould() {
    CommandLineRun run =
        weir("schedule", "check", FUSEMAX, "-a", ARRAYS, "--shape", LONG, "--set", "P1=256");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("binding.schedule:", "error: capacity: GlobalBuffer holds", "keep ")
        .contains("fix: largest legal P1 is 165 (got 256)");
  }

  @Test
  void judgingNeedsAMachine() {
    CommandLineRun run = weir("schedule", "check", FUSEMAX, "--shape", BERT);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains(
            "a schedule is judged on a machine (got none, expected --architecture NAME|FILE)");
  }

  @Test
  void cascadeBesideTheScheduleIsTakenFirst() throws Exception {
    Path schedule = Files.copy(Path.of(GEMM), folder.resolve("a.schedule"));
    Path cascade =
        Files.copy(Path.of(file("configs/cascades/gemm.edge")), folder.resolve("gemm.edge"));

    assertThat(check(schedule).out()).endsWith(", legal on ref16, with " + cascade + "\n");
    assertThat(weir(gemm("show", schedule)).err()).isEqualTo("cascade: " + cascade + "\n");
  }

  @Test
  void shippedCascadeIsTakenWhenNoneIsNear() throws Exception {
    System.setProperty("weir.home", CommandLineRun.ROOT.toString());
    Path schedule = Files.copy(Path.of(GEMM), folder.resolve("a.schedule"));

    assertThat(check(schedule).out()).endsWith(file("configs/cascades/gemm.edge") + "\n");

    Files.writeString(schedule, Files.readString(schedule).replace("for gemm", "for gem"));
    CommandLineRun wrong = check(schedule);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err())
        .containsPattern("a\\.schedule:2:\\d+: error: no cascade of that name \\(got gem, expected")
        .contains("^^^\n", "fix: gemm\n");
  }

  @Test
  void machineAndCascadeHaveNamesWhereverTheyAreGiven() {
    System.setProperty("weir.home", CommandLineRun.ROOT.toString());
    String edge = file("configs/cascades/gemm.edge");
    String[] verbs = {"schedule check", "schedule show", "kernel show", "simulate"};
    for (String verb : verbs) {
      assertThat(named(verb, "ref16", "gemm").code())
          .as(verb)
          .isEqualTo(named(verb, file("configs/architectures/ref16.yaml"), edge).code());
      assertThat(named(verb, "ref16", "gemm").out())
          .as(verb)
          .isEqualTo(named(verb, file("configs/architectures/ref16.yaml"), edge).out());
      assertThat(named(verb, "ref16", "linear_layer").err())
          .as(verb)
          .contains("error: no cascade of that name (got linear_layer, expected a *.edge or one of")
          .contains("fix: ./weir " + verb + " " + GEMM + " … -c linear_layers\n");
      assertThat(named(verb, "eyeriss_lik", "gemm").err())
          .as(verb)
          .contains("error: no machine of that name (got eyeriss_lik, expected a *.yaml or one of ")
          .contains("fix: ./weir " + verb + " " + GEMM + " … -a eyeriss_like\n");
    }
  }

  private static CommandLineRun named(String verb, String machine, String cascade) {
    return weir(
        Stream.concat(
                Stream.of(verb.split(" ", -1)),
                Stream.of(GEMM, "-a", machine, "-c", cascade, "--shape", "M=64,N=64,K=64"))
            .toArray(String[]::new));
  }

  @Test
  void aCascadeOfTheZooHasAName() {
    System.setProperty("weir.home", CommandLineRun.ROOT.toString());
    CommandLineRun run =
        weir(
            "schedule",
            "check",
            file("configs/schedules/opencl_titans_chunks_gpu.schedule"),
            "-a",
            "generic-gpu",
            "-c",
            "titans_chunks",
            "--shape",
            "C=2,T=3,E=5,F=70");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).endsWith("legal on generic-gpu\n");
  }

  @Test
  void showSaysWhatTheScheduleCosts() {
    CommandLineRun run = weir("schedule", "show", FUSEMAX, "-a", ARRAYS, "--shape", BERT);

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEqualTo("cascade: " + ONE_PASS + "\n");
    assertThat(run.out())
        .contains(
            "legal: fusemax_binding", "16 tiles of 256", "latency           27,919,879 cycles")
        .containsPattern(
            "bottleneck: Array1D, which works 99\\.\\d+ % of all cycles; GlobalBuffer, the busiest")
        .contains("What limits each phase", "Peak occupancy", "Traffic by level and tensor")
        .containsPattern("Array2D +all +1\\.688 Toperations +96\\.5 %")
        .containsPattern(" +BQK +824\\.6 Goperations +45\\.1 %")
        .containsPattern("Energy by component and action\nall components +")
        .containsPattern(
            "What these figures take for granted\\R(.*\\R)+  fill and drain of Array2D.rows are"
                + " hidden");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "opencl_3pass_cpu | devices/pocl-cpu | B=1,H=12,P=1K,M=1K,E=8,F=8 | VECTORS=1"
            + " | the bandwidth of Global: moving its words takes all 26,774,435 cycles, what must",
        "attention_3pass_unfused | architectures/fusemax_cloud | B=64,H=12,P=4K,M=4K | WIDTH=256"
            + " | Array1D, which works 69.4 % of all cycles; DRAM, the busiest memory, moves words",
        "attention_3pass_unfused | architectures/fusemax_cloud | B=64,H=12,P=4K,M=4K | WIDTH=64 |"
            + " the order of the schedule, as nothing is busy half of all cycles: Array1D works 20",
        "gemm_ref16 | architectures/ref16 | M=1K,N=1K,K=1K | TM=32,TN=16,TK=16 | the bandwidth of"
            + " DRAM in parts of the schedule: it moves words 99 % of all cycles"
      })
  void bottleneckIsNamed(
      String schedule, String machine, String shapes, String parameter, String bottleneck) {
    CommandLineRun run =
        weir(
            "schedule",
            "show",
            file("configs/schedules/" + schedule + ".schedule"),
            "-a",
            file("configs/" + machine + ".yaml"),
            "--shape",
            shapes,
            "--set",
            parameter);

    assertThat(run.out()).contains("\nbottleneck: " + bottleneck);
  }

  @Test
  void fileWithoutAVerbIsAnsweredWithTheVerbs() {
    CommandLineRun run = weir("schedule", FUSEMAX);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "schedule is followed by a verb (got " + FUSEMAX + ", expected one of show, check)");
  }

  @Test
  void jsonHasTheNumbersOfTheText() {
    JsonNode root =
        JsonMapper.shared()
            .readTree(
                weir("schedule", "show", FUSEMAX, "-a", ARRAYS, "--shape", BERT, "--format", "json")
                    .out());

    assertThat(root.at("/latencyCycles").asLong()).isEqualTo(27_919_879);
    assertThat(root.at("/parameters/P1").asLong()).isEqualTo(16);
    assertThat(root.at("/shapes/M").asLong()).isEqualTo(4096);
    assertThat(root.at("/tree/0/text").asString()).startsWith("for b by 1 flow");
    assertThat(root.at("/phases/0/limitingLevel").isNull()).isTrue();
    assertThat(root.at("/levels/0/traffic/0/tensor").asString()).isEqualTo("AV");
    assertThat(root.at("/levels/0/traffic/0/writtenWords").asLong())
        .isEqualTo(64L * 12 * 4096 * 64);
    assertThat(root.at("/idealisations/0/what").asString()).isNotEmpty();
    double total = 0;
    for (JsonNode use : root.at("/energy")) {
      total += use.at("/picojoules").asDouble();
    }
    assertThat(total).isCloseTo(root.at("/picojoules").asDouble(), within(1e-6 * total));
  }

  /** One cycle an operation, 256 × 256 elements; a unit's share is what its Einsums have. */
  @Test
  void utilisationOfAnEinsumIsItsPartOfTheUnits() {
    JsonNode array =
        JsonMapper.shared()
            .readTree(
                weir("schedule", "show", FUSEMAX, "-a", ARRAYS, "--shape", BERT, "--format", "json")
                    .out())
            .at("/units/0");

    double sum = 0;
    for (JsonNode einsum : array.at("/einsums")) {
      sum += einsum.at("/utilisation").asDouble();
    }
    assertThat(array.at("/unit").asString()).isEqualTo("Array2D");
    assertThat(array.at("/einsums/0/einsum").asString()).isEqualTo("BQK");
    assertThat(array.at("/einsums/0/operations/mac").asLong()).isEqualTo(64 * SCORES);
    assertThat(array.at("/einsums/0/utilisation").asDouble())
        .isCloseTo(64.0 * SCORES / (65_536 * 27_919_879.0), within(1e-12));
    assertThat(array.at("/utilisation").asDouble()).isCloseTo(sum, within(1e-12));
  }

  @Test
  void jsonOfAnIllegalScheduleIsItsFindings() {
    CommandLineRun run =
        weir(
            "schedule",
            "show",
            FUSEMAX,
            "-c",
            ONE_PASS,
            "-a",
            ARRAYS,
            "--shape",
            LONG,
            "--set",
            "P1=256",
            "--format",
            "json");
    JsonNode finding = JsonMapper.shared().readTree(run.out()).at("/diagnostics/0");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).isEmpty();
    assertThat(finding.at("/file").asString()).isEqualTo(FUSEMAX);
    assertThat(finding.at("/message").asString()).startsWith("capacity: GlobalBuffer holds");
    assertThat(finding.at("/fix").asString()).startsWith("largest legal P1 is 165");
  }

  private static CommandLineRun check(Path schedule) {
    return weir(gemm("check", schedule));
  }

  private static String[] gemm(String verb, Path schedule) {
    return new String[] {
      "schedule", verb, schedule.toString(), "-a", REF16, "--shape", "M=1K,N=1K,K=1K"
    };
  }
}
