package dev.weir.einsum.check;

import static java.util.stream.Collectors.toSet;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.CascadeSyntax;
import dev.weir.einsum.syntax.Parser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads cascades: text, syntax tree, checked cascade. One file holds one cascade. */
public final class CascadeReader {

  private static final int MOST_FINDINGS = 50;

  private CascadeReader() {}

  /**
   * The cascade that a text states; nothing when it has errors.
   *
   * @param diagnostics gets all errors and warnings; modified
   */
  public static Optional<Cascade> read(SourceFile file, Diagnostics diagnostics) {
    Diagnostics own = new Diagnostics();
    CascadeSyntax syntax = Parser.parse(file, own);
    List<Diagnostic> misread = own.sorted();
    Set<Span> unreadable = misread.stream().map(Diagnostic::span).collect(toSet());
    Checker checker = Checker.of(file, syntax, List.of(), own);
    Optional<Cascade> cascade = checker.check().map(Checker.Checked::cascade);
    if (!own.hasErrors()) {
      shown(file, own.sorted()).forEach(diagnostics::add);
      return cascade;
    }
    // What was read in place of something else may mean nothing; that follows from it.
    List<Diagnostic> found =
        own.sorted().stream()
            .filter(one -> misread.contains(one) || !unreadable.contains(one.span()))
            .toList();
    List<Diagnostic> mended = Mending.mended(file, CascadeReader::found, found, checker::isUnknown);
    shown(file, mended).forEach(diagnostics::add);
    return Optional.empty();
  }

  private static List<Diagnostic> found(SourceFile file) {
    Diagnostics diagnostics = new Diagnostics();
    Checker.of(file, Parser.parse(file, diagnostics), List.of(), diagnostics).check();
    return diagnostics.sorted();
  }

  /** The first findings; nobody reads hundreds, and most of them follow from these. */
  private static List<Diagnostic> shown(SourceFile file, List<Diagnostic> all) {
    if (all.size() <= MOST_FINDINGS) {
      return all;
    }
    List<Diagnostic> first = new ArrayList<>(all.subList(0, MOST_FINDINGS - 1));
    Diagnostic next = all.get(MOST_FINDINGS - 1);
    first.add(
        new Diagnostic(
            next.severity(),
            file,
            next.span(),
            "%d more findings from here on are not shown".formatted(all.size() - first.size()),
            Optional.of("mend those above first")));
    return first;
  }

  /**
   * All files whose cascades a file uses, directly or not, each once.
   *
   * @throws InvalidInputException when one of them cannot be read
   */
  public static List<Path> usedBy(Path path) {
    Set<Path> used = new LinkedHashSet<>();
    List<Path> open = new ArrayList<>(List.of(path));
    while (!open.isEmpty()) {
      SourceFile file = SourceFile.read(open.removeLast());
      for (Path found : Composition.files(file, Parser.parse(file, new Diagnostics()))) {
        if (used.add(found)) {
          open.add(found);
        }
      }
    }
    return List.copyOf(used);
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
