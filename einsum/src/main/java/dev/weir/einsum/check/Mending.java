package dev.weir.einsum.check;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Reserved;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds the word that was meant where a finding stands: puts every word there that is spelt alike
 * and looks what is wrong then. Names are so short that spelling alone rarely decides; ranks of the
 * tensor, what is bound in the Einsum, what nothing else reads and what is produced by then do, and
 * all of that is what the check knows.
 */
final class Mending {

  private static final int MOST_FINDINGS = 6;
  private static final int MOST_TRIALS = 80;

  /** Of all trials together, so that a long text is not read again and again. */
  private static final int MOST_CHARACTERS = 1 << 18;

  /** What is wrong with a text, without fixes of words. */
  interface Check extends Function<SourceFile, List<Diagnostic>> {}

  /**
   * Another word at one place, or at all places where a word stands.
   *
   * @param edits letters that differ, whatever their case
   * @param letters the same where case counts
   * @param orphan whether the other word stands at one place only and this one at several: probably
   *     that is what is misspelt
   * @param likeness how much the other word stands between the same neighbours elsewhere
   */
  private record Edit(
      int at,
      String word,
      Set<Integer> places,
      int edits,
      int letters,
      boolean orphan,
      int likeness) {

    boolean isAsLikelyAs(Edit other) {
      return edits == other.edits
          && letters == other.letters
          && orphan == other.orphan
          && likeness == other.likeness;
    }

    static final Comparator<Edit> MOST_LIKELY =
        Comparator.comparingInt(Edit::edits)
            .thenComparingInt(Edit::letters)
            .thenComparing(Edit::orphan, Comparator.reverseOrder())
            .thenComparing(Edit::likeness, Comparator.reverseOrder())
            .thenComparingInt(Edit::at)
            .thenComparingInt(edit -> edit.places().size());
  }

  /**
   * What is left when an edit is made.
   *
   * @param here whether an error is still where it was
   */
  private record Trial(Edit edit, int errors, int warnings, boolean here) {

    static final Comparator<Trial> BEST =
        Comparator.comparingInt((Trial trial) -> trial.here() ? 1 : 0)
            .thenComparingInt(Trial::errors)
            .thenComparingInt(Trial::warnings)
            .thenComparing(Trial::edit, Edit.MOST_LIKELY);
  }

  private final SourceFile file;
  private final Check check;
  private final TextWords words;
  private final List<Diagnostic> found;
  private final Predicate<String> unknown;
  private final long errors;
  private int characters = MOST_CHARACTERS;

  private Mending(SourceFile file, Check check, List<Diagnostic> found, Predicate<String> unknown) {
    this.file = file;
    this.check = check;
    this.found = found;
    this.unknown = unknown;
    this.errors = errors(found).count();
    this.words = new TextWords(file);
  }

  /**
   * The findings with the words that were meant. When one word mends the whole text, its finding is
   * the only one: the others follow from it.
   *
   * @param unknown whether a word has no meaning
   */
  static List<Diagnostic> mended(
      SourceFile file, Check check, List<Diagnostic> found, Predicate<String> unknown) {
    return new Mending(file, check, found, unknown).mended();
  }

  private List<Diagnostic> mended() {
    List<Diagnostic> mended = new ArrayList<>();
    Optional<Trial> whole = Optional.empty();
    int at = 0;
    int tried = 0;
    for (Diagnostic finding : found) {
      boolean isTried = finding.severity() == Severity.ERROR && tried++ < MOST_FINDINGS;
      Optional<Trial> best = isTried ? best(finding) : Optional.empty();
      if (best.isPresent() && best.get().errors() == 0 && isBetter(best.get(), whole)) {
        whole = best;
        at = mended.size();
      }
      mended.add(best.map(trial -> withFix(finding, trial.edit())).orElse(finding));
    }
    return whole.isPresent() ? List.of(mended.get(at)) : mended;
  }

  private static boolean isBetter(Trial trial, Optional<Trial> other) {
    return other.filter(o -> Trial.BEST.compare(o, trial) <= 0).isEmpty();
  }

  private static Stream<Diagnostic> errors(List<Diagnostic> findings) {
    return findings.stream().filter(finding -> finding.severity() == Severity.ERROR);
  }

  private Optional<Trial> best(Diagnostic finding) {
    List<Edit> edits =
        words
            .within(finding.span())
            .filter(at -> isSuspect(at, finding.span()))
            .flatMap(this::edits)
            .sorted(Edit.MOST_LIKELY)
            .limit(MOST_TRIALS)
            .toList();
    Optional<Trial> best = Optional.empty();
    for (Edit edit : edits) {
      boolean isLess = best.filter(found -> !found.edit().isAsLikelyAs(edit)).isPresent();
      if (isLess && isAllRight(best.get())) {
        break;
      }
      if (characters < file.text().length()) {
        return best.or(() -> untried(edit));
      }
      Trial trial = trial(edit, finding);
      if (best.isPresent() && isGuess(best.get(), trial)) {
        return Optional.empty();
      }
      if (helps(trial) && isBetter(trial, best)) {
        best = Optional.of(trial);
      }
    }
    return best;
  }

