package dev.weir.einsum.syntax;

import dev.weir.einsum.source.Span;
import java.util.Optional;

/** Leaves a statement that cannot be read; never leaves {@link Parser}. */
final class SyntaxError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Span span;
  private final transient Optional<String> fix;
  private final transient Optional<String> word;

  SyntaxError(Span span, String message) {
    this(span, message, Optional.empty());
  }

  SyntaxError(Span span, String message, Optional<String> fix) {
    this(span, message, fix, Optional.empty());
  }

  /**
   * A word that means something else.
   *
   * @param word said once for a text, however often the word stands in it
   */
  SyntaxError(Span span, String message, Optional<String> fix, Optional<String> word) {
    super(message, null, false, false);
    this.span = span;
    this.fix = fix;
    this.word = word;
  }

  /** The word that is used wrongly, if it is a word. */
  Optional<String> word() {
    return word;
  }

  Span span() {
    return span;
  }

  Optional<String> fix() {
    return fix;
  }
}
