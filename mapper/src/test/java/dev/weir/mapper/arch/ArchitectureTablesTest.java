package dev.weir.mapper.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.Mutation;
import dev.weir.mapper.config.SchemaCheck;
import dev.weir.mapper.config.YamlReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Energy and area: stated, from a table, or unknown; and what a machine does for nothing. */
class ArchitectureTablesTest {

  private static final String TEXT =
      """
      architecture: tables
      clock: 1 GHz
      word: 16 bit
      technology: 45nm
      source: invented
      memories:
        - {name: Dram, class: dram, bandwidth: 4 GB/s}
        - {name: Buffer, class: sram, capacity: 32 KiB, energy: technology, area: 3 mm^2, source: seen}
        - {name: Registers, class: register_file, capacity: 16 words, per: [Grid.rows], energy: 1 pJ/word}
      units:
        - name: Grid
          axes:
            rows: {width: 4, hop: 1 cycle, hidden: true, drain: 2 cycles, source: assumed}
          operations:
            mac: {interval: 1 cycle}
            log: {interval: 1 cycle, class: exp, area: 0 um^2}
            max: {interval: 1 cycle, energy: technology, area: technology}
            add: {interval: 1 cycle, energy: 1 pJ, area: 7 um^2}
          reads: [Dram, Buffer, Registers]
          writes: [Dram, Buffer, Registers]
      """;

  private static Architecture read(String text) {
    Diagnostics diagnostics = new Diagnostics();
    Optional<Architecture> architecture =
        ArchitectureReader.read(new SourceFile("a.yaml", text), diagnostics);
    assertThat(diagnostics.render()).isEmpty();
    return architecture.orElseThrow();
  }

  @Test
  void whatIsStatedWinsOverTheTable() {
    Architecture architecture = read(TEXT);
    MemoryLevel buffer = architecture.levels().get(1);
    MemoryLevel registers = architecture.levels().get(2);

    assertThat(architecture.top().readPicojoules()).isEqualTo(62.4);
    assertThat(buffer.readPicojoules()).isEqualTo(20.0 / 4);
    assertThat(buffer.squareMillimetres()).hasValue(3.0);
    assertThat(registers.readPicojoules()).isEqualTo(1);
    assertThat(registers.squareMillimetres().orElseThrow() * 1e6)
        .isCloseTo(2145.41936, within(1e-9));
    assertThat(cost(architecture, OperationKind.MULTIPLY_ACCUMULATE))
        .isEqualTo(new OperationCost(Rational.of(1), 0, 17.1645, Optional.of(0.001545)));
    assertThat(cost(architecture, OperationKind.LOGARITHM))
        .isEqualTo(new OperationCost(Rational.of(1), 0, 94.6475, Optional.of(0.0)));
    assertThat(cost(architecture, OperationKind.MAXIMUM).picojoules()).isEqualTo(0.028036);
    assertThat(cost(architecture, OperationKind.ADD))
        .isEqualTo(new OperationCost(Rational.of(1), 0, 1, Optional.of(7e-6)));
  }

  private static OperationCost cost(Architecture architecture, OperationKind kind) {
    return architecture.units().getFirst().operations().get(kind);
  }

  @Test
  void numbersFromTheTableHaveItsSources() {
    Architecture architecture = read(TEXT);

    assertThat(architecture.source("memories.Dram.energy"))
        .isEqualTo("technology 45nm, dram: Accelergy's reference table, HBM2");
    assertThat(architecture.source("memories.Buffer.area")).isEqualTo("seen");
    assertThat(architecture.source("memories.Registers.energy")).isEqualTo("invented");
    assertThat(architecture.source("units.Grid.operations.log.energy"))
        .startsWith("technology 45nm: exponential unit");
  }

  @Test
  void areaCountsEveryInstance() {
    Area area = read(TEXT).area();
    double unit = 1545 + 0 + 49.28944 + 7;

    assertThat(area.parts())
        .extracting(Area.Part::name, Area.Part::instances)
        .containsExactly(
            tuple("Dram", 1.0), tuple("Buffer", 1.0), tuple("Registers", 4.0), tuple("Grid", 4.0));
    assertThat(area.unknownParts()).isEmpty();
    assertThat(area.knownSquareMillimetres())
        .isCloseTo(3 + 4e-6 * (2145.41936 + unit), within(1e-12));
  }

  @Test
  void anAccessGoesToOneBank() {
    MemoryLevel one = read(TEXT.replace("area: 3 mm^2", "area: technology")).levels().get(1);
    MemoryLevel four =
        read(TEXT.replace("32 KiB, energy", "128 KiB, banks: 4, energy")
                .replace("area: 3 mm^2", "area: technology"))
            .levels()
            .get(1);

    assertThat(four.capacityWords()).hasValue(65_536L);
    assertThat(four.readPicojoules()).isEqualTo(one.readPicojoules());
    assertThat(four.squareMillimetres().orElseThrow())
        .isEqualTo(4 * one.squareMillimetres().orElseThrow());
  }

  @Test
  void unknownAreasAreNamed() {
    Area area = read(SmallArchitecture.TEXT).area();

    assertThat(area.knownSquareMillimetres()).isZero();
    assertThat(area.unknownParts())
        .containsExactly("Dram", "Buffer", "Registers", "Grid", "Vector");
  }

