package dev.weir.mapper.schedule;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts the text of a schedule into words; line ends mean nothing, comments begin with #. */
final class ScheduleLexer {

  private static final Pattern WORDS =
      Pattern.compile(
          "(?<blank>\\s+|#[^\\n]*)"
              + "|(?<word>[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?)"
              + "|(?<number>[0-9]+)"
              + "|\"(?<quoted>[^\"\\n]*)\""
              + "|(?<symbol>[{}()*,=])");

  /** To the end of the line, or to the {@code for} that ends it as in a schedule's first line. */
  private static final Pattern UNCLOSED =
      Pattern.compile(
          "\"(?<text>[^\"\\n]*?)(?=\\s+for\\s+\\w+[ \\t]*(#[^\\n]*)?(\\n|\\z)|\\n|\\z)");

  /** What it would be without its sign; nothing of 0. */
  private static final Pattern NEGATIVE = Pattern.compile("-0*(?<size>[0-9]*)(?<=[0-9])");

  private ScheduleLexer() {}

  /** All words, the last one being the end; what is no word is reported and skipped. */
  static List<Token> tokens(SourceFile file, Diagnostics diagnostics) {
    List<Token> tokens = new ArrayList<>();
    Matcher matcher = WORDS.matcher(file.text());
    Matcher negative = NEGATIVE.matcher(file.text());
    int at = 0;
    while (at < file.text().length()) {
      matcher.region(at, file.text().length());
      if (matcher.lookingAt()) {
        add(matcher, tokens);
        at = matcher.end();
      } else if (file.text().charAt(at) == '"') {
        diagnostics.error(
            file,
            new Span(at, at + 1),
            "a text is not closed (got the end of the line, expected '\"')");
        Matcher unclosed = UNCLOSED.matcher(file.text()).region(at, file.text().length());
        int end = unclosed.lookingAt() ? unclosed.end() : file.text().length();
        tokens.add(
            new Token(Token.Kind.QUOTED, file.text().substring(at + 1, end), new Span(at, end)));
        at = end;
      } else if (negative.region(at, file.text().length()).lookingAt()) {
        Span span = new Span(at, negative.end());
        String size = negative.group("size").isEmpty() ? "1" : negative.group("size");
        diagnostics.error(
            file,
            span,
            "no number of a schedule is negative (got %s, expected one without a sign)"
                .formatted(negative.group()),
            "write " + size);
        tokens.add(new Token(Token.Kind.NUMBER, size, span));
        at = negative.end();
      } else {
        int length = Character.charCount(file.text().codePointAt(at));
        diagnostics.error(
            file,
            new Span(at, at + length),
            "a character that no schedule has (got '"
                + file.text().substring(at, at + length)
                + "')");
        at += length;
      }
    }
    tokens.add(new Token(Token.Kind.END, "", new Span(at, at)));
    return tokens;
  }

  private static void add(Matcher matcher, List<Token> tokens) {
    Span span = new Span(matcher.start(), matcher.end());
    if (matcher.group("word") != null) {
      tokens.add(new Token(Token.Kind.WORD, matcher.group(), span));
    } else if (matcher.group("number") != null) {
      tokens.add(new Token(Token.Kind.NUMBER, matcher.group(), span));
    } else if (matcher.group("quoted") != null) {
      tokens.add(new Token(Token.Kind.QUOTED, matcher.group("quoted"), span));
    } else if (matcher.group("symbol") != null) {
      tokens.add(new Token(Token.Kind.SYMBOL, matcher.group(), span));
    }
  }
}
