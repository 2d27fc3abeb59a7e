package dev.weir.mapper.schedule;

import dev.weir.einsum.source.Span;

/**
 * A word of a schedule's text.
 *
 * @param kind what it is
 * @param text as written; of a quoted text, what is between the quotes
 * @param span where it stands
 */
record Token(Kind kind, String text, Span span) {

  enum Kind {
    /** A keyword or a name; the name of an axis has a dot in it. */
    WORD,
    NUMBER,
    QUOTED,
    SYMBOL,
    END
  }

  boolean is(String wanted) {
    return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equals(wanted);
  }

  /** How a message calls it. */
  String described() {
    return kind == Kind.END ? "the end of the file" : "'" + text + "'";
  }
}
