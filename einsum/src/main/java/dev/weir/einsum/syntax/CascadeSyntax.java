package dev.weir.einsum.syntax;

import dev.weir.einsum.source.Span;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The syntax tree of a file.
 *
 * @param header the first line; nothing when it is missing or could not be read
 * @param statements those that could be read, in order
 * @param after comment lines after the last statement, as in {@link Trivia#before()}
 * @param unreadable all names of statements that could not be read, so that a checker does not
 *     report what follows from that; empty when the syntax is right
 */
public record CascadeSyntax(
    Optional<Header> header,
    List<Statement> statements,
    List<Optional<String>> after,
    Set<String> unreadable) {

  /** {@code cascade attention_3pass "numerically stable attention"}. */
  public record Header(Term.Name name, Optional<String> description, Span span, Trivia trivia) {}

  public CascadeSyntax {
    statements = List.copyOf(statements);
    after = List.copyOf(after);
    unreadable = Set.copyOf(unreadable);
  }
}
