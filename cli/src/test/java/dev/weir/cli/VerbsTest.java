package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.ROOT;
import static dev.weir.cli.CommandLineRun.file;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class VerbsTest {

  private static final String CASCADE = file("configs/cascades/attention_1pass.edge");
  private static final String SCHEDULE = file("configs/schedules/opencl_1pass_cpu.schedule");
  private static final String DEVICE = file("configs/devices/pocl-cpu.yaml");
  private static final String SHAPES = "B=1,H=1,P=40,M=70,E=8,F=8";

  @TempDir Path folder;

  @Test
  void helpNamesEveryVerbAndTheExitCodes() {
    CommandLineRun run = weir("--help");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains(
            "run",
            "check",
            "format",
            "analyze",
            "schedule",
            "simulate",
            "kernel",
            "validate",
            "doctor",
            "verify",
            "format-code",
            "130 interrupted",
            "quickstart.yaml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "check",
        "format",
        "analyze",
        "zoo",
        "schedule",
        "simulate",
        "kernel",
        "validate",
        "verify",
        "format-code"
      })
  void everyVerbHasAnExample(String verb) {
    CommandLineRun run = weir(verb, "--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Usage: ./weir " + verb).contains("  ./weir " + verb + " ");
  }

  /** What a user types is the launcher, and a summary in a list of verbs is a whole sentence. */
  @ParameterizedTest
  @ValueSource(strings = {"", "kernel", "schedule", "arch", "zoo"})
  void everyVerbInAListHasAWholeSummaryAndAUsageThatCanBeTyped(String verb) {
    String[] words = verb.isEmpty() ? new String[0] : new String[] {verb};
    CommandLine all = new CommandLine(new MainCommand());
    CommandLine list = verb.isEmpty() ? all : all.getSubcommands().get(verb);
    for (CommandLine one : list.getSubcommands().values()) {
      String name = one.getCommandName();
      String[] help =
          Stream.concat(Stream.of(words), Stream.of(name, "--help")).toArray(String[]::new);
      assertThat(weir(help).out()).startsWith("Usage: ./weir " + (verb + " " + name).strip());
      assertThat(one.getCommandSpec().usageMessage().description()[0])
          .as(verb + " " + name)
          .endsWith(".");
    }
  }

  @Test
  void doctorSaysThatItDoesNotJudge() {
    assertThat(weir("doctor", "--help").out())
        .contains(
            "It reports and does not judge", "Exit codes: 0 shown, whatever is missing, 3 no");
  }

  @Test
  void zooListsAndShowsOperators() {
    System.setProperty("weir.home", ROOT.toString());

    assertThat(weir("zoo", "list").out())
        .containsPattern("halo_attention +local +prefill +3 over U")
        .containsPattern("sigmoid_attention .*1 over M");
    assertThat(weir("zoo", "show", "mla").out())
        .contains("DeepSeek-V2", "QT[h,p,r]", "rank M: 3 passes");
    CommandLineRun wrong = weir("zoo", "show", "halo_atention");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("got halo_atention", "fix: ./weir zoo show halo_attention");
  }

  @Test
  void misspeltVerbAndOptionGetTheNearestOne() {
    assertThat(weir("anlyze", "x").err()).contains("fix: analyze");
    CommandLineRun run = weir("run", "--outptu=x", "y.yaml");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("fix: --output", "help: ./weir run --help");
  }

  @Test
  void everyShippedFileIsRight() throws Exception {
    try (Stream<Path> walk = Files.walk(ROOT.resolve("configs"))) {
      List<String> files =
          walk.filter(path -> path.toString().matches(".*\\.(edge|schedule|yaml|json)"))
              .map(Path::toString)
              .sorted()
              .toList();
      String[] arguments = Stream.concat(Stream.of("check"), files.stream()).toArray(String[]::new);
      CommandLineRun run = weir(arguments);

      assertThat(run.err()).isEmpty();
      assertThat(run.code()).isZero();
      assertThat(run.out().lines()).hasSize(files.size()).allMatch(line -> line.startsWith("ok  "));
    }
  }

  @Test
  void analyzeCountsPassesOperationsAndWords() {
    CommandLineRun run =
        weir(
            "analyze",
            file("configs/cascades/attention_3pass.edge"),
            "--shape",
            "B=1,H=1,P=2,M=1K,E=4,F=4");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("rank M: 3 passes", "QK      8,192 points", "8,192 mac")
        .contains("K       input   4,096 words");
  }

  @Test
  void spellingAnalyseIsTheSameVerb() {
    assertThat(weir("analyse", CASCADE)).isEqualTo(weir("analyze", CASCADE));
  }

  @Test
  void formattingTwiceChangesNothing() throws Exception {
    Path copy = folder.resolve("a.edge");
    Files.writeString(copy, weir("format", CASCADE).out());

    assertThat(weir("format", "--write", copy.toString()).code()).isZero();
    assertThat(Files.readString(copy)).isEqualTo(weir("format", CASCADE).out());
    assertThat(folder.toFile().list()).containsExactly("a.edge");
  }

  @Test
  void scheduleIsJudgedAndCosted() {
    CommandLineRun run = problem("schedule show");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains(
            "legal: opencl_1pass_cpu", "latency", " cycles", "keep Q, RM, RD, RNV at Private");
  }

  @Test
  void simulationAccountsForEveryCycle() {
    CommandLineRun run = problem("simulate", "--timeline");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("more than the cost model's lower bound", "busy", "Core");
  }

  @Test
  void kernelIsPrintedWithoutADevice() {
    assertThat(problem("kernel").out()).contains("__kernel", "opencl_1pass_cpu");
  }

  @Test
  void bufferTooSmallForATileNamesTheLargestThatFits() {
    CommandLineRun run = problem("schedule show", "--set", "VECTORS=64");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("opencl_1pass_cpu.schedule:", ": error: capacity: Private holds 768 words")
        .contains(
            "keep BQK, LM, SLN, SLD, PRM, SPD at Private",
            "           ^^^\n",
            "fix: largest legal VECTORS is ");
  }

  @Test
  void wrongShapesAndParametersAreNamed() {
    assertThat(weir(arguments("schedule show", "B=1,H=1,M=70,E=8")).err())
        .contains("has no shape for P", "fix: P=…");
    assertThat(weir(arguments("schedule show", SHAPES + ",Z=3")).err()).contains("unknown rank Z");
    assertThat(weir(arguments("schedule show", "P=4X")).err())
        .contains("got P=4X, expected one such as P=4K");
    assertThat(problem("schedule show", "--set", "VECTOR=1").err())
        .contains("\n    fix: --set VECTORS=1\n");
  }

  @Test
  void typoInACascadeIsShownAtItsPlace() throws Exception {
    Path wrong = folder.resolve("wrong.edge");
    Files.writeString(
        wrong, Files.readString(Path.of(CASCADE)).replace("LM[b,h,m1,p])", "LN[b,h,m1,p])"));

    CommandLineRun run = weir("check", wrong.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .containsPattern("wrong\\.edge:\\d+:\\d+: error: .*got LN, expected")
        .contains("^^", "fix: LM", "1 of 1 files have errors");
  }

  @Test
  void unknownRankOfAScheduleIsShownAtItsPlace() throws Exception {
    Path wrong = folder.resolve("wrong.schedule");
    Files.writeString(
        wrong,
        Files.readString(Path.of(SCHEDULE)).replace("spatial b by 1 on", "spatial bb by 1 on"));

    CommandLineRun run =
        weir("schedule", "show", wrong.toString(), "-c", CASCADE, "-a", DEVICE, "--shape", SHAPES);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .containsPattern("wrong\\.schedule:\\d+:\\d+: error: unknown name: .*BB|bb");
  }

  @Test
  void yamlErrorAndMissingFileAreShown() throws Exception {
    Path wrong = folder.resolve("wrong.yaml");
    Files.writeString(wrong, "architecture: [a\nclock: 1 GHz\n");
    assertThat(weir("check", wrong.toString()).err())
        .containsPattern("wrong\\.yaml:\\d+:\\d+: error: not YAML");

    CommandLineRun missing = weir("check", file("configs/devices/pocl-cpx.yaml"));
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("does not exist", "fix: " + DEVICE);

    Path text = Files.createFile(folder.resolve("a.txt"));
    assertThat(weir("check", text.toString()).err()).contains("got .txt");
  }

  private static CommandLineRun problem(String verb, String... more) {
    return weir(
        Stream.concat(Stream.of(arguments(verb, SHAPES)), Stream.of(more)).toArray(String[]::new));
  }

  private static String[] arguments(String verbs, String shapes) {
    return Stream.concat(
            Stream.of(verbs.split(" ", -1)),
            Stream.of(SCHEDULE, "--cascade", CASCADE, "--architecture", DEVICE, "--shape", shapes))
        .toArray(String[]::new);
  }
}