  @Test
  void idealisationsAreNamedWithTheirSources() {
    assertThat(read(TEXT).idealisations())
        .containsExactly(
            new Idealisation("Buffer moves any number of words in a cycle", "seen"),
            new Idealisation("Registers moves any number of words in a cycle", "invented"),
            new Idealisation(
                "fill and drain of Grid.rows are hidden (1 cycle a hop, 4 instances)", "assumed"));
    assertThat(
            read(TEXT.replace("hop: 1 cycle, hidden: true", "hop: 2 cycles")
                    .replace("sram,", "sram, bandwidth: 1 word/cycle,")
                    .replace("register_file,", "register_file, bandwidth: 1 word/cycle,"))
                .idealisations())
        .isEmpty();
  }

  @Test
  void hiddenAxisWithoutHopsHidesNothing() {
    assertThat(read(TEXT.replace("hop: 1 cycle, ", "")).idealisations())
        .extracting(Idealisation::words)
        .noneMatch(words -> words.startsWith("fill"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "technology: 45nm|technology: 45mn|4:13: unknown technology 45mn (got 45mn, expected"
            + " 45nm) fix: write 45nm",
        "technology: 45nm|technology: own.yaml|4:13: technology names no file (got own.yaml,"
            + " expected a path from where this file is to a *.yaml)",
        "class: sram|class: srma|8:27: unknown class srma (got srma, expected one of dram, sram,"
            + " register_file) fix: write sram",
        "class: exp|class: expp|16:39: technology 45nm has no class expp (got expp, expected one"
            + " of add, divide, exp, mac, max, multiply) fix: write exp",
        "log: {interval: 1 cycle, class: exp, |log: {interval: 1 cycle, |16:12: missing key energy"
            + " in units.Grid.operations.log (got none, expected energy everywhere, as in"
            + " memories.Dram, or nowhere)",
        "log: {interval: 1 cycle, class: exp, |log: {interval: 1 cycle, energy: technology,"
            + " |16:40: energy is left to a table that does not have it (got technology, expected"
            + " also a class that the technology has)",
        "hidden: true|hidden: true, skewed: true|13:60: fill and drain are hidden already (got"
            + " skewed: true beside hidden: true, expected one of them)",
        "class: sram, capacity|class: sram, banks: 0, capacity|8:40: banks has a wrong value (got"
            + " 0, expected a whole number from 1 to 1048576)",
        "class: sram, capacity|capacity|8:46: energy is left to a table that does not have it (got"
            + " technology, expected also a class, one of dram, sram, register_file)",
        "class: dram|class: sram|7:25: technology 45nm has no sram without a capacity (got none,"
            + " expected class dram)",
        "16 words, per: [Grid.rows], energy: 1 pJ/word|512 words|9:30: technology 45nm covers"
            + " register files of up to 256 words (got 512 words, expected fewer, class sram or"
            + " figures of its own)",
        "area: 7 um^2|area: 7 pJ|18:52: area has the wrong unit (got 7 pJ, expected an area such as"
            + " 1545 um^2)",
        "drain: 2 cycles|drain: 2.5 cycles|13:59: drain is not whole (got 2.5 cycles, expected a"
            + " whole number of cycles such as 1 cycle)",
      })
  void isRefusedInTheseWords(String piece, String replacement, String finding) {
    assertThat(TEXT).contains(piece);
    assertThat(SmallArchitecture.findings(TEXT.replace(piece, replacement)))
        .containsExactly(finding);
  }

  @Test
  void banksWithoutAClassAreRefused() {
    assertThat(SmallArchitecture.findings(SmallArchitecture.with("2 KiB", "2 KiB\n    banks: 2")))
        .containsExactly(
            "12:12: banks without a class (got 2, expected also the key class, such as sram)");
  }

  @Test
  void classWithoutATechnologyIsRefused() {
    List<String> findings = SmallArchitecture.findings(TEXT.replace("technology: 45nm\n", ""));

    assertThat(findings)
        .contains(
            "6:25: class without a technology (got dram, expected also the key technology, such as"
                + " 45nm)");
  }

  @Test
  void schemaAgreesOnEveryMutation() {
    SchemaCheck schema = SchemaCheck.published("architecture.schema.json");
    SourceFile file = new SourceFile("a.yaml", TEXT);
    ConfigNode root = YamlReader.read(file, new Diagnostics()).orElseThrow();
    assertThat(schema.accepts(root)).isTrue();

    for (Mutation mutation : Mutation.all(root)) {
      Diagnostics found = new Diagnostics();
      ArchitectureReader.readWithoutSchema(file, mutation.root(), found);
      List<String> structural =
          found.sorted().stream()
              .map(finding -> finding.message())
              .filter(m -> !ArchitectureSchemaTest.BEYOND_A_SCHEMA.matcher(m).matches())
              .toList();
      if (schema.accepts(mutation.root())) {
        assertThat(structural).as("schema accepts %s", mutation.what()).isEmpty();
      } else {
        assertThat(found.hasErrors()).as("schema refuses %s", mutation.what()).isTrue();
      }
    }
  }
}
