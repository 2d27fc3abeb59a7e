package dev.weir.einsum.check;

import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.syntax.CascadeSyntax;
import dev.weir.einsum.syntax.Parser;
import dev.weir.einsum.syntax.Statement;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts all of each used cascade in the place of its {@code use}, under names of this one. The used
 * cascade is checked alone first, so that what is wrong in it is said there.
 */
final class Composition {

  /**
   * A cascade without any {@code use}.
   *
   * @param syntax everything in one tree
   * @param claims what used cascades expect of the tensors that they are given
   */
  record Whole(CascadeSyntax syntax, List<Claim> claims) {}

  private final SourceFile file;
  private final Diagnostics diagnostics;
  private final List<Path> users;

  private Composition(SourceFile file, Diagnostics diagnostics, List<Path> users) {
    this.file = file;
    this.diagnostics = diagnostics;
    this.users = new ArrayList<>(users);
    this.users.add(real(file.name()));
  }

  /**
   * The whole cascade of a file.
   *
   * @param users files that use it, from the first one on
   * @param diagnostics gets what is wrong; modified
   */
  static Whole of(
      SourceFile file, CascadeSyntax syntax, List<Path> users, Diagnostics diagnostics) {
    return new Composition(file, diagnostics, users).expand(syntax);
  }

  private Whole expand(CascadeSyntax syntax) {
    List<Statement.Use> uses = uses(syntax);
    if (uses.isEmpty()) {
      return new Whole(syntax, List.of());
    }
    Splice splice = new Splice(syntax, new Findings(file, diagnostics, syntax.unreadable()));
    for (Statement.Use use : uses) {
      used(use).ifPresentOrElse(found -> splice.add(use, found), () -> splice.fail(use));
    }
    return splice.whole();
  }

  private static List<Statement.Use> uses(CascadeSyntax syntax) {
    return syntax.statements().stream()
        .filter(Statement.Use.class::isInstance)
        .map(Statement.Use.class::cast)
        .toList();
  }

  /** Files that a cascade names itself. */
  static List<Path> files(SourceFile file, CascadeSyntax syntax) {
    return uses(syntax).stream().map(use -> path(file, use.source())).toList();
  }

  /** The cascade that is meant, whole and right in itself. */
  private Optional<UsedCascade> used(Statement.Use use) {
    try {
      Path path = path(file, use.source());
      if (!users.contains(real(path.toString()))) {
        return used(use, path);
      }
      List<String> circle = new ArrayList<>();
      users.forEach(user -> circle.add(String.valueOf(user.getFileName())));
      circle.add(String.valueOf(path.getFileName()));
      error(
          use,
          "a cascade cannot use itself (got %s, expected another one)"
              .formatted(String.join(" uses ", circle)),
          Optional.empty());
      return Optional.empty();
    } catch (InvalidInputException unreadable) {
      Optional<String> fix = unreadable.fix().map(near -> written(near, use.source()));
      error(use, unreadable.what(), fix);
      return Optional.empty();
    }
  }

  private Optional<UsedCascade> used(Statement.Use use, Path path) {
    SourceFile source = SourceFile.read(path);
    Diagnostics own = new Diagnostics();
    Optional<Checker.Checked> checked =
        Checker.of(source, Parser.parse(source, own), users, own).check();
    if (own.hasErrors() || checked.isEmpty()) {
      Diagnostic first =
          own.sorted().stream()
              .filter(found -> found.severity() == Severity.ERROR)
              .findFirst()
              .orElseThrow();
      error(
          use,
          "the cascade that is used has errors (got %s: %s)"
              .formatted(first.position(), first.message()),
          Optional.of("mend " + path + " first"));
      return Optional.empty();
    }
    return checked.map(found -> new UsedCascade(found.syntax(), found.scope(), found.cascade()));
  }

  /** A path as it would stand in the place of another. */
  private String written(String path, Statement.Source source) {
    String name = String.valueOf(Path.of(path).getFileName());
    return source.isPath()
        ? "\"" + source.text().replaceFirst("[^/]*$", "") + name + "\""
        : name.replaceFirst("[.]edge$", "");
  }

  private void error(Statement.Use use, String message, Optional<String> fix) {
    diagnostics.add(new Diagnostic(Severity.ERROR, file, use.source().span(), message, fix));
  }

  private static Path path(SourceFile file, Statement.Source source) {
    String name = source.isPath() ? source.text() : source.text() + ".edge";
    try {
      return Path.of(file.name()).resolveSibling(name);
    } catch (InvalidPathException invalid) {
      throw new InvalidInputException(invalid.getMessage());
    }
  }

  private static Path real(String name) {
    try {
      return Path.of(name).toAbsolutePath().normalize();
    } catch (InvalidPathException _) {
      return Path.of("");
    }
  }
}
