package dev.weir.cli.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every relative link of a Markdown file leads to a file or folder, and to a heading where it names
 * one.
 */
class LinkTest {

  private static final Pattern LINK =
      Pattern.compile("\\]\\(<?([^)\\s>]+)>?[^)]*\\)|^ {0,3}\\[[^\\]]+\\]:\\s*(\\S+)");
  private static final Pattern WITH_SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
  private static final Pattern HEADING = Pattern.compile("^#{1,6}\\s+(.*?)\\s*#*$");

  @Test
  void linksOfTheTreeResolve() {
    var violations = new ArrayList<Violation>();
    SourceTree.markdownFiles().forEach(file -> violations.addAll(violations(file)));
    Violation.assertNone(violations);
  }

  @Test
  void brokenLinksAreCaught(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("there.md"), "# Some `heading` here\n");
    Path page =
        Files.writeString(
            folder.resolve("page.md"),
            """
            [good](there.md) [also](https://example.org) [heading](there.md#some-heading-here)
            ![bad](gone.png) and [bad](there.md#other)
            `[code](gone)`
            ```
            [code](gone)
            ```
            [reference]: gone.md
            """);

    assertThat(violations(page))
        .extracting(Violation::line, Violation::measure)
        .containsExactly(
            tuple(2L, "link to gone.png"),
            tuple(2L, "link to there.md#other"),
            tuple(7L, "link to gone.md"));
  }

  private static List<Violation> violations(Path page) {
    var violations = new ArrayList<Violation>();
    List<String> lines = proseLines(page);
    for (int i = 0; i < lines.size(); i++) {
      var found = LINK.matcher(lines.get(i).replaceAll("`[^`]*`", "``"));
      while (found.find()) {
        String target = found.group(1) == null ? found.group(2) : found.group(1);
        if (!WITH_SCHEME.matcher(target).matches() && !resolves(page, target)) {
          violations.add(
              new Violation(shown(page), i + 1, "link to " + target, "what exists in the tree"));
        }
      }
    }
    return violations;
  }

  private static boolean resolves(Path page, String target) {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    if (!Files.exists(file)) {
      return false;
    }
    return parts.length == 1
        || !file.toString().endsWith(".md")
        || anchors(file).contains(parts[1]);
  }

  /**
   * Headings as GitHub turns them into anchors; repeated headings are numbered there and not here.
   */
  private static List<String> anchors(Path page) {
    return proseLines(page).stream()
        .map(HEADING::matcher)
        .filter(Matcher::matches)
        .map(
            heading ->
                heading
                    .group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'))
        .toList();
  }

  /** The lines of a page, those inside code fences blank. */
  private static List<String> proseLines(Path page) {
    var lines = new ArrayList<String>();
    boolean fenced = false;
    for (String line : SourceTree.read(page).lines().toList()) {
      boolean fence = line.stripLeading().startsWith("```");
      fenced ^= fence;
      lines.add(fence || fenced ? "" : line);
    }
    return lines;
  }

  private static Path shown(Path page) {
    return page.startsWith(SourceTree.ROOT) ? SourceTree.ROOT.relativize(page) : page;
  }
}
