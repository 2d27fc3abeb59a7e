package dev.weir.mapper.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.ConfigNode.Entry;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.SchemaCheck;
import dev.weir.mapper.config.YamlReader;
import dev.weir.mapper.technology.Technology;
import dev.weir.mapper.technology.TechnologyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every YAML block of {@code docs/architecture.md} is an architecture, or replaces parts of the
 * first one and makes another.
 */
class ArchitecturePageTest {

  private static final Path PAGE = Path.of("..", "docs", "architecture.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");

  private static final Pattern OPERATION = Pattern.compile("`(\\w+)`");

  @Test
  void everyBlockIsAnArchitecture() throws IOException {
    List<String> blocks =
        BLOCK.matcher(Files.readString(PAGE)).results().map(block -> block.group(1)).toList();
    Mapping whole = read(blocks.getFirst());

    assertThat(blocks).hasSizeGreaterThanOrEqualTo(5);
    for (String block : blocks) {
      Mapping fragment = read(block);
      List<Entry> entries = new ArrayList<>(whole.entries());
      entries.removeIf(entry -> fragment.entry(entry.key()).isPresent());
      entries.addAll(fragment.entries());
      Mapping combined = new Mapping(entries, whole.file(), whole.span());

      Diagnostics diagnostics = new Diagnostics();
      Optional<Architecture> architecture =
          ArchitectureReader.readWithoutSchema(
              new SourceFile("page", block), combined, diagnostics);
      assertThat(diagnostics.render()).as(block).isEmpty();
      assertThat(architecture).isPresent();
      assertThat(SchemaCheck.published("architecture.schema.json").accepts(combined)).isTrue();
    }
  }

  @Test
  void extensionIsAnArchitectureBesideThoseThatAreShipped() throws IOException {
    String name = ShippedArchitecturesTest.CONFIGS.resolve("architectures/page.yaml").toString();
    Diagnostics diagnostics = new Diagnostics();
    Architecture read =
        ArchitectureReader.read(new SourceFile(name, block("yaml extends")), diagnostics)
            .orElseThrow();

    assertThat(diagnostics.sorted()).isEmpty();
    assertThat(read.units().getFirst().instances()).isEqualTo(48 * 48);
  }

  @Test
  void tableIsATechnology() throws IOException {
    Diagnostics diagnostics = new Diagnostics();
    Optional<Technology> table =
        TechnologyReader.read(new SourceFile("page", block("yaml technology")), diagnostics);

    assertThat(diagnostics.render()).isEmpty();
    assertThat(table).hasValueSatisfying(t -> assertThat(t.name()).isEqualTo("mine"));
  }

  private static String block(String kind) throws IOException {
    String start = "```" + kind + "\n";
    String page = Files.readString(PAGE);
    int from = page.indexOf(start) + start.length();
    return page.substring(from, page.indexOf("```", from));
  }

  @Test
  void everyOperationIsInItsTable() throws IOException {
    List<String> named =
        Files.readAllLines(PAGE).stream()
            .dropWhile(line -> !line.startsWith("| operation |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> line.split("\\|", 3)[1])
            .flatMap(cell -> OPERATION.matcher(cell).results())
            .map(found -> found.group(1))
            .toList();

    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(OperationKind.values()).map(OperationKind::text).toList());
  }

  @Test
  void shownMessageIsTheRealOne() throws IOException {
    String page = Files.readString(PAGE);
    String example = BLOCK.matcher(page).results().findFirst().orElseThrow().group(1);
    Diagnostics diagnostics = new Diagnostics();
    ArchitectureReader.read(
        new SourceFile("example.yaml", example.replace("64 KiB", "16 MB/s")), diagnostics);

    assertThat(page).contains("```text\n" + diagnostics.render() + "```");
  }

  private static Mapping read(String block) {
    Diagnostics diagnostics = new Diagnostics();
    Optional<ConfigNode> root = YamlReader.read(new SourceFile("page", block), diagnostics);
    assertThat(diagnostics.render()).isEmpty();
    return (Mapping) root.orElseThrow();
  }
}
