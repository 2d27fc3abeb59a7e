package dev.weir.einsum.syntax;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a text into tokens, comments included; what is no token is reported and skipped. */
public final class Lexer {

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
  private static final Pattern NUMBER =
      Pattern.compile("[0-9]+([KMG]|(\\.[0-9]+)?([eE][+-]?[0-9]+)?)");

  /** What a person who writes a number might have written; longer than {@link #NUMBER} if bad. */
  private static final Pattern LIKE_A_NUMBER =
      Pattern.compile("\\.?[0-9]([A-Za-z0-9_.]|(?<=[0-9.][eE])[+-])*");

  private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
  private static final Pattern SYMBOL = Pattern.compile("::|<=|>=|==|!=|[-+*/%^=<>|,()\\[\\]{}:?]");

  /** Symbols of printed mathematics, by what they are here. */
  private static final Map<String, String> TYPESET =
      Map.of("−", "-", "×", "*", "·", "*", "≤", "<=", "≥", ">=", "≠", "!=", "∞", "inf", "÷", "/");

  /** Symbols that begin no other one, here or in another language. */
  private static final String BRACKETS_AND_COMMAS = "()[]{},";

  /** Symbols that are whole when a space follows. */
  private static final String OPERATORS = "+-*/^=<>|";

  private static final String EXPECTED = ", expected a name, number or operator)";

  private final SourceFile file;
  private final Diagnostics diagnostics;
  private final Matcher matcher;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int lineBreaks;

