package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.ROOT;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code weir reproduce fusemax-cycles}: what a tile takes, each figure from its own terms. */
class ReproduceFuseMaxCyclesTest {

  private static final double CLOCK = 940e6;

  /** Words a cycle from DRAM: 400 GiB/s, 16 bit a word. */
  private static final double OFF_CHIP = 400 * Math.pow(2, 30) / 2 / CLOCK;

  private static final long HOPS = 255;

  private static final String FURTHER = "interleaved with stages further apart";

  @TempDir private static Path folder;

  private static CommandLineRun run;
  private static List<Map<String, String>> figures;

  @BeforeAll
  static void reproduce() throws IOException {
    System.setProperty("weir.home", ROOT.toString());
    run = weir("reproduce", "fusemax-cycles", "--output", folder.toString());
    figures = table(folder.resolve("studies.csv"));
  }

  private static List<Map<String, String>> table(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> columns = List.of(lines.getFirst().split(",", -1));
    return lines.stream()
        .skip(1)
        .map(line -> List.of(line.split(",", -1)))
        .map(
            values ->
                columns.stream()
                    .collect(Collectors.toMap(c -> c, c -> values.get(columns.indexOf(c)))))
        .toList();
  }

  private static Map<String, String> figure(long embedding, String more, String way, String name) {
    return figures.stream()
        .filter(one -> one.get("case").equals("more " + more + " – " + way))
        .filter(one -> one.get("run").equals(name))
        .filter(one -> one.get("model").equals(embedding == 64 ? "BERT" : "XLM"))
        .findFirst()
        .orElseThrow();
  }

  private static double keys(long embedding, String way, String name) {
    return number(figure(embedding, "keys", way, name), "ours");
  }

  private static double number(Map<String, String> line, String column) {
    return Double.parseDouble(line.get(column));
  }

  @Test
  void whatIsPublishedIsWhatWeFindWhereWeSaySo() {
    List<Map<String, String>> compared =
        figures.stream().filter(one -> !one.get("published").isEmpty()).toList();

    assertThat(compared)
        .hasSize(18)
        .allSatisfy(one -> assertThat(one.get("ours")).isEqualTo(one.get("published")));
    assertThat(run.code()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).contains("Cycles of a tile, simulated", "within bounds: passed");
  }

  /** The table of published cycles follows from the artifact's seconds, at all lengths. */
  @ParameterizedTest
  @CsvSource({
    "BERT, 12, 64, binding, +Binding",
    "XLM, 16, 128, binding, +Binding",
    "BERT, 12, 64, arch, +Architecture",
    "XLM, 16, 128, arch, +Architecture",
  })
  void publishedCyclesFollowFromSeconds(
      String model, long heads, long embedding, String file, String design) throws IOException {
    Path published = ROOT.resolve("configs/reproductions/fusemax");
    Map<String, Double> cycles =
        table(published.resolve("cycles-a-tile.csv")).stream()
            .filter(one -> one.get("model").equals(model) && one.get("design").equals(design))
            .collect(Collectors.toMap(one -> one.get("more"), one -> number(one, "cycles")));

    for (Map<String, String> point : table(published.resolve("attn-" + file + ".csv"))) {
      if (point.get("model").equals(model)) {
        double blocks = length(point.get("seq_len")) / 256.0;
        double found = number(point, "latency") * CLOCK / (64 * heads * blocks * blocks);
        double quotients = design.equals("+Binding") ? embedding / blocks : 0;
        assertThat(found).isCloseTo(cycles.get("keys") + quotients, withPercentage(1e-6));
        if (point.get("seq_len").equals("4K") && design.equals("+Binding")) {
          assertThat(found).isCloseTo(cycles.get("heads"), withPercentage(1e-6));
        }
      }
    }
  }

  private static double length(String text) {
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return number * (text.endsWith("M") ? 1024.0 * 1024.0 : 1024.0);
  }

