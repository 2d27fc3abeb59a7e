package dev.weir.einsum.syntax;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What people write who come from another language, from a formula or from a word processor, and
 * how it is written here.
 */
final class ForeignSpelling {

  /** Letters of any script; those that are no names here are none of {@link Lexer}'s. */
  static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{M}\\p{Nd}_]*");

  /** {@code math.exp}: here a name has no parts. */
  static final Pattern DOTTED_NAME =
      Pattern.compile("[A-Za-z][A-Za-z0-9_]*(?:\\.[A-Za-z][A-Za-z0-9_]*)+");

  /** A text in other quotes than here. */
  static final Pattern STRING = Pattern.compile("[“”„«‘’'](?<content>[^\\n\"]*?)[“”»‘’']");

  /** None of these is ever right, whatever stands around. */
  static final Pattern OPERATOR =
      Pattern.compile("\\*\\*|//|&&?|\\|\\||:=|[-+*]=|<>|=<|=>|===|!(?!=)");

  /** Of a line that is only that; and after a statement. */
  static final Pattern COMMENT = Pattern.compile("(?:/\\*|//|;+)[^\\n]*");

  /** Letters of Greek and Cyrillic that look like Latin ones. */
  private static final String ALIKE = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοАВЕКМНОРСТХаеорсухі";

  private static final String LATIN = "ABEZHIKMNOPTYXoABEKMHOPCTXaeopcyxi";

  private static final Map<String, String> OPERATORS =
      Map.ofEntries(
          Map.entry("**", "^"),
          Map.entry("//", "/"),
          Map.entry("&", "and"),
          Map.entry("&&", "and"),
          Map.entry("||", "or"),
          Map.entry("!", "not"),
          Map.entry(":=", "="),
          Map.entry("+=", "="),
          Map.entry("-=", "="),
          Map.entry("*=", "="),
          Map.entry("<>", "!="),
          Map.entry("=<", "<="),
          Map.entry("=>", ">="),
          Map.entry("===", "=="));

  private ForeignSpelling() {}

  /** What an operator of another language is here. */
  static String operator(String written) {
    return OPERATORS.get(written);
  }

  /** Whether another language would add to what is there already. */
  static boolean accumulates(String written) {
    return List.of("+=", "-=", "*=").contains(written);
  }

  /** The last part of a name that is called, else its parts as one name. */
  static String undotted(String written, boolean isCalled) {
    return isCalled ? written.substring(written.lastIndexOf('.') + 1) : written.replace('.', '_');
  }

  /** A name in Latin letters: what it looks like, or how its letters are called. */
  static String latin(String written) {
    StringBuilder latin = new StringBuilder();
    written.codePoints().forEach(letter -> latin.append(latin(letter)));
    String name = latin.toString().replaceFirst("^[0-9_]+", "");
    return name.isEmpty() ? "X" : name;
  }

  private static String latin(int letter) {
    int alike = ALIKE.indexOf(letter);
    if (alike >= 0) {
      return String.valueOf(LATIN.charAt(alike));
    }
    String plain =
        Normalizer.normalize(Character.toString(letter), Normalizer.Form.NFKD)
            .replaceAll("\\p{M}", "");
    if (plain.matches("[A-Za-z0-9_]+")) {
      return plain;
    }
    // GREEK SMALL LETTER SIGMA is called sigma.
    List<String> called = Arrays.asList(Character.getName(plain.codePointAt(0)).split(" "));
    int at = called.indexOf("LETTER") + 1;
    if (!called.getFirst().equals("GREEK") || at == 0 || at == called.size()) {
      return "";
    }
    String word = called.get(called.contains("FINAL") ? called.size() - 1 : at);
    return called.contains("CAPITAL")
        ? word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT)
        : word.toLowerCase(Locale.ROOT);
  }

  /** The number that was meant. */
  static Optional<String> number(String written) {
    String plain = written.replace("_", "");
    if (plain.matches("\\.[0-9].*")) {
      plain = "0" + plain;
    } else if (plain.matches("[0-9]+\\.")) {
      plain = plain + "0";
    } else if (plain.matches("[0-9]+[kmg]")) {
      plain = plain.toUpperCase(Locale.ROOT);
    } else if (plain.matches("[0-9]+(\\.[0-9]+)?[A-Za-df-z][A-Za-z0-9]*")) {
      plain = plain.replaceFirst("(?=[A-Za-z])", "*");
      return Optional.of(plain);
    }
    return Lexer.isNumber(plain) ? Optional.of(plain) : Optional.empty();
  }
}
