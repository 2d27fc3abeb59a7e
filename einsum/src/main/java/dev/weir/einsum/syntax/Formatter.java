package dev.weir.einsum.syntax;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import java.util.Optional;

/** Brings the text of a cascade into canonical form without changing what it says. */
public final class Formatter {

  private Formatter() {}

  /**
   * Canonical text, ending in a line end; nothing when the syntax is wrong. Names are not looked
   * at, so that a cascade in the making can be formatted.
   *
   * @param diagnostics gets what is wrong; modified
   */
  public static Optional<String> format(SourceFile file, Diagnostics diagnostics) {
    Diagnostics own = new Diagnostics();
    CascadeSyntax syntax = Parser.parse(file, own);
    own.sorted().forEach(diagnostics::add);
    return own.hasErrors() ? Optional.empty() : Optional.of(Printer.print(syntax));
  }
}
