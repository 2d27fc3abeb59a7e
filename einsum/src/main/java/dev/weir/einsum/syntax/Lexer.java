package dev.weir.einsum.syntax;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a text into tokens, comments included; what is no token is reported and skipped. */
public final class Lexer {

  private static final Pattern SPACE = Pattern.compile("[ \\t\\n\\r]+");
  private static final Pattern COMMENT = Pattern.compile("#[^\\n]*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  /** What a person who writes a number might have written; longer than {@link #NUMBER} if bad. */
  private static final Pattern LIKE_A_NUMBER =
      Pattern.compile("\\.?[0-9]([A-Za-z0-9_.]|(?<=[0-9.][eE])[+-])*");

  private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
  private static final Pattern SYMBOL = Pattern.compile("::|<=|>=|==|!=|[-+*/%^=<>|,()\\[\\]{}]");

  /** Symbols of printed mathematics, by what they are here. */
  private static final Map<String, String> TYPESET =
      Map.of("−", "-", "×", "*", "·", "*", "≤", "<=", "≥", ">=", "≠", "!=", "∞", "inf", "÷", "/");

  private final SourceFile file;
  private final Diagnostics diagnostics;
  private final Matcher matcher;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int lineBreaks;

  private Lexer(SourceFile file, Diagnostics diagnostics) {
    this.file = file;
    this.diagnostics = diagnostics;
    this.matcher = SPACE.matcher(file.text());
  }

  /**
   * All tokens of a text in order.
   *
   * @param diagnostics gets what is no token; modified
   */
  public static List<Token> tokens(SourceFile file, Diagnostics diagnostics) {
    Lexer lexer = new Lexer(file, diagnostics);
    while (lexer.at < file.text().length()) {
      lexer.step();
    }
    return lexer.tokens;
  }

  private void step() {
    if (matches(SPACE)) {
      lineBreaks += (int) matcher.group().chars().filter(c -> c == '\n').count();
      at = matcher.end();
    } else if (matches(COMMENT)) {
      String text = matcher.group().substring(1).stripTrailing();
      add(Token.Kind.COMMENT, text.startsWith(" ") ? text.substring(1) : text, matcher.end());
    } else if (matches(NAME)) {
      String name = matcher.group();
      add(name.equals("inf") ? Token.Kind.NUMBER : Token.Kind.NAME, name, matcher.end());
    } else if (matches(LIKE_A_NUMBER)) {
      number(matcher.group());
    } else if (matches(STRING)) {
      add(Token.Kind.STRING, unescape(matcher.group(1)), matcher.end());
    } else if (matches(SYMBOL)) {
      add(Token.Kind.SYMBOL, matcher.group(), matcher.end());
    } else {
      unreadable();
    }
  }

  private boolean matches(Pattern pattern) {
    return matcher.usePattern(pattern).region(at, file.text().length()).lookingAt();
  }

  private void number(String text) {
    Span span = new Span(at, at + text.length());
    if (!NUMBER.matcher(text).matches()) {
      diagnostics.error(
          file, span, "bad number (got '" + text + "', expected digits such as 64, 0.5 or 1e-5)");
      add(Token.Kind.NUMBER, "0", span.end());
    } else if (Double.isInfinite(Double.parseDouble(text))) {
      diagnostics.error(
          file, span, "number out of range (got " + text + ", expected at most 1.8e308)", "inf");
      add(Token.Kind.NUMBER, "0", span.end());
    } else {
      add(Token.Kind.NUMBER, text, span.end());
    }
  }

  private void unreadable() {
    String character = Character.toString(file.text().codePointAt(at));
    Span span = new Span(at, at + character.length());
    if (character.equals("\"")) {
      int lineEnd = file.text().indexOf('\n', at);
      int end = lineEnd < 0 ? file.text().length() : lineEnd;
      diagnostics.error(
          file, span, "string is not closed (got the end of the line, expected '\"')");
      add(Token.Kind.STRING, file.text().substring(at + 1, end), end);
      return;
    }
    String message =
        "unknown character (got '" + character + "', expected a name, number or operator)";
    String meant = TYPESET.get(character);
    if (meant == null) {
      diagnostics.error(file, span, message);
      at = span.end();
    } else {
      diagnostics.error(file, span, message, meant);
      boolean number = meant.equals("inf");
      add(number ? Token.Kind.NUMBER : Token.Kind.SYMBOL, meant, span.end());
    }
  }

  private void add(Token.Kind kind, String text, int end) {
    tokens.add(new Token(kind, text, new Span(at, end), lineBreaks));
    lineBreaks = 0;
    at = end;
  }

  private static String unescape(String written) {
    return Pattern.compile("\\\\(.)")
        .matcher(written)
        .replaceAll(m -> Matcher.quoteReplacement(m.group(1).equals("n") ? "\n" : m.group(1)));
  }
}
