package dev.weir.einsum.syntax;

import java.util.List;
import java.util.Optional;

/**
 * What surrounds a statement and means nothing to the machine.
 *
 * @param before comment lines above it without their {@code #}; nothing stands for a blank line
 * @param after the comment at its end without the {@code #}
 */
public record Trivia(List<Optional<String>> before, Optional<String> after) {

  /** Neither comment nor blank line. */
  public static final Trivia NONE = new Trivia(List.of(), Optional.empty());

  /** A blank line above. */
  public static final Trivia BLANK_LINE = new Trivia(List.of(Optional.empty()), Optional.empty());

  public Trivia {
    before = List.copyOf(before);
  }
}
