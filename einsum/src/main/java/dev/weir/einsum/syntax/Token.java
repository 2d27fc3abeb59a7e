package dev.weir.einsum.syntax;

import dev.weir.einsum.source.Span;

/**
 * The smallest piece of text with a meaning of its own.
 *
 * @param kind what it is
 * @param text as written; of a comment what follows the {@code #}, of a string its content
 * @param span where it stands
 * @param lineBreaksBefore line ends since the token before; two or more are a blank line
 */
public record Token(Kind kind, String text, Span span, int lineBreaksBefore) {

  /** What a token is. */
  public enum Kind {
    NAME,
    NUMBER,
    STRING,
    SYMBOL,
    COMMENT,
    END
  }

  /** Whether it is the first of its line. */
  public boolean startsLine() {
    return lineBreaksBefore > 0;
  }

  boolean is(String symbolOrWord) {
    return (kind == Kind.SYMBOL || kind == Kind.NAME) && text.equals(symbolOrWord);
  }

  /** How a message quotes it. */
  String shown() {
    return switch (kind) {
      case NAME, NUMBER, SYMBOL -> "'" + text + "'";
      case STRING -> "\"" + text + "\"";
      case COMMENT -> "a comment";
      case END -> "the end of the statement";
    };
  }
}
