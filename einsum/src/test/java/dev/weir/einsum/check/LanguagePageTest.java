package dev.weir.einsum.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.syntax.Formatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every example of docs/language.md, and every shipped cascade, is right, canonical and sayable.
 */
public class LanguagePageTest {

  private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```edge\\n(.*?)^```$");

  /** All examples, named by their lines. */
  public static List<SourceFile> examples() {
    SourceFile page = SourceFile.read(ShippedCascades.root().resolve("docs/language.md"));
    return EXAMPLE
        .matcher(page.text())
        .results()
        .map((MatchResult r) -> new SourceFile("language.md:" + page.line(r.start()), r.group(1)))
        .toList();
  }

  @Test
  void examplesAreRightCanonicalAndSayable() {
    assertThat(examples()).hasSizeGreaterThanOrEqualTo(8).allSatisfy(LanguagePageTest::assertGood);
  }

  @Test
  void shippedCascadesAreRightCanonicalAndSayable() {
    assertThat(ShippedCascades.files())
        .hasSizeGreaterThanOrEqualTo(10)
        .allSatisfy(
            path -> {
              assertGood(SourceFile.read(path));
              assertThat(path.getFileName().toString())
                  .isEqualTo(CascadeReader.readFile(path).name() + ".edge");
            });
  }

  private static void assertGood(SourceFile file) {
    Diagnostics diagnostics = new Diagnostics();
    Optional<Cascade> cascade = CascadeReader.read(file, diagnostics);
    assertThat(diagnostics.render()).isEmpty();
    assertThat(Formatter.format(file, diagnostics)).contains(file.text());

    String said = CascadeWriter.write(cascade.orElseThrow());
    assertThat(CascadeReader.read(new SourceFile("said", said), diagnostics))
        .as(said + diagnostics.render())
        .isEqualTo(cascade);
  }
}
