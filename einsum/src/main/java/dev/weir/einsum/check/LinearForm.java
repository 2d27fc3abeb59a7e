package dev.weir.einsum.check;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.syntax.InfixOperator;
import dev.weir.einsum.syntax.PrefixOperator;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A sum of whole numbers, rank variables with coefficients, and rank variables times the shape of
 * another rank.
 */
final class LinearForm {

  /** {@code m1*M0}. */
  private record Step(RankName variable, RankName shape, long sign) {}

  private final Scope scope;
  private final List<Index.Term> terms = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private long offset;

  private LinearForm(Scope scope) {
    this.scope = scope;
  }

  /** The index that a term is; nothing when it is no such sum. */
  static Optional<Index> of(Term term, Scope scope) {
    LinearForm form = new LinearForm(scope);
    if (!form.collect(term, 1)) {
      return Optional.empty();
    }
    if (form.steps.isEmpty() && form.terms.isEmpty()) {
      return Optional.of(new Index.Fixed(form.offset));
    }
    return form.steps.isEmpty()
        ? Optional.of(new Index.Affine(form.terms, form.offset))
        : form.joined();
  }

  private Optional<Index> joined() {
    boolean oneOfEach = steps.size() == 1 && terms.size() == 1 && offset == 0;
    if (!oneOfEach || steps.getFirst().sign() != 1 || terms.getFirst().coefficient() != 1) {
      return Optional.empty();
    }
    RankName outer = steps.getFirst().variable();
    RankName inner = terms.getFirst().rank();
    return scope
        .partitionInto(outer, inner)
        .filter(split -> steps.getFirst().shape().equals(inner))
        .map(split -> new Index.Joined(split.parent(), outer, inner));
  }

  private boolean collect(Term term, long sign) {
    return switch (term) {
      case Term.Numeral _ -> addNumber(term, sign);
      case Term.Name name -> addVariable(name, sign);
      case Term.Prefix prefix ->
          prefix.operator() == PrefixOperator.NEGATE && collect(prefix.operand(), -sign);
      case Term.Infix infix -> infix.merge().isEmpty() && collectInfix(infix, sign);
      case Term.Access _, Term.Call _, Term.Group _ -> false;
    };
  }

  private boolean collectInfix(Term.Infix infix, long sign) {
    InfixOperator operator = infix.operator();
    if (operator == InfixOperator.ADD || operator == InfixOperator.SUBTRACT) {
      return collect(infix.left(), sign)
          && collect(infix.right(), operator == InfixOperator.ADD ? sign : -sign);
    }
    return operator == InfixOperator.MULTIPLY
        && (product(infix.left(), infix.right(), sign)
            || product(infix.right(), infix.left(), sign));
  }

  /** {@code 2*p} or {@code M0*m1}. */
  private boolean product(Term factor, Term term, long sign) {
    Optional<RankName> variable =
        term instanceof Term.Name name ? scope.rankOfVariable(name.text()) : Optional.empty();
    if (variable.isEmpty()) {
      return false;
    }
    // Parentheses keep arithmetic of conditions apart from indices: (2)*m is a product.
    OptionalLong coefficient =
        factor instanceof Term.Group ? OptionalLong.empty() : Terms.integer(factor);
    if (coefficient.isPresent()) {
      terms.add(new Index.Term(sign * coefficient.getAsLong(), variable.get()));
      return true;
    }
    Optional<RankName> shape =
        factor instanceof Term.Name name ? scope.rankOfShape(name.text()) : Optional.empty();
    shape.ifPresent(rank -> steps.add(new Step(variable.get(), rank, sign)));
    return shape.isPresent();
  }

  private boolean addNumber(Term term, long sign) {
    OptionalLong number = Terms.integer(term);
    offset += sign * number.orElse(0);
    return number.isPresent();
  }

  private boolean addVariable(Term.Name name, long sign) {
    Optional<RankName> rank = scope.rankOfVariable(name.text());
    rank.ifPresent(variable -> terms.add(new Index.Term(sign, variable)));
    return rank.isPresent();
  }
}