  private static boolean isAllRight(Trial trial) {
    return trial.errors() + trial.warnings() == 0;
  }

  /** Any letter is near to any other one: of two that are as right as each other, none is meant. */
  private static boolean isGuess(Trial one, Trial other) {
    return one.errors() == 0
        && other.errors() == 0
        && one.warnings() == other.warnings()
        && one.edit().word().length() == 1
        && !one.edit().word().equals(other.edit().word())
        && one.edit().isAsLikelyAs(other.edit());
  }

  /** Words that mean something where they stand are wrong only if another one mends all. */
  private boolean helps(Trial trial) {
    boolean isReserved = Reserved.isReserved(trial.edit().word());
    if (trial.here() || (isReserved && trial.errors() > 0)) {
      // A word of the language makes a statement unreadable, which hides what is wrong in it.
      return false;
    }
    String written = words.text(trial.edit().at());
    if (written.length() == 1 && trial.edit().word().length() == 1 && trial.errors() > 0) {
      // Any letter is near to any other one.
      return false;
    }
    return isStrange(trial.edit().at())
        ? trial.errors() < errors
        : trial.errors() + trial.warnings() == 0;
  }

  /** The word that a finding is about, or one in it that stands out; a letter alone never does. */
  private boolean isSuspect(int at, Span span) {
    return words.span(at).equals(span) || (words.text(at).length() > 1 && isStrange(at));
  }

  private boolean isStrange(int at) {
    String word = words.text(at);
    return unknown.test(word)
        || (words.all(word, TextWords.otherCase(word)).size() == 1 && !Words.all().contains(word));
  }

  /** Spelling is all there is to go by. */
  private Optional<Trial> untried(Edit edit) {
    return unknown.test(words.text(edit.at()))
        ? Optional.of(new Trial(edit, (int) errors, 0, true))
        : Optional.empty();
  }

  private Stream<Edit> edits(int at) {
    String written = words.text(at);
    List<Set<Integer>> extents =
        unknown.test(written)
            ? Stream.of(
                    Set.of(at),
                    words.all(written),
                    words.all(written, TextWords.otherCase(written)))
                .distinct()
                .toList()
            : List.of(Set.of(at));
    return words.known().stream()
        .filter(word -> !word.equals(written) && Spelling.isNear(written, word))
        .sorted(
            Comparator.comparingInt((String word) -> Spelling.distance(written, word))
                .thenComparingInt(word -> Spelling.exactDistance(written, word)))
        .limit(MOST_TRIALS)
        .flatMap(
            word ->
                extents.stream()
                    .map(
                        places ->
                            new Edit(
                                at,
                                word,
                                places,
                                Spelling.distance(written, word),
                                Spelling.exactDistance(written, word),
                                places.size() > 1 && words.alike(at, word).size() == 1,
                                words.likeness(at, word))));
  }

  private Trial trial(Edit edit, Diagnostic finding) {
    characters -= file.text().length();
    StringBuilder text = new StringBuilder(file.text());
    String written = words.text(edit.at());
    int shift = 0;
    for (int place : edit.places().stream().sorted(Comparator.reverseOrder()).toList()) {
      String word =
          words.text(place).equals(written) ? edit.word() : TextWords.otherCase(edit.word());
      Span span = words.span(place);
      text.replace(span.start(), span.end(), word);
      shift += span.start() < finding.span().start() ? word.length() - written.length() : 0;
    }
    List<Diagnostic> left = check.apply(new SourceFile(file.name(), text.toString()));
    int start = finding.span().start() + shift;
    int errorsLeft = (int) errors(left).count();
    return new Trial(
        edit,
        errorsLeft,
        left.size() - errorsLeft,
        errors(left).anyMatch(error -> error.span().start() == start));
  }

  /** What the finding proposes otherwise stands behind the word, unless that is a word itself. */
  private Diagnostic withFix(Diagnostic finding, Edit edit) {
    String written = words.text(edit.at());
    List<Integer> others = List.copyOf(words.alike(edit.at(), edit.word()));
    boolean declaredOnly = others.size() == 1 && unknown.test(written);
    String word =
        declaredOnly
            ? "%s, or %s in line %d where %s is declared or produced"
                .formatted(edit.word(), written, words.line(others.getFirst()), edit.word())
            : edit.word();
    String fix =
        finding
            .fix()
            .filter(other -> !other.matches("\\w+"))
            .map(other -> other.startsWith(word + ",") ? other : word + ", or " + other)
            .orElse(word);
    return new Diagnostic(
        finding.severity(), file, words.span(edit.at()), finding.message(), Optional.of(fix));
  }
}
