package dev.weir.einsum.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.syntax.Keyword;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * One wrong letter in a name of a shipped cascade: the nearest fix is the name that stood there.
 */
class TypoTest {

  private static final long SEED = 7_2611;
  private static final int TYPOS_A_FILE = 40;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123";

  private record Typo(String text, String right, String wrong) {}

  @Test
  void theNearestFixIsTheRightName() {
    Random random = new Random(SEED);
    List<String> wrongFixes = new ArrayList<>();
    int all = 0;
    for (Path path : ShippedCascades.forms()) {
      SourceFile file = SourceFile.read(path);
      for (int i = 0; i < TYPOS_A_FILE; i++) {
        Typo typo = typo(file.text(), random);
        Diagnostics diagnostics = new Diagnostics();
        CascadeReader.read(new SourceFile("typo.edge", typo.text()), diagnostics);
        all++;
        if (!isFixed(diagnostics.sorted(), typo)) {
          wrongFixes.add(
              path.getFileName()
                  + " "
                  + typo.right()
                  + " -> "
                  + typo.wrong()
                  + "\n"
                  + diagnostics.render());
        }
      }
    }
    assertThat(all).isEqualTo(ShippedCascades.forms().size() * TYPOS_A_FILE);
    assertThat(wrongFixes)
        .as("seed %d: %d of %d wrong", SEED, wrongFixes.size(), all)
        .hasSizeLessThanOrEqualTo(all / 20);
  }

  /**
   * Every error about the wrong name, and of a name that is only declared or produced wrongly every
   * error about the right one, names the other.
   */
  private static boolean isFixed(List<Diagnostic> found, Typo typo) {
    List<Diagnostic> errors = found.stream().filter(d -> d.severity() == Severity.ERROR).toList();
    return !errors.isEmpty()
        && errors.stream()
            .filter(
                d ->
                    mentions(
                        d.file().text().substring(d.span().start(), d.span().end()), typo.wrong()))
            .allMatch(d -> mentions(d.fix().orElse(""), typo.right()))
        && errors.stream()
            .map(d -> d.fix().orElse(""))
            .anyMatch(
                fix ->
                    Stream.of(typo.right(), typo.wrong())
                        // A rank that is declared wrongly is missed as its variable.
                        .flatMap(name -> Stream.of(name, swapCase(name)))
                        .anyMatch(name -> mentions(fix, name)));
  }

  private static boolean mentions(String text, String name) {
    return text.matches("(?s)(.*\\W)?" + Pattern.quote(name) + "(\\W.*)?");
  }

  private static Typo typo(String text, Random random) {
    Set<String> valid = new HashSet<>(Keyword.texts());
    valid.addAll(Words.VALUE_FUNCTIONS);
    valid.addAll(Words.INDEX_FUNCTIONS);
    valid.addAll(Words.REDUCTIONS);
    valid.addAll(List.of("inf", "and", "or", "not", "by", "true", "false"));
    List<int[]> places = new ArrayList<>();
    Matcher matcher = NAME.matcher(text);
    while (matcher.find()) {
      String lineSoFar =
          text.substring(text.lastIndexOf('\n', matcher.start()) + 1, matcher.start());
      boolean isName =
          !lineSoFar.contains("#")
              && !lineSoFar.contains("cascade")
              && Keyword.of(matcher.group()).isEmpty()
              && !matcher.group().equals("inf");
      if (isName) {
        places.add(new int[] {matcher.start(), matcher.end()});
        valid.add(matcher.group());
        // A rank and its variable are both valid wherever one of them is.
        valid.add(swapCase(matcher.group()));
      }
    }
    while (true) {
      int[] place = places.get(random.nextInt(places.size()));
      String right = text.substring(place[0], place[1]);
      String wrong = oneLetterWrong(right, random);
      if (NAME.matcher(wrong).matches() && !valid.contains(wrong)) {
        return new Typo(
            text.substring(0, place[0]) + wrong + text.substring(place[1]), right, wrong);
      }
    }
  }

  private static String swapCase(String name) {
    char first = name.charAt(0);
    return (Character.isUpperCase(first)
            ? Character.toLowerCase(first)
            : Character.toUpperCase(first))
        + name.substring(1);
  }

  private static String oneLetterWrong(String name, Random random) {
    int at = random.nextInt(name.length() + 1);
    String letter = String.valueOf(LETTERS.charAt(random.nextInt(LETTERS.length())));
    int rest = Math.min(at + 1, name.length());
    return switch (random.nextInt(3)) {
      case 0 -> name.substring(0, at) + letter + name.substring(at);
      case 1 -> name.substring(0, at) + name.substring(rest);
      default -> name.substring(0, at) + letter + name.substring(rest);
    };
  }
}
