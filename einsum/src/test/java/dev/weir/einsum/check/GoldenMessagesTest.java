package dev.weir.einsum.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every wording that a finding can have stands in an expected text of {@link
 * DiagnosticFixturesTest}, and every wording of a refusal that has no place in a text, in a test.
 * Wordings are all phrases in the string literals of the packages that report: whoever adds one
 * adds a fixture, or a test.
 */
class GoldenMessagesTest {

  private static final Path SOURCES =
      ShippedCascades.root().resolve("einsum/src/main/java/dev/weir/einsum");

  private static final Path TESTS =
      ShippedCascades.root().resolve("einsum/src/test/java/dev/weir/einsum");

  /** Comments, characters and what breaks a promise of the code are passed over. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\\n]*|(?s:/\\*.*?\\*/)|'(?:[^'\\\\]|\\\\.)'"
              + "|new Illegal(?:State|Argument)Exception\\([^;]*;"
              + "|\"(?<literal>(?:[^\"\\\\\\n]|\\\\.)*)\"");

  /** Two words in a row. */
  private static final Pattern PHRASE = Pattern.compile("[a-z]{2,} [a-z]{2,}");

  private static final Pattern PLACEHOLDER = Pattern.compile("%(?:,?[sd]|\\.0f)");

  /** Between two literals that make one text. */
  private static final Pattern SEAM = Pattern.compile("\"\\s*\\+\\s*\"");

  @Test
  void everyWordingStandsInAnExpectedText() {
    List<String> wordings = wordings(List.of("check", "syntax"));
    String expected = String.join("", texts(DiagnosticFixturesTest.FOLDER, ".expected"));

    assertThat(wordings).hasSizeGreaterThan(90);
    assertThat(wordings)
        .as("wordings in the sources of check and syntax that no expected text holds")
        .filteredOn(wording -> !asPattern(wording).matcher(expected).find())
        .isEmpty();
  }

  @Test
  void everyWordingOfARefusalStandsInATest() {
    List<String> refusing = List.of("ir", "source", "zoo", "exact");
    List<String> wordings = wordings(refusing);
    String tests =
        refusing.stream()
            .flatMap(name -> texts(TESTS.resolve(name), ".java").stream())
            .map(source -> SEAM.matcher(source).replaceAll("").replace("\\n", "%n"))
            .collect(Collectors.joining());

    assertThat(wordings).hasSizeGreaterThan(20);
    assertThat(wordings)
        .as("wordings in the sources of %s that no test of theirs holds", refusing)
        .filteredOn(wording -> !asPattern(wording).matcher(tests).find())
        .isEmpty();
  }

  private static List<String> wordings(List<String> packages) {
    return packages.stream()
        .flatMap(name -> texts(SOURCES.resolve(name), ".java").stream())
        .flatMap(source -> TOKEN.matcher(source).results())
        .map(token -> token.group("literal"))
        .filter(literal -> literal != null && PHRASE.matcher(literal).find())
        .map(literal -> literal.replaceAll("\\\\(.)", "$1"))
        .distinct()
        .toList();
  }

  private static List<String> texts(Path folder, String ending) {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(ending)).sorted().toList()) {
        texts.add(Files.readString(file));
      }
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pattern asPattern(String wording) {
    return Pattern.compile(
        PLACEHOLDER
            .splitAsStream(wording)
            .map(Pattern::quote)
            .collect(Collectors.joining("[^\\n]*")));
  }
}
