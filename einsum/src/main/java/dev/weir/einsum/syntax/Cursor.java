package dev.weir.einsum.syntax;

import dev.weir.einsum.source.Span;
import java.util.List;
import java.util.Optional;

/** Walks the tokens of one statement. */
final class Cursor {

  private final List<Token> tokens;
  private final Token end;
  private int next;

  Cursor(List<Token> tokens) {
    this.tokens = tokens;
    int offset = tokens.getLast().span().end();
    this.end = new Token(Token.Kind.END, "", new Span(offset, offset), 0);
  }

  Token peek() {
    return peek(0);
  }

  Token peek(int ahead) {
    return next + ahead < tokens.size() ? tokens.get(next + ahead) : end;
  }

  Token take() {
    Token token = peek();
    next = Math.min(next + 1, tokens.size());
    return token;
  }

  /** Takes the next token if it is this symbol or word. */
  boolean accept(String symbolOrWord) {
    if (!peek().is(symbolOrWord)) {
      return false;
    }
    next++;
    return true;
  }

  Token expect(String symbolOrWord) {
    if (!peek().is(symbolOrWord)) {
      throw unexpected("'" + symbolOrWord + "'");
    }
    return take();
  }

  Term.Name expectName(String what) {
    if (peek().kind() != Token.Kind.NAME) {
      throw unexpected(what);
    }
    Token token = take();
    if (Reserved.isReserved(token.text())) {
      throw reserved(token, what);
    }
    return new Term.Name(token.text(), token.span());
  }

  /** Names begin with any letter, and with a capital one no word of the language does. */
  static SyntaxError reserved(Token token, String what) {
    String text = token.text();
    return new SyntaxError(
        token.span(),
        "'" + text + "' is a word of the language (expected " + what + ")",
        Optional.of(Character.toUpperCase(text.charAt(0)) + text.substring(1)),
        Optional.of(text));
  }

  /** Takes {@code ::} if it stands here. */
  boolean acceptAction() {
    if (peek().is(":")) {
      throw new SyntaxError(
          peek().span(),
          "what is done along ranks follows two colons (got ':')",
          Optional.of("::"));
    }
    return accept("::");
  }

  void expectEnd(String orElse) {
    if (peek().kind() != Token.Kind.END) {
      throw unexpected(orElse + " or the end of the statement");
    }
  }

  SyntaxError unexpected(String expected) {
    Token got = peek();
    return new SyntaxError(
        got.span(), "cannot read on (got " + got.shown() + ", expected " + expected + ")");
  }

  /** From a start to the last token that was taken. */
  Span since(Span start) {
    return start.to(tokens.get(Math.max(next - 1, 0)).span());
  }

  /** From a token to the end of the statement. */
  Span rest(Token from) {
    return from.span().to(tokens.getLast().span());
  }

  /** The description of a cascade, when one stands here. */
  Optional<String> acceptString() {
    return peek().kind() == Token.Kind.STRING ? Optional.of(take().text()) : Optional.empty();
  }
}
