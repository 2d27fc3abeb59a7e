package dev.weir.einsum.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** However a shipped file is damaged, reading it ends in findings that a person can read. */
class MutationTest {

  private static final long SEED = 28_11;
  private static final int MUTATIONS = 10_000;
  private static final int MOST_FINDINGS = 50;
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
  private static final List<String> PIECES =
      List.of(
          "[",
          "]",
          "(",
          ")",
          "{",
          "}",
          "::",
          "|",
          "=",
          "+",
          "-",
          "*",
          "/",
          "^",
          "%",
          ",",
          "\"",
          "\n",
          "#",
          " ",
          "m",
          "M",
          "1e9",
          "inf",
          "0",
          "by",
          "and",
          "not",
          "topk(m, t)",
          "ranks",
          "partition",
          "inputs",
          "outputs",
          "function f(x) = ",
          "max(",
          "where(",
          "\u00e9",
          "\t");

  @Test
  void damagedFilesGiveFindingsAndNothingElse() {
    Random random = new Random(SEED);
    List<SourceFile> files = ShippedCascades.files().stream().map(SourceFile::read).toList();
    for (int i = 0; i < MUTATIONS; i++) {
      SourceFile file = files.get(random.nextInt(files.size()));
      String text = file.text();
      for (int damage = random.nextInt(3); damage >= 0; damage--) {
        text = damaged(text, random);
      }
      String damaged = text;
      Diagnostics diagnostics = new Diagnostics();

      assertThatCode(
              () ->
                  assertThat(
                          CascadeReader.read(new SourceFile("damaged.edge", damaged), diagnostics))
                      .matches(cascade -> cascade.isPresent() == !diagnostics.hasErrors()))
          .as(
              "seed %d, mutation %d of %s:%n%s",
              SEED, i, Path.of(file.name()).getFileName(), damaged)
          .doesNotThrowAnyException();
      assertThat(diagnostics.sorted())
          .as("seed %d, mutation %d:%n%s", SEED, i, damaged)
          .hasSizeLessThanOrEqualTo(MOST_FINDINGS);
    }
  }

  private static String damaged(String text, Random random) {
    if (text.isBlank()) {
      return "cascade c\n";
    }
    int at = random.nextInt(text.length());
    int to = Math.min(text.length(), at + 1 + random.nextInt(12));
    String piece = PIECES.get(random.nextInt(PIECES.size()));
    return switch (random.nextInt(7)) {
      case 0 -> text.substring(0, at) + text.substring(to);
      case 1 -> text.substring(0, at) + piece + text.substring(at);
      case 2 -> text.substring(0, at) + piece + text.substring(to);
      case 3 -> text.substring(0, to) + text.substring(at);
      case 4 -> linesSwapped(text, random);
      case 5 -> wordReplaced(text, random);
      default -> text.substring(0, Math.max(1, at));
    };
  }

  /** By another word of the same text: what is a tensor stands for an index, and the reverse. */
  private static String wordReplaced(String text, Random random) {
    List<MatchResult> words = WORD.matcher(text).results().toList();
    if (words.isEmpty()) {
      return text;
    }
    MatchResult one = words.get(random.nextInt(words.size()));
    MatchResult other = words.get(random.nextInt(words.size()));
    return text.substring(0, one.start()) + other.group() + text.substring(one.end());
  }

  private static String linesSwapped(String text, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    int one = random.nextInt(lines.size());
    int other = random.nextInt(lines.size());
    String kept = lines.get(one);
    lines.set(one, lines.get(other));
    lines.set(other, kept);
    return String.join("\n", lines) + "\n";
  }
}
