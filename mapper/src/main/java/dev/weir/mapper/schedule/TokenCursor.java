package dev.weir.mapper.schedule;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Walks over the words of a schedule and reports what is not as expected. */
final class TokenCursor {

  /** The text cannot be understood here; it has been reported. Caught where reading can go on. */
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable() {
      super("reported", null, false, false);
    }
  }

  private final SourceFile file;
  private final Diagnostics diagnostics;
  private final List<Token> tokens;
  private int next;

  /** What could have stood here and did not. */
  private final Set<String> missed = new LinkedHashSet<>();

  TokenCursor(SourceFile file, Diagnostics diagnostics) {
    this.file = file;
    this.diagnostics = diagnostics;
    this.tokens = ScheduleLexer.tokens(file, diagnostics);
  }

  Token peek() {
    return tokens.get(next);
  }

  /** A word further on; the end when there are fewer. */
  Token peek(int ahead) {
    return tokens.get(Math.min(next + ahead, tokens.size() - 1));
  }

  /** Texts of all words from an offset up to here. */
  List<String> wordsSince(int offset) {
    return tokens.subList(0, next).stream()
        .filter(token -> token.kind() == Token.Kind.WORD && token.span().start() >= offset)
        .map(Token::text)
        .toList();
  }

  Token advance() {
    Token token = tokens.get(next);
    if (token.kind() != Token.Kind.END) {
      next++;
    }
    missed.clear();
    return token;
  }

  /** Where the last word that was taken ends. */
  int end() {
    return next == 0 ? 0 : tokens.get(next - 1).span().end();
  }

  boolean accept(String wanted) {
    boolean found = peek().is(wanted);
    if (found) {
      advance();
    } else {
      missed.add(wanted);
    }
    return found;
  }

  void expect(String wanted, String where) {
    if (!accept(wanted)) {
      throw unexpected("'" + wanted + "' " + where, Set.of(wanted));
    }
  }

  /** A word that is no keyword. */
  Token name(String what, Set<String> keywords) {
    Token token = peek();
    if (token.kind() != Token.Kind.WORD) {
      throw unexpected(what, Set.of());
    }
    if (keywords.contains(token.text())) {
      throw error(
          token.span(), "a keyword is no name (got '" + token.text() + "', expected " + what + ")");
    }
    return advance();
  }

  long number(String what) {
    Token token = peek();
    if (token.kind() != Token.Kind.NUMBER) {
      throw unexpected(what, Set.of());
    }
    advance();
    try {
      long value = Long.parseLong(token.text());
      if (value <= Integer.MAX_VALUE) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Falls through to the same finding.
    }
    throw error(
        token.span(),
        "a number that is too large (got " + token.text() + ", at most " + Integer.MAX_VALUE + ")");
  }

  /** What else could have stood here, in order. */
  List<String> missed() {
    return List.copyOf(missed);
  }

  Unreadable unexpected(String expected, Set<String> meant) {
    Token token = peek();
    String message = "unexpected " + token.described() + " (expected " + expected + ")";
    Optional<String> near =
        token.kind() == Token.Kind.WORD ? Spelling.nearest(token.text(), meant) : Optional.empty();
    near.ifPresentOrElse(
        word -> diagnostics.error(file, token.span(), message, "write '" + word + "'"),
        () -> diagnostics.error(file, token.span(), message));
    return new Unreadable();
  }

  Unreadable error(Span span, String message) {
    diagnostics.error(file, span, message);
    return new Unreadable();
  }

  Unreadable error(Span span, String message, String fix) {
    diagnostics.error(file, span, message, fix);
    return new Unreadable();
  }
}
