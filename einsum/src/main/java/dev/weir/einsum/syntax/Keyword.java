package dev.weir.einsum.syntax;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

  /** How it is written. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The keyword that is written like this. */
  public static Optional<Keyword> of(String text) {
    return Arrays.stream(values()).filter(keyword -> keyword.text().equals(text)).findFirst();
  }

  /** All of them as written. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(Keyword::text).toList();
  }
}
