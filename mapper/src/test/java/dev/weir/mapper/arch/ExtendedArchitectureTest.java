package dev.weir.mapper.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that extends another: what it means, and in which file a mistake is shown. */
class ExtendedArchitectureTest {

  @TempDir private Path folder;

  @BeforeEach
  void writeBase() throws IOException {
    write("small.yaml", SmallArchitecture.TEXT);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Architecture read(String text) throws IOException {
    return ArchitectureReader.readFile(write("over.yaml", text));
  }

  private List<String> findings(String text) throws IOException {
    Diagnostics diagnostics = new Diagnostics();
    ArchitectureReader.read(SourceFile.read(write("over.yaml", text)), diagnostics);
    return diagnostics.sorted().stream().map(this::shown).toList();
  }

  private String shown(Diagnostic found) {
    String place = Path.of(found.file().name()).getFileName().toString();
    return place
        + found.position().substring(found.file().name().length())
        + ": "
        + found.message().replace(folder + "/", "")
        + found.fix().map(fix -> " fix: " + fix).orElse("");
  }

  private static Architecture small() {
    return ArchitectureReader.read(
            new SourceFile("small.yaml", SmallArchitecture.TEXT), new Diagnostics())
        .orElseThrow();
  }

  @Test
  void fileThatSaysNothingIsTheSameMachine() throws IOException {
    assertThat(read("architecture: small\nextends: small.yaml\n")).isEqualTo(small());
  }

  @Test
  void valuesAreReplacedOneByOne() throws IOException {
    Architecture over =
        read(
            """
            architecture: over
            extends: small.yaml
            clock: 2 GHz
            memories:
              - name: Buffer
                capacity: 4 KiB
                bandwidth: 8 words/cycle
                energy: {read: 5 pJ/word}
            units:
              - name: Grid
                axes:
                  rows: {width: 16, drain: {max: 3 cycles}}
                operations:
                  mac: {energy: 1 pJ}
            """);
    MemoryLevel buffer = over.levels().get(1);
    ComputeUnit grid = over.units().getFirst();

    assertThat(over.name()).isEqualTo("over");
    assertThat(over.description()).isEqualTo("every feature once");
    assertThat(over.levels()).extracting(MemoryLevel::name).hasSize(3);
    assertThat(buffer.capacityWords()).hasValue(2048L);
    assertThat(buffer.bandwidth()).hasValue(new Bandwidth(Rational.of(8), Rational.of(8), true));
    assertThat(buffer.readPicojoules()).isEqualTo(5);
    assertThat(buffer.writePicojoules()).isEqualTo(3);
    assertThat(grid.axes().getFirst())
        .isEqualTo(
            new Axis(
                new AxisName("Grid.rows"),
                Axis.Kind.ARRAY,
                16,
                16,
                1,
                Axis.Fill.HIDDEN,
                Map.of(OperationKind.MAXIMUM, 3L)));
    assertThat(grid.axes().get(1)).isEqualTo(small().units().getFirst().axes().get(1));
    assertThat(grid.operations().get(OperationKind.MULTIPLY_ACCUMULATE))
        .isEqualTo(new OperationCost(new Rational(1, 2), 1));
    assertThat(grid.reads()).isEqualTo(small().units().getFirst().reads());
    // 4 GB/s at twice the clock
    assertThat(over.top().bandwidth().orElseThrow().readWordsPerCycle()).isEqualTo(Rational.of(1));
  }

  @Test
  void partsThatAreNewFollowThoseThatAreThere() throws IOException {
    Architecture over =
        read(
            """
            architecture: over
            extends: small.yaml
            memories:
              - {name: Accumulators, capacity: 2 words, per: [Grid.rows], energy: 0 pJ/word}
            units:
              - name: Grid
                reads: [Accumulators]
            """);

    assertThat(over.levels())
        .extracting(level -> level.name().text())
        .containsExactly("Dram", "Buffer", "Registers", "Accumulators");
    assertThat(over.units().getFirst().reads()).containsExactly(new LevelName("Accumulators"));
  }

  @Test
  void extensionsCanBeExtended() throws IOException {
    write("middle.yaml", "architecture: middle\nextends: small.yaml\nclock: 3 GHz\nword: 8 bit\n");
    Path over = write("over.yaml", "architecture: over\nextends: middle.yaml\nclock: 2 GHz\n");
    Architecture read = ArchitectureReader.readFile(over);

    assertThat(read.clockHertz()).isEqualTo(2e9);
    assertThat(read.wordBits()).isEqualTo(8);
    assertThat(read.levels().get(1).capacityWords()).hasValue(2048L);
    assertThat(ArchitectureReader.usedBy(over))
        .containsExactly(folder.resolve("middle.yaml"), folder.resolve("small.yaml"));
  }

  @Test
  void sourcesOfBothFilesAreKept() throws IOException {
    Architecture over =
        read("architecture: over\nextends: small.yaml\nclock: 2 GHz\nsource: measured\n");

    assertThat(over.source("")).isEqualTo("measured; else invented");
  }

  @Test
  void mistakesAreShownInTheFileThatMakesThem() throws IOException {
    write("small.yaml", SmallArchitecture.with("capacity: 2 KiB", "capacity: 2 MB/s"));

    assertThat(
            findings(
                """
                architecture: over
                extends: small.yaml
                clok: 1 GHz
                units:
                  - name: Grid
                    axes:
                      rows: {width: 0}
                """))
        .containsExactly(
            "over.yaml:3:1: unknown key clok (got clok, expected one of architecture, extends,"
                + " description, clock, word, technology, source, definitions, memories, units,"
                + " links) fix: write clock",
            "over.yaml:7:21: width has a wrong value (got 0, expected a whole number from 1 to"
                + " 2147483647)",
            "small.yaml:11:15: capacity has the wrong unit (got 2 MB/s, expected a capacity such as"
                + " 16 MiB)");
  }

  @Test
  void whatIsMissingInANewPartIsShownWhereItStands() throws IOException {
    assertThat(findings("architecture: over\nextends: small.yaml\nmemories:\n  - {name: Bufer}\n"))
        .containsExactly(
            "over.yaml:4:5: missing key capacity in memories.Bufer (got name, expected also"
                + " capacity)",
            "over.yaml:4:5: missing key energy in memories.Bufer (got none, expected energy"
                + " everywhere, as in memories.Dram, or nowhere)");
  }

  @Test
  void whatNoLongerFitsIsShownInTheFileThatStillSaysIt() throws IOException {
    assertThat(
            findings(
                """
                architecture: over
                extends: small.yaml
                units:
                  - name: Grid
                    axes:
                      rows: {width: 2}
                      Grid.rows: {width: 2}
                """))
        .containsExactly(
            "over.yaml:7:7: axis Grid.rows stands twice (got it again, expected it only at line 6)",
            "small.yaml:36:5: link from a wider axis to a narrower one (got Vector.lanes of 4,"
                + " expected at most the 2 of Grid.rows)");
  }

  @Test
  void namesThatStandTwiceAreStillRefused() throws IOException {
    assertThat(
            findings(
                """
                architecture: over
                extends: small.yaml
                memories:
                  - {name: Buffer, capacity: 1 KiB}
                  - {name: Buffer, capacity: 4 KiB, energy: 1 pJ/word}
                """))
        .contains(
            "over.yaml:5:12: memory Buffer stands twice (got it again, expected it only at line"
                + " 4)");
  }

  @Test
  void fileThatIsNotThereNamesTheNearest() throws IOException {
    assertThat(findings("architecture: over\nextends: smal.yaml\n"))
        .containsExactly(
            "over.yaml:2:10: extends names no file (got smal.yaml, expected a path from where this"
                + " file is to a *.yaml) fix: write small.yaml");
    assertThat(findings("architecture: over\nextends: nowhere/small.yaml\n"))
        .containsExactly(
            "over.yaml:2:10: extends names no file (got nowhere/small.yaml, expected a path from"
                + " where this file is to a *.yaml)");
  }

  @Test
  void circlesAreRefused() throws IOException {
    write("middle.yaml", "architecture: middle\nextends: over.yaml\n");

    assertThat(findings("architecture: over\nextends: middle.yaml\n"))
        .containsExactly(
            "middle.yaml:2:10: a file that extends itself (got over.yaml, expected one that does"
                + " not extend middle.yaml)");
    assertThat(findings("architecture: over\nextends: over.yaml\n"))
        .containsExactly(
            "over.yaml:2:10: a file that extends itself (got over.yaml, expected one that does not"
                + " extend over.yaml)");
  }

  @Test
  void fileThatIsNoArchitectureIsRefusedAtItsPlace() throws IOException {
    write("small.yaml", "- 1\n");

    assertThat(findings("architecture: over\nextends: small.yaml\n"))
        .containsExactly("small.yaml:1:1: no architecture (got a list, expected a mapping)");
  }

  @Test
  void tableOfOnesOwnIsFoundFromTheFileThatNamesIt() throws IOException {
    Files.createDirectory(folder.resolve("tables"));
    write("tables/own.yaml", "technology: own\ndram: {energy: 1 pJ/bit, area: 2 mm^2}\n");
    Path base =
        write(
            "base.yaml",
            """
            architecture: base
            clock: 1 GHz
            word: 8 bit
            technology: tables/own.yaml
            memories: [{name: Dram, class: dram}]
            units: [{name: One, operations: {mac: {interval: 1 cycle, energy: 1 pJ}}, reads: [Dram], writes: [Dram]}]
            """);

    assertThat(ArchitectureReader.readFile(base).top().readPicojoules()).isEqualTo(8);
    assertThat(ArchitectureReader.readFile(base).top().squareMillimetres())
        .isEqualTo(Optional.of(2.0));
    assertThat(ArchitectureReader.usedBy(base)).containsExactly(folder.resolve("tables/own.yaml"));
  }
}
