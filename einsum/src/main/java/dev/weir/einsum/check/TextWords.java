package dev.weir.einsum.check;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.Keyword;
import dev.weir.einsum.syntax.Lexer;
import dev.weir.einsum.syntax.Token;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The words of a text by their places, 0 for its first token, and what stands beside them. */
final class TextWords {

  private static final int FARTHEST_NEIGHBOUR = 4;
  private static final int SAME_LINE = 3;

  private final List<Token> tokens;
  private final int[] lines;
  private final Set<String> known;

  TextWords(SourceFile file) {
    this.tokens =
        Lexer.tokens(file, new Diagnostics()).stream()
            .filter(token -> token.kind() != Token.Kind.COMMENT)
            .toList();
    this.lines = new int[tokens.size()];
    int line = 1;
    int counted = 0;
    for (int at = 0; at < lines.length; at++) {
      for (; counted < span(at).start(); counted++) {
        line += file.text().charAt(counted) == '\n' ? 1 : 0;
      }
      lines[at] = line;
    }
    this.known = known(tokens);
  }

  /** Words of the text and of the language, and the variables of ranks. */
  private static Set<String> known(List<Token> tokens) {
    Set<String> known = new TreeSet<>(Words.all());
    boolean ranks = false;
    for (Token token : tokens) {
      if (token.kind() == Token.Kind.NAME) {
        Optional<Keyword> keyword = Keyword.of(token.text());
        if (token.startsLine() || keyword.isPresent()) {
          ranks = keyword.filter(k -> k == Keyword.RANKS || k == Keyword.PARTITION).isPresent();
        }
        known.add(token.text());
        if (ranks) {
          known.add(otherCase(token.text()));
        }
      }
    }
    return known;
  }

  Set<String> known() {
    return known;
  }

  private IntStream names() {
    return IntStream.range(0, tokens.size()).filter(at -> tokens.get(at).kind() == Token.Kind.NAME);
  }

  String text(int at) {
    return tokens.get(at).text();
  }

  Span span(int at) {
    return tokens.get(at).span();
  }

  int line(int at) {
    return lines[at];
  }

  /** All places of words inside a span. */
  Stream<Integer> within(Span span) {
    return names()
        .filter(at -> span(at).start() >= span.start() && span(at).end() <= span.end())
        .boxed();
  }

  /** All places where one of these words stands. */
  Set<Integer> all(String... words) {
    return names()
        .filter(at -> List.of(words).contains(text(at)))
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** All places where a word stands as one does at a place: before brackets, or alone. */
  Set<Integer> alike(int at, String word) {
    boolean brackets = neighbour(at + 1).equals("[");
    return all(brackets ? new String[] {word} : new String[] {word, otherCase(word)}).stream()
        .filter(other -> neighbour(other + 1).equals("[") == brackets)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Of a rank its variable, and the reverse. */
  static String otherCase(String word) {
    char first = word.charAt(0);
    return (Character.isUpperCase(first)
            ? Character.toLowerCase(first)
            : Character.toUpperCase(first))
        + word.substring(1);
  }

  /**
   * How much a word would be at home at a place: how many neighbours are the same where it stands
   * elsewhere, and whether it stands in that line too; 0 if it stands nowhere.
   */
  int likeness(int at, String word) {
    return all(word).stream()
        .filter(other -> other != at)
        .mapToInt(
            other ->
                1
                    + same(at, other, 1)
                    + same(at, other, -1)
                    + (line(at) == line(other) ? SAME_LINE : 0))
        .max()
        .orElse(0);
  }

  private int same(int one, int other, int step) {
    int count = 0;
    while (count < FARTHEST_NEIGHBOUR
        && neighbour(one + (count + 1) * step).equals(neighbour(other + (count + 1) * step))) {
      count++;
    }
    return count;
  }

  private String neighbour(int at) {
    return at < 0 || at >= tokens.size() ? "" : text(at);
  }
}
