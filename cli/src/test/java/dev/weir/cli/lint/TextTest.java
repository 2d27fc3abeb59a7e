package dev.weir.cli.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Words that do not belong in a file. The words are put together here so as not to find themselves.
 */
class TextTest {

  private static final Path PLANTED_MAIN = Path.of("einsum/src/main/java/Planted.java");

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "unfinished work without an issue number",
              "(?m)\\b(TO" + "DO|FIX" + "ME)\\b(?! ?\\(?#\\d)",
              "write the word with the issue, as in (#12), or do it",
              "glob:**"),
          new Rule(
              "wildcard import",
              "(?m)^import (static )?[\\w.]+\\.\\*;",
              "import each name",
              "glob:**.java"),
          new Rule(
              "exit of the whole process",
              "\\bSystem\\.ex" + "it\\(|\\bRuntime\\b.*\\.ha" + "lt\\(",
              "only cli may end the process",
              "glob:{einsum,mapper,simulator,opencl-backend,reports,bench}/**.java"),
          new Rule(
              "test that is switched off",
              "@Dis" + "abled\\b",
              "mend or delete it; a missing device is an assumption",
              "glob:**.java"),
          new Rule(
              "name of a registry's host",
              "\\brepo1?\\.mav" + "en\\b",
              "leave registries to each user's settings",
              "glob:**"),
          new Rule(
              "path of one machine", "/wo" + "rk/", "use paths relative to the root", "glob:**"));

  @Test
  void noFileHoldsAForbiddenWord() {
    var violations = new ArrayList<Violation>();
    for (Path file : SourceTree.textFiles()) {
      violations.addAll(violations(SourceTree.ROOT.relativize(file), SourceTree.read(file)));
    }
    Violation.assertNone(violations);
  }

  @Test
  void unfinishedWorkIsCaughtUnlessItHasANumber() {
    assertThat(planted("a\n// TO" + "DO later\n")).containsExactly(2L);
    assertThat(planted("// FIX" + "ME: wrong\n")).containsExactly(1L);
    assertThat(planted("// TO" + "DO(#12): later\n// FIX" + "ME #3\n")).isEmpty();
  }

  @Test
  void wildcardImportIsCaught() {
    assertThat(planted("import java.util.*;\nimport static java.lang.Math.*;\n"))
        .containsExactly(1L, 2L);
    assertThat(planted("import java.util.List;\n")).isEmpty();
  }

  @Test
  void exitIsCaughtOutsideTheCommandLine() {
    String text = "System.ex" + "it(1);";

    assertThat(planted(text)).containsExactly(1L);
    assertThat(violations(Path.of("cli/src/main/java/Planted.java"), text)).isEmpty();
  }

  @Test
  void switchedOffTestIsCaught() {
    assertThat(planted("@Dis" + "abled(\"slow\")")).containsExactly(1L);
    assertThat(planted("@DisabledOnOs")).isEmpty();
  }

  @Test
  void registryAndMachinePathAreCaught() {
    assertThat(planted("https://repo.mav" + "en.example")).containsExactly(1L);
    assertThat(planted("repo1.mav" + "en.example")).containsExactly(1L);
    assertThat(planted("cd /wo" + "rk/tree")).containsExactly(1L);
  }

  private static List<Long> planted(String text) {
    return violations(PLANTED_MAIN, text).stream().map(Violation::line).toList();
  }

  private static List<Violation> violations(Path file, String text) {
    var violations = new ArrayList<Violation>();
    for (Rule rule : RULES) {
      if (file.getFileSystem().getPathMatcher(rule.files).matches(file)) {
        var found = Pattern.compile(rule.pattern).matcher(text);
        while (found.find()) {
          long line = 1 + text.substring(0, found.start()).chars().filter(c -> c == '\n').count();
          violations.add(
              new Violation(file, line, rule.measure + ": " + found.group(), rule.limit));
        }
      }
    }
    return violations;
  }

  private record Rule(String measure, String pattern, String limit, String files) {}
}
