package dev.weir.einsum.source;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a user gave cannot be used; the message is the rendered findings. Exit code 2. */
public final class InvalidInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final String LABEL = "error: ";

  private final transient List<Diagnostic> diagnostics;
  private final transient Optional<String> fix;

  /** From the findings, which must contain an error. */
  public InvalidInputException(List<Diagnostic> diagnostics) {
    super(diagnostics.stream().map(Diagnostic::render).collect(Collectors.joining()));
    this.diagnostics = List.copyOf(diagnostics);
    this.fix = Optional.empty();
  }

  /** For a wrong input that is no text, such as a missing file. */
  public InvalidInputException(String message) {
    super(message);
    this.diagnostics = List.of();
    this.fix = Optional.empty();
  }

  /** For a wrong input that is no text, with what to do instead. */
  public InvalidInputException(String what, Optional<String> fix) {
    super(LABEL + what + "\n" + fix.map(text -> "    fix: " + text + "\n").orElse(""));
    this.diagnostics = List.of();
    this.fix = fix;
  }

  /** What to do instead, where that is known and no finding says it. */
  public Optional<String> fix() {
    return fix;
  }

  /** What is wrong in one line, to be said about a place that the caller knows. */
  public String what() {
    return getMessage().lines().findFirst().orElse("").replaceFirst("^" + LABEL, "");
  }

  /** The findings; empty when the input was no text. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
