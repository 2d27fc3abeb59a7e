package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.ROOT;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir reproduce scalesim}: a reproduction without designs, of simulated cycles. */
class ReproduceScaleSimTest {

  private static final int FIGURE = 6;
  private static final int PUBLISHED = 8;
  private static final int OURS = 9;

  @TempDir private static Path folder;

  private static CommandLineRun run;
  private static List<List<String>> figures;

  @BeforeAll
  static void reproduce() throws IOException {
    System.setProperty("weir.home", ROOT.toString());
    run = weir("reproduce", "scalesim", "--output", folder.toString());
    // The names of cases have a comma.
    figures =
        Files.readAllLines(folder.resolve("studies.csv")).stream()
            .skip(1)
            .map(line -> List.of(line.replaceAll("\"[^\"]*\"", "case").split(",", -1)))
            .toList();
  }

  @Test
  void allCyclesAreThoseOfTheTableAndOneMore() throws IOException {
    List<String> table =
        Files.readAllLines(ROOT.resolve("configs/reproductions/scalesim/gemm-cycles.csv"));
    List<List<String>> compared =
        figures.stream().filter(one -> one.getFirst().equals("cycles")).toList();

    assertThat(compared)
        .hasSize(table.size() - 1)
        .allSatisfy(one -> assertThat(one.get(FIGURE)).isEqualTo("simulated cycles"))
        .allSatisfy(one -> assertThat(one.get(OURS)).isEqualTo(one.get(PUBLISHED)));
    assertThat(compared.stream().mapToDouble(one -> Double.parseDouble(one.get(OURS)) - 1).sum())
        .isEqualTo(
            table.stream()
                .skip(1)
                .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[6]))
                .sum());
    assertThat(run.code()).isEqualTo(ExitCode.OK);
  }

  @Test
  void overlapTakesFewerCycles() {
    List<List<String>> overlap =
        figures.stream().filter(one -> one.getFirst().equals("overlap")).toList();

    assertThat(overlap).hasSize(6 * 3 * 2);
    for (int i = 0; i < overlap.size(); i += 2) {
      assertThat(Double.parseDouble(overlap.get(i + 1).get(OURS)))
          .isLessThan(Double.parseDouble(overlap.get(i).get(OURS)));
    }
  }

  @Test
  void tablesOfDesignsAreLeftOut() {
    assertThat(run.out())
        .contains("Compute cycles, folds one after the other", "within bounds: passed")
        .contains("published + 1 cycle ")
        .doesNotContain("Largest difference of ours");
    assertThat(folder.resolve("report.html")).exists();
  }

  @Test
  void whatOnlyDesignsHaveIsRefusedWithoutThem() throws IOException {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(
        file,
        """
        reproduction: mine
        description: a test
        source: nobody
        models: {A: {M: 2}}
        lengths: {ranks: [P], values: [1K]}
        studies:
          - study: mine
            title: a table
            text: of nothing
            figures: [simulated cycle]
            cases: []
        """);

    CommandLineRun refused = weir("reproduce", file.toString());

    assertThat(refused.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(refused.err())
        .contains("mine.yaml:5:1: error: unknown key lengths")
        .contains("mine.yaml:10:15: error: unknown figures simulated cycle")
        .contains("write simulated cycles");
  }

  @Test
  void aScheduleThatIsIllegalOnItsMachineIsNotSimulated() throws IOException {
    Path configs = ROOT.resolve("configs").toAbsolutePath();
    Path file = folder.resolve("double.yaml");
    Files.writeString(
        file,
        """
        reproduction: double
        description: a test
        source: nobody
        models: {A: {M: 16, N: 16, K: 16}}
        studies:
          - study: mine
            title: a table
            text: of nothing
            figures: [simulated cycles]
            cases:
              - case: one
                models: [A]
                runs:
                  - run: one
                    machine: %1$s/architectures/scalesim/scalesim_8x8.yaml
                    cascade: %1$s/cascades/gemm.edge
                    schedules: [%1$s/schedules/scalesim/weight_stationary_double.schedule]
        """
            .formatted(configs));

    CommandLineRun refused = weir("reproduce", file.toString(), "--output", folder + "/double");

    assertThat(refused.code()).isEqualTo(ExitCode.USER_ERROR);
    assertThat(refused.err())
        .contains(
            "weight_stationary_double.schedule: error: not simulated on scalesim_8x8: it is not"
                + " legal there");
  }
}