  private Lexer(SourceFile file, Diagnostics diagnostics) {
    this.file = file;
    this.diagnostics = diagnostics;
    this.matcher = SYMBOL.matcher(file.text());
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

  /** Whether a text is one number. */
  static boolean isNumber(String text) {
    return NUMBER.matcher(text).matches();
  }

  /** What nearly all tokens are is told by hand, as the first character decides; else patterns. */
  private void step() {
    char first = file.text().charAt(at);
    int nameEnd = plainNameEnd();
    if (isSpace(first)) {
      lineBreaks += first == '\n' ? 1 : 0;
      at++;
    } else if (first == '#') {
      int end = lineEnd();
      comment(file.text().substring(at + 1, end), end);
    } else if (BRACKETS_AND_COMMAS.indexOf(first) >= 0
        || (OPERATORS.indexOf(first) >= 0 && file.text().startsWith(" ", at + 1))) {
      add(Token.Kind.SYMBOL, String.valueOf(first), at + 1);
    } else if (nameEnd > at) {
      name(file.text().substring(at, nameEnd));
    } else {
      patterns();
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private int lineEnd() {
    int end = file.text().indexOf('\n', at);
    return end < 0 ? file.text().length() : end;
  }

  /** The end of a name here; none if a stranger or a dot may go on with it. */
  private int plainNameEnd() {
    int end = at;
    while (end < file.text().length() && isOfNames(file.text().charAt(end), end > at)) {
      end++;
    }
    boolean mayGoOn =
        end < file.text().length()
            && (file.text().charAt(end) == '.' || file.text().charAt(end) > '\u007f');
    return mayGoOn ? at : end;
  }

  private static boolean isOfNames(char c, boolean isInside) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (isInside && (c == '_' || (c >= '0' && c <= '9')));
  }

  private void patterns() {
    if (matches(ForeignSpelling.DOTTED_NAME)) {
      dotted(matcher.group());
    } else if (matches(ForeignSpelling.NAME)) {
      name(matcher.group());
    } else if (matches(LIKE_A_NUMBER)) {
      number(matcher.group());
    } else if (matches(STRING)) {
      add(Token.Kind.STRING, unescape(matcher.group(1)), matcher.end());
    } else if (matches(ForeignSpelling.STRING)) {
      String content = matcher.group("content");
      int end = matcher.end();
      refuse(end, "a text stands in straight quotes (got %s)", "\"" + content + "\"");
      add(Token.Kind.STRING, content, end);
    } else if (isForeignComment()) {
      foreignComment(matcher.group());
    } else if (matches(ForeignSpelling.OPERATOR)) {
      operator(matcher.group());
    } else if (matches(SYMBOL)) {
      add(Token.Kind.SYMBOL, matcher.group(), matcher.end());
    } else {
      unreadable();
    }
  }

  private boolean matches(Pattern pattern) {
    return matcher.usePattern(pattern).region(at, file.text().length()).lookingAt();
  }

  private void comment(String text, int end) {
    String whole = text.stripTrailing();
    add(Token.Kind.COMMENT, whole.startsWith(" ") ? whole.substring(1) : whole, end);
  }

  /** Reports what stands here up to an end, and what to write instead. */
  private void refuse(int end, String message, String fix) {
    String written = file.text().substring(at, end);
    diagnostics.error(file, new Span(at, end), message.formatted(written), fix);
  }

  private void name(String written) {
    int end = at + written.length();
    if (NAME.matcher(written).matches()) {
      add(written.equals("inf") ? Token.Kind.NUMBER : Token.Kind.NAME, written, end);
      return;
    }
    String latin = ForeignSpelling.latin(written);
    String stranger =
        written
            .codePoints()
            .filter(letter -> letter > '\u007f')
            .mapToObj(letter -> " with " + Character.getName(letter))
            .findFirst()
            .orElse("");
    refuse(
        end,
        "a name is made of the letters a to z, of digits and _, and begins with a letter (got %s"
            + stranger
            + ")",
        latin);
    add(Token.Kind.NAME, latin, end);
  }

  private void dotted(String written) {
    int end = at + written.length();
    boolean isCalled = end < file.text().length() && file.text().charAt(end) == '(';
    String meant = ForeignSpelling.undotted(written, isCalled);
    refuse(end, "a name has no dots in it (got %s)", meant);
    add(Token.Kind.NAME, meant, end);
  }

  /** Two strokes inside brackets, or with nothing before them, are a division of Python. */
  private boolean isForeignComment() {
    if (!matches(ForeignSpelling.COMMENT)) {
      return false;
    }
    String line = file.lineText(at).substring(0, file.column(at) - 1);
    long open = line.chars().filter(c -> c == '(' || c == '[').count();
    long closed = line.chars().filter(c -> c == ')' || c == ']').count();
    boolean isApart = line.isEmpty() || Character.isWhitespace(line.charAt(line.length() - 1));
    return matcher.group().startsWith(";") || (isApart && open == closed);
  }

  private void foreignComment(String written) {
    String mark = written.startsWith(";") ? ";" : written.substring(0, 2);
    String text = written.substring(mark.length());
    boolean isLine = file.lineText(at).substring(0, file.column(at) - 1).isBlank();
    if (mark.equals(";") && !isLine && !text.isBlank() && !text.strip().startsWith("#")) {
      refuse(at + 1, "a statement ends with its line (got %s)", "the rest in a line of its own");
      at++;
      lineBreaks = 1;
    } else if (mark.equals(";") && !isLine) {
      refuse(at + 1, "a statement ends with its line (got %s)", "remove it");
      at++;
    } else {
      int end = at + written.length();
      refuse(at + mark.length(), "a comment begins with # (got %s)", "#");
      comment(text, end);
    }
  }

  private void operator(String written) {
    int end = at + written.length();
    String meant = ForeignSpelling.operator(written);
    refuse(
        end,
        ForeignSpelling.accumulates(written)
            ? "a tensor is assigned once, and ranks that its left side lacks are reduced anyway"
                + " (got %s)"
            : "no operator of the language (got %s, expected " + meant + ")",
        meant);
    boolean isWord = Character.isLetter(meant.charAt(0));
    add(isWord ? Token.Kind.NAME : Token.Kind.SYMBOL, meant, end);
  }

  private void number(String text) {
    Span span = new Span(at, at + text.length());
    if (!NUMBER.matcher(text).matches()) {
      Optional<String> meant = ForeignSpelling.number(text);
      diagnostics.add(
          new Diagnostic(
              Severity.ERROR,
              file,
              span,
              "bad number (got '" + text + "', expected digits such as 64, 4K, 0.5 or 1e-5)",
              meant));
      // A number that is right wherever one can stand, so that nothing follows from this finding.
      add(Token.Kind.NUMBER, meant.filter(Lexer::isNumber).orElse("1"), span.end());
    } else if (Double.isInfinite(Term.Numeral.value(text))) {
      diagnostics.error(
          file, span, "number out of range (got " + text + ", expected at most 1.8e308)", "inf");
      add(Token.Kind.NUMBER, "1", span.end());
    } else {
      add(Token.Kind.NUMBER, text, span.end());
    }
  }

  private void unreadable() {
    String character = Character.toString(file.text().codePointAt(at));
    Span span = new Span(at, at + character.length());
    if (character.equals("\"")) {
      int end = lineEnd();
      diagnostics.error(
          file, span, "string is not closed (got the end of the line, expected '\"')");
      add(Token.Kind.STRING, file.text().substring(at + 1, end), end);
      return;
    }
    int code = character.codePointAt(0);
    boolean isInvisible =
        Character.isSpaceChar(code)
            || Character.isISOControl(code)
            || Character.getType(code) == Character.FORMAT;
    if (isInvisible) {
      diagnostics.error(
          file, span, "unknown character (got " + Character.getName(code) + EXPECTED, "a space");
      at = span.end();
      return;
    }
    String message = "unknown character (got '" + character + "'" + EXPECTED;
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
