package dev.weir.einsum.syntax;

import dev.weir.einsum.source.Span;
import java.util.Optional;

/** Leaves a statement that cannot be read; never leaves {@link Parser}. */
final class SyntaxError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Span span;
  private final transient Optional<String> fix;

  SyntaxError(Span span, String message) {
    this(span, message, Optional.empty());
  }

  SyntaxError(Span span, String message, Optional<String> fix) {
    super(message, null, false, false);
    this.span = span;
    this.fix = fix;
  }

  Span span() {
    return span;
  }

  Optional<String> fix() {
    return fix;
  }
}
