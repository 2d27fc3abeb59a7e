package dev.weir.einsum.check;

import dev.weir.einsum.source.Span;
import java.util.Optional;

/** Leaves a term that has no meaning where it stands; never leaves this package. */
final class Rejection extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Span span;
  private final transient Optional<String> fix;

  Rejection(Span span, String message) {
    this(span, message, Optional.empty());
  }

  Rejection(Span span, String message, Optional<String> fix) {
    super(message, null, false, false);
    this.span = span;
    this.fix = fix;
  }

  void report(Findings findings) {
    findings.error(span, getMessage(), fix);
  }
}
