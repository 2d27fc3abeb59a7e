package dev.weir.einsum.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.weir.einsum.analysis.CompulsoryTraffic;
import dev.weir.einsum.analysis.ForcedTraffic;
import dev.weir.einsum.analysis.LiveFootprint;
import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.analysis.PassAnalysis;
import dev.weir.einsum.analysis.Taxonomy;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.eval.ReferenceEvaluator;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.syntax.Parser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A right file in which a word stands for another one is often right, and says what nobody would
 * write. Whatever the checks let through can be written, analysed and evaluated.
 */
class AcceptedMutantsTest {

  private static final long SEED = 30_11;
  private static final int MUTATIONS = 6_000;
  private static final int FEWEST_ACCEPTED = 300;

  /** Points of all Einsums that are evaluated; the test stays short by size and not by a clock. */
  private static final long MOST_POINTS = 20_000;

  private static final long BUFFER_WORDS = 8;
  private static final InputData.IntegerRange ENTRIES = new InputData.IntegerRange(-1, 4);

  private static final Pattern WORD =
      Pattern.compile(
          "#[^\\n]*|\"[^\"\\n]*\"|[A-Za-z][A-Za-z0-9_]*|[0-9.]+(?:e-?[0-9]+)?"
              + "|<=|>=|==|!=|::|[-+*/%<>^]");
  private static final List<String> OPERATORS =
      List.of("+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "^");
  private static final List<String> FUNCTIONS =
      List.of(
          "max", "min", "exp", "log", "sqrt", "sigmoid", "tanh", "relu", "abs", "sum", "product");
  private static final List<String> NUMBERS = List.of("0", "1", "2", "3", "7", "0.5", "64", "inf");

  private final Random random = new Random(SEED);

  @Test
  void whatIsAcceptedCanBeWrittenAnalysedAndEvaluated() {
    List<SourceFile> files =
        Stream.concat(
                ShippedCascades.files().stream().map(SourceFile::read),
                LanguagePageTest.examples().stream())
            .toList();
    int accepted = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      SourceFile file = files.get(random.nextInt(files.size()));
      String text = file.text();
      for (int more = random.nextInt(3); more >= 0; more--) {
        text = mutated(text);
      }
      Optional<Cascade> cascade = read(new SourceFile(file.name(), text));
      if (cascade.isPresent()) {
        accepted++;
        long seed = SEED + i;
        assertThatCode(() -> use(cascade.get(), seed))
            .as("seed %d, mutation %d of %s:%n%s", SEED, i, file.name(), text)
            .doesNotThrowAnyException();
      }
    }
    assertThat(accepted).as("seed %d", SEED).isGreaterThan(FEWEST_ACCEPTED);
  }

  /** As a reader does, without the search for what was meant where something is wrong. */
  private static Optional<Cascade> read(SourceFile file) {
    Diagnostics diagnostics = new Diagnostics();
    return Checker.of(file, Parser.parse(file, diagnostics), List.of(), diagnostics)
        .check()
        .filter(_ -> !diagnostics.hasErrors())
        .map(Checker.Checked::cascade);
  }

  private static void use(Cascade cascade, long seed) {
    assertThat(read(new SourceFile("written", CascadeWriter.write(cascade)))).contains(cascade);
    PassAnalysis.of(cascade);
    Taxonomy.of(cascade);
    LiveFootprint.of(cascade);

    Random random = new Random(seed);
    Map<RankName, Long> given = new HashMap<>();
    cascade.workloadRanks().stream()
        .sorted()
        .forEach(rank -> given.put(rank, 2L + random.nextInt(4)));
    Shapes shapes;
    try {
      shapes = cascade.shapes(given);
    } catch (InvalidInputException e) {
      // Some shapes leave a rank without elements, or a divisor at 0.
      assertThat(e.what()).containsAnyOf("follows from others", "divisor");
      return;
    }
    LiveFootprint.of(cascade, shapes);
    OperationCount.of(cascade, shapes);
    CompulsoryTraffic.of(cascade, shapes);
    ForcedTraffic.of(cascade, shapes, BUFFER_WORDS);
    if (points(cascade, shapes) <= MOST_POINTS && InputData.canFill(cascade, shapes)) {
      ReferenceEvaluator.evaluate(
          cascade,
          shapes,
          InputData.of(cascade, shapes, InputData.Kind.EXACT_TIES, seed, tables(cascade)));
    }
  }

  private static long points(Cascade cascade, Shapes shapes) {
    return cascade.einsums().stream()
        .map(Einsum::iterationSpace)
        .mapToLong(ranks -> ranks.stream().mapToLong(shapes::of).reduce(1, Math::multiplyExact))
        .reduce(0, Math::addExact);
  }

  private static Map<TensorName, InputData.IntegerRange> tables(Cascade cascade) {
    Map<TensorName, InputData.IntegerRange> tables = new HashMap<>();
    cascade.einsums().stream()
        .flatMap(einsum -> einsum.tables().stream())
        .map(Access::tensor)
        .filter(table -> !cascade.distributions().containsKey(table))
        .forEach(table -> tables.put(table, ENTRIES));
    return tables;
  }

  /** One word replaced by another of its kind, or a term put beside it. */
  private String mutated(String text) {
    List<MatchResult> words =
        new ArrayList<>(
            WORD.matcher(text)
                .results()
                .filter(word -> !word.group().startsWith("#") && !word.group().startsWith("\""))
                .toList());
    MatchResult chosen = words.get(random.nextInt(words.size()));
    String replacement = replacement(chosen.group(), words);
    return text.substring(0, chosen.start()) + replacement + text.substring(chosen.end());
  }

  private String replacement(String word, List<MatchResult> words) {
    if (random.nextInt(12) == 0) {
      return "%s %s %s"
          .formatted(
              word, OPERATORS.get(random.nextInt(5)), pick(words.stream().map(MatchResult::group)));
    }
    if (OPERATORS.contains(word)) {
      return pick(OPERATORS.stream());
    }
    if (FUNCTIONS.contains(word)) {
      return pick(FUNCTIONS.stream());
    }
    if (Character.isDigit(word.charAt(0))) {
      return pick(NUMBERS.stream());
    }
    boolean isUpper = Character.isUpperCase(word.charAt(0));
    return pick(
        words.stream()
            .map(MatchResult::group)
            .filter(other -> Character.isLetter(other.charAt(0)))
            .filter(other -> Character.isUpperCase(other.charAt(0)) == isUpper));
  }

  private String pick(Stream<String> choices) {
    List<String> all = choices.toList();
    return all.isEmpty() ? "" : all.get(random.nextInt(all.size()));
  }
}
