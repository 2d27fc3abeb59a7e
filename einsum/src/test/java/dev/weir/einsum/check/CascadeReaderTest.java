package dev.weir.einsum.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CascadeReaderTest {

  private static final long SEED = 20261124;
  private static final int MUTATIONS_A_FILE = 20;
  private static final String PIECES = "[](){}|,:=+-*/%^<>!\"#\n abBmM01.é∞";

  @Test
  void aMissingFileIsNamedWithTheNearestOne() {
    Path wrong = ShippedCascades.folder().resolve("atention_1pass.edge");

    assertThatThrownBy(() -> CascadeReader.readFile(wrong))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("error: " + wrong + " does not exist (got atention_1pass.edge, ")
        .hasMessageEndingWith(
            "\n    fix: " + ShippedCascades.folder().resolve("attention_1pass.edge") + "\n");
  }

  @Test
  void allUsedFilesAreNamed() {
    Path layer = ShippedCascades.folder().resolve("zoo/transformer_layer.edge");

    assertThat(CascadeReader.usedBy(layer))
        .extracting(file -> file.getFileName().toString())
        .containsExactly("rms_norm.edge", "attention_3pass_masked.edge", "gated_mlp.edge");
  }

  @Test
  void aByteOrderMarkIsNoMistake(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("marked.edge"),
            "\uFEFFcascade marked\n  ranks M\n  inputs A[M]\n  Z[m] = A[m]\n  outputs Z\n");

    assertThat(CascadeReader.readFile(file).name()).isEqualTo("marked");
  }

  @Test
  void warningsEndAtFiftyAndSayHowManyThereAre() {
    StringBuilder text = new StringBuilder("cascade c\n  ranks M\n  inputs A[M]\n  Z[m] = A[m]\n");
    for (int i = 0; i < 60; i++) {
      text.append("  Y%d[m] = A[m]\n".formatted(i));
    }
    Diagnostics diagnostics = new Diagnostics();
    SourceFile file = new SourceFile("c.edge", text + "  outputs Z\n");

    assertThat(CascadeReader.read(file, diagnostics)).isPresent();
    assertThat(diagnostics.sorted()).hasSize(50);
    assertThat(diagnostics.render())
        .contains(
            "c.edge:53:3: warning: tensor is neither read nor an output (got Y48)",
            "c.edge:54:3: warning: 11 more findings from here on are not shown",
            "fix: mend those above first");
  }

  @Test
  void allFindingsOfAFileAreThrownTogether(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("two.edge"),
            "cascade two\n  ranks M\n  inputs A[N]\n  Z = A[q]\n  outputs Z\n");

    assertThatThrownBy(() -> CascadeReader.readFile(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("two.edge:3:12: error: unknown rank")
        .hasMessageContaining("two.edge:4:9: error: unknown rank variable");
  }

  @Test
  void descriptionAndDefaultShapesArrive() {
    var cascade = ShippedCascades.named("attention_1pass");

    assertThat(cascade.description())
        .isEqualTo("softmax attention in one pass, with running maximum and denominator");
    assertThat(cascade.defaultShapes())
        .isEqualTo(Map.of(new RankName("E"), 64L, new RankName("F"), 64L));
  }

  /** Whatever is typed, the answer is a cascade or errors, never an exception. */
  @Test
  void noTextBreaksTheReader() {
    Random random = new Random(SEED);
    for (Path path : ShippedCascades.files()) {
      String text = SourceFile.read(path).text();
      for (int i = 0; i < MUTATIONS_A_FILE; i++) {
        String mutated = mutate(mutate(mutate(text, random), random), random);
        Diagnostics diagnostics = new Diagnostics();
        var cascade = CascadeReader.read(new SourceFile("mutated", mutated), diagnostics);
        assertThat(cascade.isPresent())
            .as("seed %d:\n%s%s", SEED, mutated, diagnostics.render())
            .isEqualTo(!diagnostics.hasErrors());
      }
    }
  }

  @Test
  void deepNestingIsRefusedInWords() {
    String deep = "(".repeat(10_000) + "A[m]" + ")".repeat(10_000);
    String wide = "A[m]" + " + A[m]".repeat(10_000);
    for (String value : new String[] {deep, wide, "-".repeat(10_000) + "A[m]"}) {
      Diagnostics diagnostics = new Diagnostics();
      CascadeReader.read(
          new SourceFile(
              "deep", "cascade c\n  ranks M\n  inputs A[M]\n  Z = " + value + "\n  outputs Z\n"),
          diagnostics);
      assertThat(diagnostics.sorted())
          .singleElement()
          .satisfies(d -> assertThat(d.message()).startsWith("term is nested too deeply"));
    }
  }

  private static String mutate(String text, Random random) {
    int from = random.nextInt(text.length());
    int to = Math.min(text.length(), from + random.nextInt(6));
    char piece = PIECES.charAt(random.nextInt(PIECES.length()));
    return switch (random.nextInt(3)) {
      case 0 -> text.substring(0, from) + text.substring(to);
      case 1 -> text.substring(0, from) + piece + text.substring(from);
      default -> text.substring(0, to) + text.substring(from);
    };
  }
}
