package dev.weir.einsum.check;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Condition.Comparison;
import dev.weir.einsum.syntax.InfixOperator;
import dev.weir.einsum.syntax.PrefixOperator;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gives conditions and the whole numbers in them their meaning; all names in them are known. */
final class ConditionLowering {

  private final Findings findings;
  private final IndexLowering indices;

  ConditionLowering(Findings findings, IndexLowering indices) {
    this.findings = findings;
    this.indices = indices;
  }

  Condition condition(Term term) {
    return switch (term) {
      case Term.Group group -> condition(group.inner());
      case Term.Name name when name.text().equals("true") -> new Condition.All(List.of());
      case Term.Name name when name.text().equals("false") -> new Condition.Any(List.of());
      case Term.Prefix prefix when prefix.operator() == PrefixOperator.NOT ->
          new Condition.Not(condition(prefix.operand()));
      case Term.Infix infix -> infix(infix);
      case Term.Numeral _, Term.Name _, Term.Access _, Term.Call _, Term.Prefix _ ->
          throw notACondition(term);
    };
  }

  private Condition infix(Term.Infix infix) {
    refuseMerge(infix);
    if (infix.operator() == InfixOperator.AND || infix.operator() == InfixOperator.OR) {
      List<Condition> parts = new ArrayList<>();
      collect(infix, infix.operator(), parts);
      return infix.operator() == InfixOperator.AND
          ? new Condition.All(parts)
          : new Condition.Any(parts);
    }
    if (!infix.operator().isComparison()) {
      throw notACondition(infix);
    }
    Comparison comparison =
        Arrays.stream(Comparison.values())
            .filter(c -> c.text().equals(infix.operator().text()))
            .findFirst()
            .orElseThrow();
    return new Condition.Compare(
        indices.quantity(infix.left()), comparison, indices.quantity(infix.right()));
  }

  /** {@code a and b and c} is one condition of three parts; parentheses keep parts apart. */
  private void collect(Term term, InfixOperator operator, List<Condition> parts) {
    if (term instanceof Term.Infix infix && infix.operator() == operator) {
      refuseMerge(infix);
      collect(infix.left(), operator, parts);
      parts.add(condition(infix.right()));
    } else {
      parts.add(condition(term));
    }
  }

  static void refuseMerge(Term.Infix infix) {
    if (infix.merge().isPresent()) {
      throw new Rejection(
          infix.merge().get().span(),
          "an index or a condition takes no merge operator, as numbers in it are never absent"
              + " (got %s, expected none)".formatted(infix.merge().get().text()));
    }
  }

  private Rejection notACondition(Term term) {
    return new Rejection(
        term.span(),
        "not a condition (got '%s', expected a comparison such as m <= p, combined with and, or,"
                .formatted(findings.text(term.span()))
            + " not)");
  }
}
