package dev.weir.einsum.syntax;

import dev.weir.einsum.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whatever can stand right of {@code =}, in brackets, or after {@code |}. Values, indices and
 * conditions share one grammar, so that parentheses need no look-ahead and a wrong kind gets a
 * message about its meaning.
 */
public sealed interface Term {

  /** Where it stands. */
  Span span();

  /** A number as it was written; {@code inf} is one. */
  record Numeral(String text, Span span) implements Term {

    /** Its value. */
    public double value() {
      return value(text);
    }

    /** The value of digits as a text writes them; K, M and G are 1024, 1024² and 1024³. */
    static double value(String text) {
      double scale =
          switch (text.charAt(text.length() - 1)) {
            case 'K' -> 1L << 10;
            case 'M' -> 1L << 20;
            case 'G' -> 1L << 30;
            default -> 1;
          };
      String digits = scale == 1 ? text : text.substring(0, text.length() - 1);
      return digits.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(digits) * scale;
    }
  }

  /** A rank, rank variable, scalar, or tensor without ranks. */
  record Name(String text, Span span) implements Term {}

  /** {@code K[b,h,m,e]}. */
  record Access(Name tensor, List<Term> indices, Span span) implements Term {
    public Access {
      indices = List.copyOf(indices);
    }
  }

  /** {@code max(a, b)}, or {@code max{union}(a, b)} with its merge operator. */
  record Call(Name function, Optional<Name> merge, List<Term> arguments, Span span)
      implements Term {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code -a}, {@code not c}. */
  record Prefix(PrefixOperator operator, Term operand, Span span) implements Term {}

  /** {@code a * b}, or {@code a *{union} b} with its merge operator. */
  record Infix(Term left, InfixOperator operator, Optional<Name> merge, Term right, Span span)
      implements Term {}

  /** A term in parentheses. They are kept: {@code exp((a - b))} differs from {@code exp(a - b)}. */
  record Group(Term inner, Span span) implements Term {}

  /** Direct parts, left to right; names of tensors, functions and merge operators are none. */
  default List<Term> children() {
    return switch (this) {
      case Numeral _, Name _ -> List.of();
      case Access access -> access.indices();
      case Call call -> call.arguments();
      case Prefix prefix -> List.of(prefix.operand());
      case Infix infix -> List.of(infix.left(), infix.right());
      case Group group -> List.of(group.inner());
    };
  }

  /** This term and all terms in it, outermost first. */
  default Stream<Term> all() {
    List<Term> all = new ArrayList<>();
    collect(this, all);
    return all.stream();
  }

  private static void collect(Term term, List<Term> all) {
    all.add(term);
    term.children().forEach(child -> collect(child, all));
  }

  /** This term without the parentheses around it. */
  default Term ungrouped() {
    return this instanceof Group group ? group.inner().ungrouped() : this;
  }
}
