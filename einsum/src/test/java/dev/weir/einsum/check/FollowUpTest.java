package dev.weir.einsum.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.syntax.Keyword;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A declaration that cannot be read is one finding; what it would have declared adds none. */
class FollowUpTest {

  /** Every declaration of every shipped cascade, made unreadable in each of several ways. */
  static Stream<Arguments> brokenDeclarations() {
    return ShippedCascades.files().stream().flatMap(FollowUpTest::broken);
  }

  private static Stream<Arguments> broken(Path path) {
    List<String> lines = SourceFile.read(path).text().lines().toList();
    return Stream.iterate(0, at -> at < lines.size(), at -> at + 1)
        .filter(at -> !lines.get(at).startsWith("cascade"))
        .filter(at -> !lines.get(at).endsWith(",")) // There the next line belongs to it.
        .flatMap(
            at ->
                Keyword.texts().stream()
                    .filter(keyword -> lines.get(at).strip().startsWith(keyword + " "))
                    .flatMap(keyword -> wrong(lines.get(at), keyword))
                    .map(line -> Arguments.of(path, at + 1, line, with(lines, at, line))));
  }

  /** Two letters swapped, two words that are too many, an item that is no name, a comma lost. */
  private static Stream<String> wrong(String line, String keyword) {
    String swapped = keyword.charAt(1) + keyword.substring(0, 1) + keyword.substring(2);
    String code = line.replaceFirst("\\s*#.*", "");
    String joined = code.replaceFirst("(?<=[\\w\\]]), (?=\\w)", " ");
    return Stream.of(
            line.replace(keyword + " ", swapped + " "), code + " 64 KiB", code + ", 7", joined)
        .filter(changed -> !changed.equals(code) && !changed.equals(line));
  }

  private static String with(List<String> lines, int at, String line) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(i == at ? line : lines.get(i)).append('\n');
    }
    return text.toString();
  }

  @ParameterizedTest(name = "{0}:{1}: {2}")
  @MethodSource("brokenDeclarations")
  void isTheOnlyFinding(Path name, int line, String written, String text) {
    SourceFile file = new SourceFile(name.toString(), text);
    Diagnostics diagnostics = new Diagnostics();

    assertThat(CascadeReader.read(file, diagnostics)).isEmpty();
    assertThat(diagnostics.sorted())
        .as(diagnostics.render())
        .singleElement()
        .satisfies(found -> assertThat(found.position()).startsWith(name + ":" + line + ":"));
  }
}
