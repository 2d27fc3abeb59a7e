package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.ROOT;
import static dev.weir.cli.CommandLineRun.file;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.experiment.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir arch}. */
class ArchTest {

  @TempDir private Path folder;

  @BeforeEach
  void installation() {
    System.setProperty("weir.home", ROOT.toString());
  }

  @Test
  void helpHasAnExampleOfEveryPart() {
    assertThat(weir("--help").out()).contains("arch");
    assertThat(weir("arch").out()).isEqualTo(weir("arch", "--help").out());
    for (String part : List.of("list", "show", "check")) {
      assertThat(weir("arch", part, "--help").out()).contains("  ./weir arch " + part);
      assertThat(weir("arch", "--help").out()).contains("  ./weir arch " + part);
    }
  }

  @Test
  void listHasOneLineForEveryShippedMachine() throws IOException {
    CommandLineRun run = weir("arch", "list");
    long files;
    try (Stream<Path> architectures = Files.list(ROOT.resolve("configs/architectures"));
        Stream<Path> devices = Files.list(ROOT.resolve("configs/devices"))) {
      files =
          Stream.concat(architectures, devices)
              .filter(file -> file.toString().endsWith(".yaml"))
              .count();
    }

    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).hasSize((int) files + 1);
    assertThat(run.out())
        .containsPattern(
            "fusemax_256 +940 MHz +65,536 Array2D, 256 Array1D +1220.89 mm\\^2 +FuseMax with 256")
        .containsPattern("ref16 +1000 MHz +256 Array +– +Reference machine");
  }

  @Test
  void showHasUnitsAndSources() {
    CommandLineRun run = weir("arch", "show", "fusemax_cloud");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .containsPattern("clock +940 MHz")
        .containsPattern(
            "RegisterFile2D +16 words +65,536 +no limit +none +0.653431 pJ/word +0.56957 pJ/word"
                + " +2145.42 um\\^2")
        .containsPattern("DRAM +everything +1 +228.456 words/cycle +none +62.4 pJ/word")
        .containsPattern("Array2D.rows +256 +256 +1 cycle +hidden +no drain")
        .containsPattern("exp +7 cycles +111.327 pJ +0 um\\^2")
        .containsPattern("total +[0-9.]+ mm\\^2")
        .contains("fill and drain of Array2D.rows are hidden (1 cycle a hop, 256 instances)")
        .contains("units.Array1D.operations.divide: artifact, setup/common/custom_pc_2021");
  }

  @Test
  void showSaysHowFarFillsGo() {
    assertThat(weir("arch", "show", file("configs/architectures/systolic_8x8.yaml")).out())
        .containsPattern("Array.rows +8 +8 +1 cycle +counted, whole +no drain");
    assertThat(weir("arch", "show", file("configs/architectures/eyeriss_like.yaml")).out())
        .doesNotContain("whole");
  }

  @Test
  void showSaysHowLongMemoriesTakeAndWhatIsFilledBankByBank() throws IOException {
    assertThat(weir("arch", "show", "fusemax_cloud_latency").out())
        .containsPattern("DRAM +everything +1 +228.456 words/cycle +94 cycles +62.4 pJ/word")
        .containsPattern("GlobalBuffer +8,388,608 words +1 +1024 words/cycle +none")
        .contains("memories.DRAM: latency assumed");
    Path base = Path.of(file("configs/architectures/fusemax_cloud.yaml")).toAbsolutePath();
    Path mine =
        Files.writeString(
            folder.resolve("banked.yaml"),
            """
            architecture: banked
            extends: %s
            memories:
              - name: GlobalBuffer
                banks: 8
                interleaved: false
                latency: {read: 1 cycle, write: 2 ns}
            """
                .formatted(base));
    assertThat(weir("arch", "show", mine.toString()).out())
        .containsPattern(
            "GlobalBuffer +8,388,608 words in 8 banks +1 +1024 words/cycle +read 1 cycle, write 2"
                + " cycles");
  }

  @Test
  void whatIsNotKnownIsNotShownAsANumber() {
    CommandLineRun run = weir("arch", "show", file("configs/devices/generic-gpu.yaml"));

    assertThat(run.out())
        .contains("no energy is known, so energies count as 0 pJ")
        .containsPattern("Global +everything +1 +477.208 words/cycle +none +– +– +–")
        .containsPattern("total +–")
        .contains("Private moves any number of words in a cycle");
  }

  @Test
  void machineWithoutIdealisationsSaysSo() throws IOException {
    Path mine =
        Files.writeString(
            folder.resolve("mine.yaml"),
            """
            architecture: mine
            clock: 1 GHz
            word: 8 bit
            memories: [{name: Dram, bandwidth: 1 word/cycle, energy: 1 pJ/word, area: 2 mm^2}]
            units:
              - name: One
                operations: {mac: {interval: 1/2 cycle, energy: 3 pJ}}
                reads: [Dram]
                writes: [Dram]
            """);

    assertThat(weir("arch", "show", mine.toString()).out())
        .contains("nothing is idealised")
        .containsPattern("One +1 +mac +1/2 cycle +3 pJ +–")
        .containsPattern("total +2 mm\\^2 without One");
  }

  @Test
  void unknownNameGetsTheNearest() {
    CommandLineRun run = weir("arch", "show", "fusemax_cluod");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "no machine of that name (got fusemax_cluod, expected a *.yaml or one of eyeriss_like,",
            "fix: ./weir arch show fusemax_cloud");
  }

  @Test
  void checkSaysWhatIsRightAndWhatIsWrong() throws IOException {
    Path base = Files.writeString(folder.resolve("base.yaml"), "architecture: base\nclock: 1\n");
    Path over =
        Files.writeString(folder.resolve("over.yaml"), "architecture: over\nextends: base.yaml\n");
    CommandLineRun run =
        weir(
            "arch",
            "check",
            file("configs/architectures/ref256.yaml"),
            over.toString(),
            folder.resolve("gone.yaml").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out())
        .isEqualTo(
            "ok  %s: architecture ref256, 3 memory levels, 1 compute units%n"
                .formatted(file("configs/architectures/ref256.yaml")));
    assertThat(run.err())
        .contains(base + ":2:8: error: clock has no unit (got 1, expected a clock such as 940 MHz)")
        .contains("gone.yaml does not exist");
  }

  @Test
  void checkOfEveryShippedMachineIsFine() throws IOException {
    List<String> files;
    try (Stream<Path> found = Files.list(ROOT.resolve("configs/architectures"))) {
      files = found.map(Path::toString).filter(name -> name.endsWith(".yaml")).sorted().toList();
    }
    CommandLineRun run =
        weir(Stream.concat(Stream.of("arch", "check"), files.stream()).toArray(String[]::new));

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).hasSize(files.size());
  }

  @Test
  void experimentsRememberWhatAMachineExtends() {
    Library library = new Library();
    library.architecture(Path.of(file("configs/architectures/ref256.yaml")));

    assertThat(library.inputs().all())
        .extracting(input -> Path.of(input.name()).getFileName().toString())
        .containsExactly("ref256.yaml", "two16.yaml", "two256.yaml");
  }
}
