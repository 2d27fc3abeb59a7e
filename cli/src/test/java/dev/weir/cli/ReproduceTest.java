package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.ROOT;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir reproduce}: the figures that FuseMax's artifact published are those we find. */
class ReproduceTest {

  private static final Set<String> SHORT = Set.of("1K", "4K", "16K", "64K");
  private static final Set<String> TOTALS =
      Set.of("latency", "traffic", "energy", "counted energy");

  @TempDir private static Path folder;

  private static CommandLineRun run;
  private static List<Map<String, String>> figures;
  private static List<Map<String, String>> studies;

  @BeforeAll
  static void reproduce() throws IOException {
    System.setProperty("weir.home", ROOT.toString());
    run = weir("reproduce", "fusemax", "--output", folder.toString());
    figures = table("figures.csv");
    studies = table("studies.csv");
  }

  private static List<Map<String, String>> table(String file) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(file));
    List<String> columns = List.of(lines.getFirst().split(","));
    return lines.stream()
        .skip(1)
        .map(line -> List.of(line.split(",", -1)))
        .map(
            values ->
                columns.stream()
                    .collect(Collectors.toMap(c -> c, c -> values.get(columns.indexOf(c)))))
        .toList();
  }

  private static double number(Map<String, String> figure, String column) {
    return Double.parseDouble(figure.get(column));
  }

  private static List<Map<String, String>> of(String figure) {
    return figures.stream().filter(one -> one.get("figure").equals(figure)).toList();
  }

  @Test
  void everyDesignIsComparedAtEveryPoint() {
    assertThat(of("latency")).hasSize(7 * 4 * 6);
    assertThat(figures).hasSize((5 * 5 + 2 + 2 + 5 + 5 + 2 * 3 + 7) * 4 * 6);
  }

  @Test
  void latencyIsThePublishedOne() {
    assertThat(of("latency"))
        .allSatisfy(
            one ->
                assertThat(number(one, "ours") / number(one, "published"))
                    .isCloseTo(1, within(one.get("design").startsWith("linear") ? 0.01 : 0.005)));
  }

  @Test
  void trafficIsThePublishedOneToTheByteWhereTheArtifactCountsBytes() {
    assertThat(of("traffic"))
        .filteredOn(
            one -> !one.get("design").startsWith("linear") || !one.get("model").equals("XLM"))
        .allSatisfy(
            one -> {
              boolean exact =
                  switch (one.get("design")) {
                    case "unfused" -> SHORT.contains(one.get("length"));
                    case "FLAT" -> false;
                    default -> true;
                  };
              double quotient = number(one, "ours") / number(one, "published");
              assertThat(quotient).isCloseTo(1, within(exact ? 0 : 0.004));
            });
  }

  @Test
  void utilisationOfArraysAndByEinsumIsThePublishedOne() {
    assertThat(figures.stream().filter(one -> !TOTALS.contains(one.get("figure"))))
        .allSatisfy(
            one -> {
              boolean isArray = one.get("figure").startsWith("Array");
              double published = number(one, "published");
              assertThat(number(one, "ours"))
                  .isCloseTo(published, within(isArray ? 0.005 * published : 0.002));
            });
  }

  @Test
  void meansAreThoseOfThePaper() {
    assertThat(meanSpeedUp("FLAT")).isCloseTo(6.72, within(0.0672));
    assertThat(meanSpeedUp("unfused")).isCloseTo(10.05, within(0.1005));
    assertThat(meanSpeedUp("FLAT", "linear layers")).isCloseTo(5.30, within(0.053));
    assertThat(meanSpeedUp("unfused", "linear layers")).isCloseTo(7.60, within(0.076));
  }

  private static List<Map<String, String>> of(String study, String figure) {
    return studies.stream()
        .filter(one -> one.get("study").equals(study) && one.get("figure").equals(figure))
        .toList();
  }

  private static double difference(Map<String, String> figure) {
    return Math.abs(number(figure, "ours") / number(figure, "published") - 1);
  }

  @Test
  void sweepHasThePublishedLatencyAndArea() {
    assertThat(of("sweep", "latency")).hasSize(6 * 2);
    assertThat(of("sweep", "latency"))
        .allSatisfy(one -> assertThat(difference(one)).isLessThan(0.0001));
    assertThat(of("sweep", "array area"))
        .allSatisfy(one -> assertThat(difference(one)).isLessThan(0.0001));
    assertThat(of("sweep", "area"))
        .allSatisfy(one -> assertThat(difference(one)).isLessThan(0.006));
    assertThat(run.out())
        .contains("Size of the arrays, as published", "within bounds: passed")
        .contains("16 × 16, FuseMax: capacity: GlobalBuffer holds 8192 words");
  }

  @Test
  void registersOfTheirOwnWordsMakeTheSweepSmaller() {
    assertThat(of("sweep-by-rules", "area"))
        .hasSize(6)
        .allSatisfy(
            one ->
                assertThat(number(one, "ours") / number(one, "published")).isBetween(0.15, 0.25));
    assertThat(of("sweep-by-rules", "latency"))
        .allSatisfy(one -> assertThat(difference(one)).isLessThan(0.0001));
    assertThat(run.out()).doesNotContain("by the table's rules\n  ");
  }

  /** How many times FuseMax's figure a baseline has. */
  private static double times(String figure, String caseName, String model, String run) {
    return of("beyond", figure).stream()
        .filter(one -> one.get("case").equals(caseName))
        .filter(one -> one.get("model").equals(model) && one.get("run").equals(run))
        .mapToDouble(one -> number(one, "times first"))
        .sum();
  }

  @Test
  void beyondThePaperTheAdvantageIsThatOfTheScores() {
    double published = times("latency", "as published", "BERT", "FLAT");

    assertThat(published).isCloseTo(7.21, within(0.01));
    assertThat(times("latency", "batch of 1", "BERT", "FLAT")).isCloseTo(7.2, within(0.05));
    assertThat(times("latency", "causal", "BERT", "FLAT")).isCloseTo(7.33, within(0.05));
    assertThat(times("latency", "1000 tokens", "BERT", "FLAT")).isCloseTo(6.49, within(0.05));
    assertThat(times("latency", "8 heads of keys for 32 of queries", "", "FLAT"))
        .isCloseTo(
            times("latency", "32 heads of keys for 32 of queries", "", "FLAT"), within(0.02));
  }

  @Test
  void decodingWaitsForKeysAndValuesInAllDesigns() {
    assertThat(times("latency", "decode 1 query", "BERT", "FLAT")).isBetween(1.0, 1.01);
    assertThat(times("latency", "decode 1 query", "BERT", "unfused")).isBetween(1.0, 1.05);
    assertThat(times("latency", "decode 64 queries", "BERT", "FLAT")).isBetween(1.5, 2.0);
    assertThat(times("energy", "decode 1 query", "BERT", "FLAT")).isBetween(1.0, 1.1);
  }

  @Test
  void aSmallArrayGainsLess() {
    assertThat(times("latency", "edge 32 × 32", "BERT", "FLAT")).isBetween(1.4, 1.5);
    assertThat(times("latency", "edge 32 × 32", "XLM", "unfused")).isBetween(1.4, 1.6);
  }

  @Test
  void flatAt64KTakesLongerWithAMappingThatFits() {
    assertThat(of("flat-that-fits", "latency"))
        .filteredOn(one -> one.get("case").startsWith("64K") && one.get("run").equals("FLAT"))
        .hasSize(2)
        .allSatisfy(one -> assertThat(number(one, "times first")).isBetween(1.1, 1.2));
    assertThat(run.out()).doesNotContain("64K tokens, FLAT: capacity");
  }

  /** How many times the seconds are of what takes nothing for granted. */
  private static double slowdown(String caseName, String run, String model) {
    return of("idealisations", "latency").stream()
        .filter(one -> one.get("case").equals(caseName) && one.get("run").equals(run))
        .filter(one -> one.get("model").equals(model))
        .mapToDouble(one -> number(one, "times first"))
        .sum();
  }

  @Test
  void idealisationsStandBesideWhatIsWithoutThem() {
    String fill = "fill and drain overlap – ";
    String ports = "the buffer has four ports – ";

    assertThat(slowdown(fill + "FuseMax", "taken for granted", "BERT")).isEqualTo(1);
    assertThat(slowdown(fill + "FuseMax", "around every nest", "BERT"))
        .isCloseTo(5.45, within(0.05));
    assertThat(slowdown(fill + "FLAT", "around every nest", "BERT")).isCloseTo(1.06, within(0.01));
    assertThat(slowdown(ports + "FuseMax", "one port", "XLM")).isCloseTo(2.54, within(0.05));
    assertThat(slowdown("only maxima drain – +Architecture", "nothing drains", "BERT"))
        .isLessThan(0.5);
    assertThat(slowdown("an exponential takes two – +Cascade", "one cycle as in FLAT", "BERT"))
        .isCloseTo(0.78, within(0.01));
  }

  /** The drain of a tile in +Architecture is 256 of its 458 cycles, which stays one of 202. */
  @Test
  void aDrainIsOneStallATile() {
    double without = slowdown("only maxima drain – +Architecture", "nothing drains", "BERT");
    double all = slowdown("only maxima drain – +Architecture", "sums drain too", "BERT");

    assertThat(without).isCloseTo(202.0 / 458, within(0.001));
    assertThat(all).isCloseTo(970.0 / 458, within(0.001));
  }

  @Test
  void energiesAreThePublishedOnesWithoutWhatTheArtifactLeavesOut() {
    assertThat(of("counted energy")).hasSize(7 * 4 * 6);
    assertThat(of("counted energy"))
        .allSatisfy(one -> assertThat(difference(one)).isLessThan(0.0033));
    assertThat(of("energy"))
        .allSatisfy(one -> assertThat(number(one, "ours")).isGreaterThan(number(one, "published")));
  }

  /** Off-chip words, and picojoules of all else, that a design's table has for a score. */
  private record PerScore(double words, double picojoules) {
    static PerScore of(String file, String model, String length) throws IOException {
      Path path = ROOT.resolve("configs/reproductions/fusemax").resolve(file);
      List<String> row =
          Files.readAllLines(path).stream()
              .filter(line -> line.startsWith(model + "," + length + ","))
              .findFirst()
              .map(line -> List.of(line.split(",", -1)))
              .orElseThrow();
      double heads = Map.of("BERT", 12, "TrXL", 16, "T5", 8, "XLM", 16).get(model);
      double elements =
          Map.of("1K", 10, "4K", 12, "16K", 14, "64K", 16, "256K", 18, "1M", 20).get(length);
      double scores = 64 * heads * Math.pow(4, elements);
      double words = Double.parseDouble(row.get(2)) / 2 / scores;
      return new PerScore(words, Double.parseDouble(row.get(4)) / scores - words * 249.6 / 4);
    }
  }

  /** What +Cascade and FuseMax load more than in proportion to 1 / L costs a write a word. */
  private static double picojoulesOfALoad(String file, String model) throws IOException {
    PerScore one = PerScore.of(file, model, "1K");
    PerScore four = PerScore.of(file, model, "4K");
    PerScore sixtyFour = PerScore.of(file, model, "64K");
    double slope = (one.picojoules() - four.picojoules()) / (1 - 0.25);
    double expected = one.picojoules() - slope * (1 - 1 / 64.0);
    return (sixtyFour.picojoules() - expected) / (sixtyFour.words() - one.words() / 64);
  }

  /** The prices of the machines' files are those of the published tables. */
  @Test
  void whatAWordOfABufferCostsIsWhatTheTablesSay() throws IOException {
    assertThat(picojoulesOfALoad("attn-cascade.csv", "BERT")).isCloseTo(105.845, within(0.02));
    assertThat(picojoulesOfALoad("attn-cascade.csv", "XLM")).isCloseTo(105.845, within(0.02));
    assertThat(picojoulesOfALoad("attn-arch.csv", "BERT")).isCloseTo(61.55, within(0.1));
    assertThat(picojoulesOfALoad("attn-arch.csv", "XLM")).isCloseTo(61.55, within(0.1));
    double unfused =
        PerScore.of("attn-unfused.csv", "BERT", "1M").picojoules()
            - PerScore.of("attn-unfused.csv", "BERT", "64K").picojoules();
    double flat =
        PerScore.of("attn-flat.csv", "BERT", "1M").picojoules()
            - PerScore.of("attn-flat.csv", "BERT", "256K").picojoules();
    assertThat(unfused).isCloseTo(93.21, within(0.3)); // the border is crossed a little less often
    assertThat(flat).isCloseTo(93.21, within(0.01));
    double quarter =
        PerScore.of("attn-binding.csv", "T5", "1M").picojoules()
            - PerScore.of("attn-binding.csv", "T5", "64K").picojoules();
    assertThat(quarter).isCloseTo(48.9 / 4, within(0.3));
    assertThat(ROOT.resolve("configs/architectures/flat_cloud.yaml"))
        .content()
        .contains("{read: 93.21 pJ/word, write: 105.845 pJ/word}");
    assertThat(ROOT.resolve("configs/architectures/fusemax_cloud.yaml"))
        .content()
        .contains("{read: 48.9 pJ/word, write: 61.55 pJ/word}");
  }

  @Test
  void skewCostsNothingWhenStagesAreFurtherApart() {
    String fill = "fill and drain overlap – FuseMax";
    for (String model : List.of("BERT", "XLM")) {
      assertThat(slowdown(fill, "skewed with stages further apart", model))
          .isCloseTo(1, within(0.0001));
      assertThat(slowdown(fill, "skewed", model)).isGreaterThan(1.8);
    }
  }

  @Test
  void termsOfTheEnergyAddUpToIt() {
    for (String model : List.of("BERT", "XLM")) {
      double onChip =
          List.of("reads of inputs", "other reads", "writes", "registers").stream()
              .mapToDouble(term -> ofBinding(term, model, "ours"))
              .sum();
      double rest =
          List.of("arithmetic", "exponentials", "off chip").stream()
              .mapToDouble(term -> ofBinding(term, model, "ours"))
              .sum();

      assertThat(onChip).isCloseTo(ofBinding("on-chip memories", model, "ours"), within(1e-6));
      assertThat(onChip + rest).isCloseTo(ofBinding("energy", model, "ours"), within(1e-6));
    }
  }

  /** Picojoules a score. */
  private static double ofBinding(String figure, String model, String column) {
    return of("energy-terms", figure).stream()
        .filter(one -> one.get("run").equals("+Binding") && one.get("model").equals(model))
        .mapToDouble(one -> number(one, column))
        .sum();
  }

  @Test
  void energyEndToEndIsAMeanToo() {
    String of = "energy of \\(\\+Binding and linear layers\\) ÷ \\(";
    assertThat(run.out())
        .containsPattern(of + "FLAT and linear layers on FLAT\\) +0.834 × +0.8514 × ")
        .containsPattern("counted " + of + "FLAT and linear layers on FLAT\\) +0.834 × .*passed")
        .containsPattern(
            "counted " + of + "unfused and linear layers on FLAT\\) +0.821 × .*passed");
  }

  /** Over +Binding, each with what else is computed. */
  private static double meanSpeedUp(String design, String... besides) {
    return of("latency").stream()
        .filter(one -> one.get("design").equals(design))
        .mapToDouble(
            one ->
                (number(one, "ours") + seconds(one, besides))
                    / (seconds(one, "+Binding") + seconds(one, besides)))
        .average()
        .orElseThrow();
  }

  private static double seconds(Map<String, String> point, String... designs) {
    return of("latency").stream()
        .filter(other -> List.of(designs).contains(other.get("design")))
        .filter(other -> other.get("model").equals(point.get("model")))
        .filter(other -> other.get("length").equals(point.get("length")))
        .mapToDouble(other -> number(other, "ours"))
        .sum();
  }

  @Test
  void everythingIsWithinItsBounds() {
    assertThat(run.code()).isEqualTo(ExitCode.OK);
    assertThat(run.out())
        .doesNotContain("FAILED")
        .containsPattern("latency of FLAT ÷ \\+Binding +6.72 × +6.722 × .*passed");
  }

  @Test
  void whatIsBeyondItsBoundIsSaidAndFails() throws IOException {
    Path file = folder.resolve("tight.yaml");
    Files.writeString(
        file,
        """
        reproduction: tight
        description: a bound that nothing reaches
        source: FuseMax
        models: {BERT: {B: 64, H: 12, E: 64, F: 64}}
        lengths: {ranks: [P, M], values: [1K]}
        designs:
          - design: +Binding
            machine: ROOT/configs/architectures/fusemax_cloud.yaml
            cascade: ROOT/configs/cascades/attention_1pass.edge
            schedule: ROOT/configs/schedules/fusemax/binding.schedule
            published: ROOT/configs/reproductions/fusemax/attn-binding.csv
            columns: {latency: latency, energy: energy}
        within: {latency: 0.0000001}
        """
            .replace("ROOT", ROOT.toAbsolutePath().toString()));
    CommandLineRun tight =
        weir("reproduce", file.toString(), "--output", folder.resolve("tight").toString());
    assertThat(tight.code()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(tight.out()).containsPattern("\\+Binding +1 .*FAILED: latency\\s");

    Path misspelt = folder.resolve("misspelt.yaml");
    String columns = "columns: {";
    Files.writeString(
        misspelt,
        Files.readString(file)
            .replace(
                columns, "omissions: {words: [{read: QKX, at: GlobalBuffer}]}\n    " + columns));
    CommandLineRun refused = weir("reproduce", misspelt.toString());
    assertThat(refused.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(refused.err())
        .contains("omissions of design +Binding: unknown tensor QKX (got QKX, expected one of ");
  }

  @Test
  void publishedMappingsThatDoNotFitAreNamed() {
    assertThat(run.out())
        .contains("Published mappings that break a rule")
        .containsPattern("FLAT, BERT at 64K: capacity: GlobalBuffer holds 16777216 words");
    assertThat(folder.resolve("report.html")).exists();
  }

  @Test
  void aNameThatIsUnknownIsRefused() {
    CommandLineRun refused = weir("reproduce", "fusemx");
    assertThat(refused.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(refused.err())
        .contains(
            "no reproduction of that name (got fusemx, expected a *.yaml or one of fusemax,"
                + " fusemax-cycles, scalesim)")
        .contains("fix: ./weir reproduce fusemax");
  }

  @Test
  void mistakesOfAFileAreFoundWhereTheyStand() throws IOException {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(
        file,
        """
        reproduction: mine
        description: a test
        source: nobody
        models: {A: {H: few}}
        lengths: {ranks: [p], values: [1K]}
        designs:
          - design: one
            machine: none.yaml
            cascade: none.edge
            schedule: none.schedule
            published: none.csv
            columns: {x: 3}
        within: {latency: 0, trafic: 1}
        studies:
          - study: Mine
            title: a table
            text: of nothing
            figures: [latncy]
            cases:
              - case: one
                models: [B]
                runs:
                  - run: one
                    machine: none.yaml
                    cascade: none.edge
                    schedules: [none.schedule]
                    triangle: {rows: p, columns: M, block: few}
        """);

    CommandLineRun refused = weir("reproduce", file.toString());

    assertThat(refused.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(refused.err())
        .contains("mine.yaml:4:17: error: wrong value (got few, expected a whole number")
        .contains("mine.yaml:5:19: error")
        .contains("expected a rank such as P")
        .contains("no such file")
        .contains("expected one that exists")
        .contains("trafic")
        .contains("mine.yaml:15:12: error: study has a wrong value (got Mine")
        .contains("mine.yaml:18:15: error: unknown figures latncy")
        .contains("mine.yaml:21:18: error: unknown models B")
        .contains(
            "mine.yaml:27:30: error: rows has a wrong value (got p, expected a rank such as P)")
        .contains("mine.yaml:27:52: error: wrong value (got few, expected a whole number");
  }
}
