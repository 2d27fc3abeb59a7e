package dev.weir.einsum.syntax;

import java.util.Set;

/** Words that name neither rank nor tensor. */
public final class Reserved {

  private static final Set<String> WORDS =
      Set.of("and", "or", "not", "true", "false", "by", "as", "with", "when");

  private Reserved() {}

  /** Whether a word is one of them, or the first word of a statement. */
  public static boolean isReserved(String word) {
    return WORDS.contains(word) || Keyword.of(word).isPresent();
  }
}
