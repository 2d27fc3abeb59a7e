package dev.weir.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.syntax.Parser;
import dev.weir.mapper.schedule.ScheduleReader;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the grammar of a page says, its parser takes: random texts of the printed rules. */
class GrammarTest {

  private static final int TEXTS = 1000;

  /** Tokens of both languages; every name is another one. */
  private static UnaryOperator<String> tokens(Random random) {
    int[] names = {0};
    return token ->
        switch (token) {
          case "NAME", "RANK", "UNIT", "LEVEL" -> "N" + names[0]++;
          case "VARIABLE" -> "v" + names[0]++;
          case "AXIS" -> "Unit.axis";
          case "END" -> "\n";
          case "NUMBER" -> Integer.toString(1 + random.nextInt(9));
          case "STRING", "TEXT" -> "\"text\"";
          default -> throw new AssertionError("what is a " + token);
        };
  }

  private static void accepts(
      Grammar grammar, String rule, BiConsumer<SourceFile, Diagnostics> parser) {
    for (int seed = 0; seed < TEXTS; seed++) {
      Random random = new Random(seed);
      String text = grammar.derive(rule, random, tokens(random));
      Diagnostics diagnostics = new Diagnostics();

      parser.accept(new SourceFile("seed " + seed, text), diagnostics);

      assertThat(diagnostics.hasErrors()).as(diagnostics.render()).isFalse();
    }
  }

  @Test
  void schedules() {
    String rules = Pages.block("docs/schedule.md", "file      =");

    accepts(new Grammar(rules), "file", ScheduleReader::read);
  }

  @Test
  void cascades() {
    String block = Pages.block("docs/language.md", "cascade    =");
    String rules = block.substring(0, block.indexOf("END        ="));

    accepts(new Grammar(rules), "cascade", Parser::parse);
  }
}
