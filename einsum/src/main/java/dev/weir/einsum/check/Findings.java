package dev.weir.einsum.check;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Takes what the checks find about one file. Names that an earlier finding already explains are
 * excused: nothing more is said about them.
 */
final class Findings {

  private final SourceFile file;
  private final Diagnostics diagnostics;
  private final Set<String> excused;
  private int errors;

  Findings(SourceFile file, Diagnostics diagnostics, Set<String> excused) {
    this.file = file;
    this.diagnostics = diagnostics;
    this.excused = new HashSet<>(excused);
  }

  void error(Span span, String message) {
    error(span, message, Optional.empty());
  }

  void error(Span span, String message, String fix) {
    error(span, message, Optional.of(fix));
  }

  void error(Span span, String message, Optional<String> fix) {
    errors++;
    diagnostics.add(new Diagnostic(Severity.ERROR, file, span, message, fix));
  }

  void warning(Span span, String message, String fix) {
    diagnostics.add(new Diagnostic(Severity.WARNING, file, span, message, Optional.of(fix)));
  }

  void excuse(String name) {
    excused.add(name);
  }

  /** Whether it is, or begins with a word that is, as names of a used cascade do. */
  boolean isExcused(String name) {
    for (int end = name.length(); end > 0; end = name.lastIndexOf('_', end - 1)) {
      if (excused.contains(name.substring(0, end))) {
        return true;
      }
    }
    return false;
  }

  /** Errors so far; a caller compares two counts to see whether a step went well. */
  int errors() {
    return errors;
  }

  int line(Span span) {
    return file.line(span.start());
  }

  /** What was written there. */
  String text(Span span) {
    return file.text().substring(span.start(), span.end());
  }
}
