package dev.weir.mapper.technology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.Mutation;
import dev.weir.mapper.config.SchemaCheck;
import dev.weir.mapper.config.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What may stand in a technology table. */
class TechnologyReaderTest {

  private static final Path FOLDER = Path.of("..", "configs", "architectures", "technology");

  private static final String TEXT =
      """
      technology: small
      description: every feature once
      source: invented
      operations:
        mac: {energy: 2 pJ, area: 100 um^2, source: invented}
        odd: {energy: 3 pJ}
      dram: {energy: {read: 100 pJ/64 bit, write: 200 pJ/64 bit, source: invented}, area: 0 um^2}
      sram:
        points:
          - {capacity: 1 KiB, energy: 1 pJ/64 bit, area: 0.1 mm^2, source: invented}
          - {capacity: 4 KiB, energy: {read: 2 pJ/64 bit, write: 4 pJ/64 bit}}
        source: invented
      register_file:
        words: 8
        word: 32 bit
        most: 16
        exponent: 0.5
        energy: {read: 4 pJ, write: 8 pJ}
        area: 800 um^2
        address: {energy: 0 pJ, energy_per_bit: 1 pJ, area_per_bit: 10 um^2, source: invented}
        source: invented
      """;

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void shippedTablesAreReadUnderTheirNames(Path file) throws IOException {
    assertThat(file.getFileName()).hasToString(TechnologyReader.readFile(file).name() + ".yaml");
    assertThat(Files.readAllLines(file).getFirst())
        .isEqualTo("# yaml-language-server: $schema=../../schemas/technology.schema.json");
  }

  @Test
  void buildHasEveryTableOfTheFolder() throws IOException {
    assertThat(files().stream().map(file -> file.getFileName().toString().replace(".yaml", "")))
        .containsExactlyInAnyOrderElementsOf(TechnologyReader.SHIPPED)
        .allMatch(name -> TechnologyReader.shipped(name).name().equals(name));
  }

  @Test
  void everyFeatureIsRead() {
    Diagnostics diagnostics = new Diagnostics();
    Technology table =
        TechnologyReader.read(new SourceFile("t.yaml", TEXT), diagnostics).orElseThrow();

    assertThat(diagnostics.sorted()).isEmpty();
    assertThat(table.operation("odd"))
        .hasValue(new OperationFigures(3, Optional.empty(), "invented"));
    assertThat(((Technology.Known) table.memory(MemoryClass.DRAM, Optional.empty(), 32)).cost())
        .isEqualTo(new MemoryCost(50, 100, Optional.of(0.0)));
    // 2 KiB: reads between 1 and 2 pJ, writes between 1 and 4 pJ, half way; one area for all sizes
    assertThat(((Technology.Known) table.memory(MemoryClass.SRAM, Optional.of(256L), 64)).cost())
        .isEqualTo(new MemoryCost(Math.sqrt(2), 2, Optional.of(0.1)));
    // half as wide and half as deep: 1/2 * sqrt(1/2) of the reference, and 2 address bits
    MemoryCost registers =
        ((Technology.Known) table.memory(MemoryClass.REGISTER_FILE, Optional.of(4L), 16)).cost();
    assertThat(registers.writePicojoules()).isEqualTo(8 * 0.5 * Math.sqrt(0.5) + 2);
    assertThat(registers.squareMillimetres()).hasValue(800e-6 / 4 + 2 * 10e-6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "technology: small|technology: a b|1:13: technology has a wrong value (got a b, expected a"
            + " name: letters, digits, _ - and .)",
        "operations:|operatons:|4:1: unknown key operatons (got operatons, expected one of"
            + " technology, description, source, definitions, operations, dram, sram,"
            + " register_file)",
        "energy: 3 pJ|energy: 3 pJ/bit|6:17: energy has the wrong unit (got 3 pJ/bit, expected an"
            + " energy such as 17.1645 pJ)",
        "100 um^2|100 um|5:29: area has an unknown unit um (got 100 um, expected an area such as"
            + " 1545 um^2)",
        "100 pJ/64 bit|100 pJ/word|7:23: read has the wrong unit (got 100 pJ/word, expected an"
            + " energy per bits such as 249.6 pJ/64 bit)",
        "capacity: 1 KiB|capacity: 9 words|10:18: capacity has the wrong unit (got 9 words,"
            + " expected a size such as 8 KiB)",
        "capacity: 4 KiB|capacity: 1 KiB|11:7: two points of one capacity (got a second one,"
            + " expected one)",
        "energy: 1 pJ/64|energy: 0 pJ/64|10:7: a point of a curve is 0 (got 0, expected more)",
        "word: 32 bit|word: 1 MiB|15:9: word has no usable size (got 1 MiB, expected a whole number"
            + " of bits up to 65536 bit)",
        "exponent: 0.5|exponent: 0|17:13: exponent has a wrong value (got 0, expected a number"
            + " above 0)",
      })
  void isRefusedInTheseWords(String piece, String replacement, String finding) {
    assertThat(TEXT).contains(piece);
    Diagnostics diagnostics = new Diagnostics();
    TechnologyReader.read(new SourceFile("t.yaml", TEXT.replace(piece, replacement)), diagnostics);

    Diagnostic first = diagnostics.sorted().getFirst();
    assertThat(first.position().substring("t.yaml:".length()) + ": " + first.message())
        .isEqualTo(finding);
  }

  @Test
  void fileIsRefusedWithItsPlace(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "- 1\n");

    assertThatThrownBy(() -> TechnologyReader.readFile(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("a.yaml:1:1: error: no technology (got a list, expected a mapping)");
  }

  @Test
  void schemaAndReaderAgreeOnEveryMutation() {
    SchemaCheck schema = SchemaCheck.published("technology.schema.json");
    SourceFile file = new SourceFile("t.yaml", TEXT);
    ConfigNode root = YamlReader.read(file, new Diagnostics()).orElseThrow();
    List<Mutation> mutations = Mutation.all(root);

    assertThat(schema.accepts(root)).isTrue();
    assertThat(mutations).hasSizeGreaterThan(300);
    for (Mutation mutation : mutations) {
      Diagnostics found = new Diagnostics();
      TechnologyReader.readWithoutSchema(file, mutation.root(), found);
      boolean beyondSchema =
          found.sorted().stream()
              .anyMatch(d -> d.message().matches("(a point|two points|no point|word has no) .*"));
      if (!beyondSchema) {
        assertThat(schema.accepts(mutation.root()))
            .as(mutation.what() + found.render())
            .isEqualTo(!found.hasErrors());
      }
    }
  }
}
