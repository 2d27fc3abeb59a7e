package dev.weir.einsum.syntax;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** First words of statements. They name nothing else. */
public enum Keyword {
  CASCADE,
  RANKS,
  PARTITION,
  INPUTS,
  USE,
  SCALAR,
  FUNCTION,
  EMPTY,
  STOP,
  OUTPUTS;

  private static final Map<String, Keyword> BY_TEXT =
      Arrays.stream(values()).collect(Collectors.toMap(Keyword::text, keyword -> keyword));

  /** How it is written. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The keyword that is written like this. */
  public static Optional<Keyword> of(String text) {
    return Optional.ofNullable(BY_TEXT.get(text));
  }

  /** All of them as written. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(Keyword::text).toList();
  }
}
