package dev.weir.einsum.syntax;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Finds the bracket that has no partner, before anything trips over it elsewhere. */
final class Brackets {

  private static final Map<String, String> CLOSING = Map.of("(", ")", "[", "]", "{", "}");

  private Brackets() {}

  static void check(List<Token> statement) {
    Deque<Token> open = new ArrayDeque<>();
    for (Token token : statement) {
      if (token.kind() != Token.Kind.SYMBOL) {
        continue;
      }
      if (CLOSING.containsKey(token.text())) {
        open.push(token);
      } else if (CLOSING.containsValue(token.text())) {
        close(open, token);
      }
    }
    if (!open.isEmpty()) {
      Token first = open.peek();
      throw new SyntaxError(
          first.span(),
          "'%s' is never closed (got the end of the statement, expected '%s')"
              .formatted(first.text(), CLOSING.get(first.text())));
    }
  }

  private static void close(Deque<Token> open, Token token) {
    if (open.isEmpty()) {
      throw new SyntaxError(
          token.span(), "'" + token.text() + "' closes nothing (expected an opening bracket)");
    }
    String opening = open.pop().text();
    if (!token.text().equals(CLOSING.get(opening))) {
      throw new SyntaxError(
          token.span(),
          "brackets do not match (got '%s', expected '%s' to close '%s')"
              .formatted(token.text(), CLOSING.get(opening), opening));
    }
  }
}
