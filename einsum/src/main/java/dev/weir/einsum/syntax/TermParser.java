package dev.weir.einsum.syntax;

import dev.weir.einsum.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Recursive descent over {@link Term}, by precedence. */
final class TermParser {

  /** Keeps every later walk over the tree well inside the stack. */
  private static final int DEEPEST = 500;

  private static final String TERM = "a name, a number or '('";

  private final Cursor cursor;
  private int depth;

  TermParser(Cursor cursor) {
    this.cursor = cursor;
  }

  Term term() {
    Term term = infix(InfixOperator.OR.precedence());
    if (cursor.peek().is("?")) {
      throw chosen(term);
    }
    return term;
  }

  /** A condition as it stands after {@code |}: there {@code =} gives nothing a value. */
  Term condition() {
    Term term = term();
    refuseEquals();
    return term;
  }

  private void refuseEquals() {
    if (cursor.peek().is("=")) {
      throw new SyntaxError(
          cursor.peek().span(), "two numbers are compared by == (got '=')", Optional.of("=="));
    }
  }

  /** {@code condition ? value : value}. */
  private SyntaxError chosen(Term condition) {
    cursor.take();
    Term then = term();
    cursor.expect(":");
    Term otherwise = term();
    String fix =
        "where(%s, %s, %s)"
            .formatted(
                TermPrinter.print(condition),
                TermPrinter.print(then),
                TermPrinter.print(otherwise));
    return new SyntaxError(
        condition.span().to(otherwise.span()),
        "a value is chosen by where(condition, value, value) (got '?')",
        Optional.of(fix));
  }

  /** A chain of operators that bind at least this tightly. */
  private Term infix(int loosest) {
    int depthBefore = depth;
    Term left = prefix(loosest);
    while (true) {
      Optional<InfixOperator> operator = operatorHere();
      if (operator.isEmpty() || operator.get().precedence() < loosest) {
        depth = depthBefore;
        return left;
      }
      left = continued(left, operator.get());
    }
  }

  private Term continued(Term left, InfixOperator operator) {
    deeper();
    cursor.take();
    Optional<Term.Name> merge = merge();
    // The power groups to the right, and its exponent may have a sign: E^-0.5.
    Term right =
        operator == InfixOperator.POWER
            ? prefix(PrefixOperator.NEGATE.precedence())
            : infix(operator.precedence() + 1);
    if (operator.isComparison() && operatorHere().filter(InfixOperator::isComparison).isPresent()) {
      throw new SyntaxError(
          cursor.peek().span(),
          "comparisons do not chain (got a second '%s', expected 'and' between two comparisons)"
              .formatted(cursor.peek().text()),
          Optional.of("and " + TermPrinter.print(right) + " " + cursor.peek().text()));
    }
    return new Term.Infix(left, operator, merge, right, left.span().to(right.span()));
  }

  private Optional<InfixOperator> operatorHere() {
    Token token = cursor.peek();
    boolean possible = token.kind() == Token.Kind.SYMBOL || token.kind() == Token.Kind.NAME;
    return possible ? InfixOperator.of(token.text()) : Optional.empty();
  }

  private Term prefix(int loosest) {
    Token token = cursor.peek();
    if (token.is("-")) {
      return prefixed(PrefixOperator.NEGATE);
    }
    if (token.is("not")) {
      if (loosest > PrefixOperator.NOT.precedence()) {
        throw cursor.unexpected(TERM);
      }
      return prefixed(PrefixOperator.NOT);
    }
    Term base = primary();
    if (cursor.peek().is("^")) {
      return continued(base, InfixOperator.POWER);
    }
    return base;
  }

  private Term prefixed(PrefixOperator operator) {
    deeper();
    Span start = cursor.take().span();
    Term operand =
        operator == PrefixOperator.NOT
            ? infix(operator.precedence())
            : prefix(operator.precedence());
    depth--;
    return new Term.Prefix(operator, operand, start.to(operand.span()));
  }

  private Term primary() {
    Token token = cursor.peek();
    return switch (token.kind()) {
      case NUMBER -> {
        cursor.take();
        yield new Term.Numeral(token.text(), token.span());
      }
      case NAME -> named();
      case SYMBOL -> {
        if (!token.is("(")) {
          throw cursor.unexpected(TERM);
        }
        yield group();
      }
      case STRING, COMMENT, END -> throw cursor.unexpected(TERM);
    };
  }

  private Term group() {
    deeper();
    Span start = cursor.take().span();
    Term inner = term();
    cursor.expect(")");
    depth--;
    return new Term.Group(inner, cursor.since(start));
  }

  private Term named() {
    Token token = cursor.peek();
    if (token.is("true") || token.is("false")) {
      cursor.take();
      return new Term.Name(token.text(), token.span());
    }
    if (cursor.peek(1).is("[")) {
      return access();
    }
    Term.Name name = cursor.expectName(TERM);
    if (cursor.peek().is("(") || cursor.peek().is("{")) {
      return call(name);
    }
    return name;
  }

  /** A name and its indices in brackets. */
  Term.Access access() {
    Term.Name name = cursor.expectName("the name of a tensor");
    List<Term> indices = list("[", "]");
    return new Term.Access(name, indices, cursor.since(name.span()));
  }

  private Term call(Term.Name name) {
    Optional<Term.Name> merge = merge();
    List<Term> arguments = list("(", ")");
    return new Term.Call(name, merge, arguments, cursor.since(name.span()));
  }

  /** {@code ::} was taken; reads {@code max(m0)}. */
  Term.Call action() {
    Term.Name name = cursor.expectName("a reduction such as max(m)");
    if (!cursor.peek().is("(")) {
      throw cursor.unexpected("'(' and the rank variables that are reduced");
    }
    return new Term.Call(name, Optional.empty(), list("(", ")"), cursor.since(name.span()));
  }

  private Optional<Term.Name> merge() {
    if (!cursor.accept("{")) {
      return Optional.empty();
    }
    Term.Name name = cursor.expectName("a merge operator such as union");
    cursor.expect("}");
    return Optional.of(name);
  }

  private List<Term> list(String open, String close) {
    deeper();
    cursor.expect(open);
    List<Term> parts = new ArrayList<>();
    if (!cursor.accept(close)) {
      do {
        parts.add(condition());
      } while (cursor.accept(","));
      if (!cursor.accept(close)) {
        throw cursor.unexpected("an operator, ',' or '" + close + "'");
      }
    }
    depth--;
    return parts;
  }

  private void deeper() {
    if (++depth > DEEPEST) {
      throw new SyntaxError(
          cursor.peek().span(),
          "term is nested too deeply (got more than %d levels; write it as several Einsums)"
              .formatted(DEEPEST));
    }
  }
}
