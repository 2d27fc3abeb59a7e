package dev.weir.einsum.syntax;

import java.util.Set;

/** Words that name neither rank nor tensor. */
final class Reserved {

  private static final Set<String> WORDS =
      Set.of("and", "or", "not", "true", "false", "by", "as", "with", "when");

  private Reserved() {}

  static boolean isReserved(String word) {
    return WORDS.contains(word) || Keyword.of(word).isPresent();
  }
}
