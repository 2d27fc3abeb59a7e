package dev.weir.mapper.config;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import java.util.Collection;

/** Reports a name that is not known, with all that are and the nearest as the fix. */
public final class Misspelling {

  private Misspelling() {}

  /**
   * Adds the error {@code what (got written, expected one of known)}.
   *
   * @param what such as "unknown key capcity"
   */
  public static void report(
      Diagnostics diagnostics,
      SourceFile file,
      Span span,
      String what,
      String written,
      Collection<String> known) {
    String expected =
        switch (known.size()) {
          case 0 -> "none";
          case 1 -> known.iterator().next();
          default -> "one of " + String.join(", ", known);
        };
    String message = what + " (got " + written + ", expected " + expected + ")";
    Spelling.nearest(written, known)
        .ifPresentOrElse(
            near -> diagnostics.error(file, span, message, "write " + near),
            () -> diagnostics.error(file, span, message));
  }
}
