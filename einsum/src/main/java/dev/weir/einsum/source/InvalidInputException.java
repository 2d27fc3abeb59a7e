package dev.weir.einsum.source;

import java.util.List;
import java.util.stream.Collectors;

/** What a user gave cannot be used; the message is the rendered findings. Exit code 2. */
public final class InvalidInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  /** From the findings, which must contain an error. */
  public InvalidInputException(List<Diagnostic> diagnostics) {
    super(diagnostics.stream().map(Diagnostic::render).collect(Collectors.joining()));
    this.diagnostics = List.copyOf(diagnostics);
  }

  /** For a wrong input that is no text, such as a missing file. */
  public InvalidInputException(String message) {
    super(message);
    this.diagnostics = List.of();
  }

  /** The findings; empty when the input was no text. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
