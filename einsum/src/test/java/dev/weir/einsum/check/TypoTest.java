package dev.weir.einsum.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * One wrong letter in a word of a shipped cascade: where that is an error, the fix is what stood
 * there.
 *
 * <p>A wrong letter may give another name of the cascade. Then the text may still be right, or be
 * wrong elsewhere; both are counted apart.
 */
class TypoTest {

  private static final long SEED = 7_2611;
  private static final int TYPOS_A_FILE = 60;
  private static final double LEAST_SHARE_RIGHT = 0.95;
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

  /**
   * @param text the whole text with the typo in it
   * @param at where the wrong word begins
   * @param isAnother whether the wrong word is another one of the same text
   */
  private record Typo(String text, int at, String right, String wrong, boolean isAnother) {

    int line() {
      return new SourceFile("typo.edge", text).line(at);
    }

    @Override
    public String toString() {
      return "line %d, %s became %s".formatted(line(), right, wrong);
    }
  }

  @Test
  void theNearestFixIsTheRightWord() {
    Random random = new Random(SEED);
    List<String> wrongFixes = new ArrayList<>();
    int reported = 0;
    int findings = 0;
    int silent = 0;
    for (Path path : ShippedCascades.files()) {
      SourceFile file = SourceFile.read(path);
      for (int i = 0; i < TYPOS_A_FILE; i++) {
        Typo typo = typo(file.text(), random);
        Diagnostics diagnostics = new Diagnostics();
        CascadeReader.read(new SourceFile(file.name(), typo.text()), diagnostics);
        if (!diagnostics.hasErrors()) {
          silent++;
          continue;
        }
        reported++;
        findings += diagnostics.sorted().size();
        if (!isFixed(diagnostics.sorted(), typo)) {
          wrongFixes.add("%s: %s%n%s".formatted(path.getFileName(), typo, diagnostics.render()));
        }
      }
    }
    double right = 1 - (double) wrongFixes.size() / reported;
    System.out.printf(
        "%d typos in %d files (seed %d): %d without an error, %d with; of these %.1f %% get the"
            + " right fix, %.2f findings each%n",
        reported + silent,
        ShippedCascades.files().size(),
        SEED,
        silent,
        reported,
        100 * right,
        (double) findings / reported);
    assertThat(right)
        .as("seed %d, wrong:%n%s", SEED, String.join("\n", wrongFixes))
        .isGreaterThanOrEqualTo(LEAST_SHARE_RIGHT);
    assertThat(reported).as("typos that are errors").isGreaterThan(1_500);
  }

  /** Some finding is right, and no other one proposes anything else. */
  private static boolean isFixed(List<Diagnostic> errors, Typo typo) {
    return errors.stream().anyMatch(error -> isRight(error, typo))
        && errors.stream()
            .filter(error -> error.fix().isPresent())
            .allMatch(error -> isRight(error, typo));
  }

  private static boolean isRight(Diagnostic error, Typo typo) {
    String fix = error.fix().orElse("");
    boolean here =
        error.span().start() <= typo.at()
            && typo.at() + typo.wrong().length() <= error.span().end();
    if (here) {
      return mentions(fix, typo.right());
    }
    // Elsewhere the fix names the line of the typo, or spells the right word like the wrong one.
    String about = error.file().text().substring(error.span().start(), error.span().end());
    return (mentions(fix, typo.right()) && fix.contains("line " + typo.line()))
        || (!typo.isAnother()
            && (mentions(about, typo.right()) || mentions(about, swapCase(typo.right())))
            && (mentions(fix, typo.wrong()) || mentions(fix, swapCase(typo.wrong()))));
  }

  private static boolean mentions(String text, String word) {
    return List.of(text.split("\\W+")).contains(word);
  }

  private static Typo typo(String text, Random random) {
    List<int[]> places = new ArrayList<>();
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      String lineSoFar =
          text.substring(text.lastIndexOf('\n', matcher.start()) + 1, matcher.start());
      if (!lineSoFar.contains("#") && !lineSoFar.contains("cascade")) {
        places.add(new int[] {matcher.start(), matcher.end()});
        words.add(matcher.group());
      }
    }
    while (true) {
      int[] place = places.get(random.nextInt(places.size()));
      String right = text.substring(place[0], place[1]);
      String wrong = oneLetterWrong(right, random);
      if (WORD.matcher(wrong).matches() && !wrong.equals(right)) {
        return new Typo(
            text.substring(0, place[0]) + wrong + text.substring(place[1]),
            place[0],
            right,
            wrong,
            words.contains(wrong) || words.contains(swapCase(wrong)));
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

  /** A letter too many, too few or another one, or two swapped. */
  private static String oneLetterWrong(String word, Random random) {
    int at = random.nextInt(word.length() + 1);
    String letter = String.valueOf(LETTERS.charAt(random.nextInt(LETTERS.length())));
    String before = word.substring(0, at);
    String here = word.substring(at, Math.min(at + 1, word.length()));
    String next = word.substring(at + here.length(), Math.min(at + 2, word.length()));
    String rest = word.substring(at + here.length());
    return switch (random.nextInt(4)) {
      case 0 -> before + letter + here + rest;
      case 1 -> before + rest;
      case 2 -> before + letter + rest;
      default -> before + next + here + word.substring(at + here.length() + next.length());
    };
  }
}