  @ParameterizedTest
  @CsvSource({"64, 3", "128, 2"})
  void interleavedOnlyTheMaximaCost(long embedding, int epochs) {
    // RM 1, PRM 7, SPD 1, RD 1, then SPNV and RNV in turn.
    double work = 10 + 2 * embedding;
    // SLN 7, SLD 1, both products, LM 1; then down all rows.
    double maxima = 9 + 2 * embedding + HOPS;

    for (String name :
        List.of("nothing else", "+ ports of the buffer", "+ DRAM", "+ fill of columns")) {
      assertThat(keys(embedding, "interleaved", name)).isEqualTo(work);
    }
    assertThat(keys(embedding, "interleaved", "+ fill and drain of rows")).isEqualTo(maxima);
    assertThat(maxima / epochs).isLessThan(work);
    assertThat(keys(embedding, FURTHER, "nothing else")).isEqualTo(work);
    assertThat(keys(embedding, FURTHER, "+ fill and drain of rows")).isEqualTo(work);
  }

  @ParameterizedTest
  @CsvSource({"64", "128"})
  void inTurnPortsAndWhatTheyLeaveOfThemCost(long embedding) {
    double work = 10 + 2 * embedding;
    // Beside the second product on the 1D array five rows want four ports.
    double ports = work + embedding / 4.0;
    // Ports are free in 12 cycles of each of 16 epochs.
    double loads = Math.ceil(2 * 256 * embedding / OFF_CHIP);
    double waits = Math.max(0, loads - 16 * 12);

    assertThat(keys(embedding, "in turn", "nothing else")).isEqualTo(work);
    assertThat(keys(embedding, "in turn", "+ ports of the buffer")).isEqualTo(ports);
    assertThat(keys(embedding, "in turn", "+ DRAM")).isEqualTo(ports + waits / 16);
    assertThat(keys(embedding, "in turn", "+ fill and drain of rows"))
        .isEqualTo(9.0 + 2 * embedding + HOPS);
  }

  @ParameterizedTest
  @CsvSource({"64, 458, 967", "128, 650, 1159"})
  void tileAfterTileThreeThingsPassAllRows(long embedding, double published, double found) {
    double order = (embedding + 1) + 1 + 8 + embedding + embedding;

    assertThat(keys(embedding, "tile after tile", "nothing else")).isEqualTo(order);
    assertThat(keys(embedding, "tile after tile", "+ DRAM")).isEqualTo(order);
    assertThat(keys(embedding, "tile after tile", "only maxima drain"))
        .isEqualTo(order + 256)
        .isEqualTo(published);
    assertThat(keys(embedding, "tile after tile", "+ fill and drain of rows"))
        .isEqualTo(order + 3 * HOPS)
        .isEqualTo(published - 1 + 2 * HOPS)
        .isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource({"64, 253, 582", "128, 527, 879"})
  void headsCostWhatThePublishedFormSaysAndStores(long embedding, double stores, double further) {
    double quotients = embedding / 16.0;
    double work = 10 + 2 * embedding + quotients;

    assertThat(number(figure(embedding, "heads", "interleaved", "nothing else"), "ours"))
        .isEqualTo(work);
    assertThat(number(figure(embedding, "heads", "interleaved", "+ DRAM"), "ours"))
        .isEqualTo(work + stores / 256);
    assertThat(number(figure(embedding, "heads", FURTHER, "+ fill and drain of rows"), "ours"))
        .isEqualTo(work + further / 256);
  }

  @Test
  void growthIsNeededAndMustAddTiles() throws IOException {
    String text = Files.readString(ROOT.resolve("configs/reproductions/fusemax-cycles.yaml"));
    text = text.replace("../", ROOT.resolve("configs").toAbsolutePath() + "/");

    CommandLineRun without = mistaken(text.replaceAll("(?m)^ *growth:.*\\n", ""));
    CommandLineRun less = mistaken(text.replace("{rank: M, to: 2K", "{rank: M, to: 1K"));
    CommandLineRun unknown = mistaken(text.replace("tile: {P: 256, M: 256}", "tile: {X: 256}"));

    assertThat(without.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(without.err()).contains("missing key growth in studies[0].cases[0]");
    assertThat(less.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(less.err())
        .contains("growth of case more keys – interleaved adds no tile (got M up to 1024");
    assertThat(unknown.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(unknown.err()).contains("adds no tile", "{X=256}");
  }

  private static CommandLineRun mistaken(String text) throws IOException {
    Path file = folder.resolve("mistaken.yaml");
    Files.writeString(
        file,
        text.replaceAll("(?m)^ *published:.*\\n", "").replace("fusemax-cycles\n", "mistaken\n"));
    return weir("reproduce", file.toString(), "--output", folder + "/mistaken");
  }
}
