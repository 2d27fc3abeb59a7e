package dev.weir.einsum.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens of one statement with the comments around it.
 *
 * <p>A line of text starts a statement unless the line before ends in an operator, a comma or an
 * opening bracket, or the line itself begins with a symbol; a keyword always does. So a missing
 * bracket harms one statement only.
 */
record Line(List<Token> tokens, Trivia trivia) {

  private static final Set<String> OPEN_WORDS = Set.of("and", "or", "not", "with", "when");
  private static final Set<String> CLOSING = Set.of(")", "]", "}");

  /** All statements of a text, and the comment lines after the last. */
  record Split(List<Line> lines, List<Optional<String>> after) {}

  static Split split(List<Token> tokens) {
    return new Splitter().split(tokens);
  }

  private static final class Splitter {
    private final List<Line> lines = new ArrayList<>();
    private List<Token> current = new ArrayList<>();
    private List<Optional<String>> before = new ArrayList<>();
    private Optional<String> after = Optional.empty();
    private List<Optional<String>> pending = new ArrayList<>();

    Split split(List<Token> tokens) {
      tokens.forEach(this::take);
      flush();
      return new Split(lines, pending);
    }

    private void take(Token token) {
      if (token.kind() == Token.Kind.COMMENT) {
        takeComment(token);
      } else if (current.isEmpty() || starts(token)) {
        flush();
        blankLine(token);
        before = pending;
        pending = new ArrayList<>();
        current.add(token);
      } else {
        // Comments inside a statement go above it: the printer knows no other place for them.
        after.ifPresent(comment -> before.add(Optional.of(comment)));
        after = Optional.empty();
        pending.stream().filter(Optional::isPresent).forEach(before::add);
        pending.clear();
        current.add(token);
      }
    }

    private void takeComment(Token token) {
      if (!token.startsLine() && !current.isEmpty()) {
        after = Optional.of(token.text());
        return;
      }
      blankLine(token);
      pending.add(Optional.of(token.text()));
    }

    private void blankLine(Token token) {
      boolean first = lines.isEmpty() && current.isEmpty() && pending.isEmpty();
      if (token.lineBreaksBefore() > 1 && !first) {
        pending.add(Optional.empty());
      }
    }

    private boolean starts(Token token) {
      if (!token.startsLine()) {
        return false;
      }
      if (token.kind() == Token.Kind.NAME && Keyword.of(token.text()).isPresent()) {
        return true;
      }
      return !isOpen(current.getLast())
          && token.kind() != Token.Kind.SYMBOL
          && !OPEN_WORDS.contains(token.text());
    }

    private static boolean isOpen(Token last) {
      return last.kind() == Token.Kind.SYMBOL
          ? !CLOSING.contains(last.text())
          : last.kind() == Token.Kind.NAME && OPEN_WORDS.contains(last.text());
    }

    private void flush() {
      if (!current.isEmpty()) {
        lines.add(new Line(List.copyOf(current), new Trivia(before, after)));
        current = new ArrayList<>();
        before = new ArrayList<>();
        after = Optional.empty();
      }
    }
  }
}
