package dev.weir.einsum.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Collects the findings about one or more texts, so that all of them are shown at once. */
public final class Diagnostics {

  private final List<Diagnostic> found = new ArrayList<>();

  /** Adds an error with no known fix. */
  public void error(SourceFile file, Span span, String message) {
    found.add(new Diagnostic(Severity.ERROR, file, span, message, Optional.empty()));
  }

  /** Adds an error and what to write instead. */
  public void error(SourceFile file, Span span, String message, String fix) {
    found.add(new Diagnostic(Severity.ERROR, file, span, message, Optional.of(fix)));
  }

  /** Adds a warning. */
  public void warning(SourceFile file, Span span, String message) {
    found.add(new Diagnostic(Severity.WARNING, file, span, message, Optional.empty()));
  }

  /** Adds a finding made elsewhere. */
  public void add(Diagnostic diagnostic) {
    found.add(diagnostic);
  }

  public boolean hasErrors() {
    return found.stream().anyMatch(d -> d.severity() == Severity.ERROR);
  }

  /** All findings by place, each once. */
  public List<Diagnostic> sorted() {
    return found.stream().distinct().sorted(Diagnostic.BY_PLACE).toList();
  }

  /** All findings as a person reads them. */
  public String render() {
    return sorted().stream().map(Diagnostic::render).collect(Collectors.joining());
  }

  /** Throws the findings as one {@link InvalidInputException} when there is an error among them. */
  public void throwIfErrors() {
    if (hasErrors()) {
      throw new InvalidInputException(sorted());
    }
  }
}
