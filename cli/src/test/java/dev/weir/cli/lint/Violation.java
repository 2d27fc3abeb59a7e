package dev.weir.cli.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A place in the tree that breaks a rule: what is wrong there, and what the rule allows. */
record Violation(Path file, long line, String measure, String limit) {

  static void assertNone(List<Violation> violations) {
    assertThat(violations)
        .withFailMessage(
            () ->
                violations.stream()
                    .sorted(
                        Comparator.comparing(Violation::file).thenComparingLong(Violation::line))
                    .map(Violation::toString)
                    .collect(Collectors.joining("\n", "\n", "\n")))
        .isEmpty();
  }

  @Override
  public String toString() {
    return file + ":" + line + ": " + measure + " (limit: " + limit + ")";
  }
}
