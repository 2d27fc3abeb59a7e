package dev.weir.einsum.check;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.syntax.Parser;
import java.nio.file.Path;
import java.util.Optional;

/** Reads cascades: text, syntax tree, checked cascade. One file holds one cascade. */
public final class CascadeReader {

  private CascadeReader() {}

  /**
   * The cascade that a text states; nothing when it has errors.
   *
   * @param diagnostics gets all errors and warnings; modified
   */
  public static Optional<Cascade> read(SourceFile file, Diagnostics diagnostics) {
    Diagnostics own = new Diagnostics();
    Optional<Cascade> cascade = new Checker(file, Parser.parse(file, own), own).check();
    own.sorted().forEach(diagnostics::add);
    return own.hasErrors() ? Optional.empty() : cascade;
  }

  /**
   * The cascade that a file states.
   *
   * @throws InvalidInputException with all findings when there is an error among them, or when the
   *     file cannot be read
   */
  public static Cascade readFile(Path path) {
    Diagnostics diagnostics = new Diagnostics();
    Optional<Cascade> cascade = read(SourceFile.read(path), diagnostics);
    diagnostics.throwIfErrors();
    return cascade.orElseThrow();
  }
}
