package dev.weir.einsum.check;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Condition.Arithmetic;
import dev.weir.einsum.ir.Condition.Comparison;
import dev.weir.einsum.ir.Condition.Quantity;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.syntax.InfixOperator;
import dev.weir.einsum.syntax.PrefixOperator;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Gives conditions and the whole numbers in them their meaning; all names in them are known. */
final class ConditionLowering {

  private final Scope scope;
  private final Findings findings;
  private final IndexLowering indices;

  ConditionLowering(Scope scope, Findings findings, IndexLowering indices) {
    this.scope = scope;
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
    return new Condition.Compare(quantity(infix.left()), comparison, quantity(infix.right()));
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

  private Quantity quantity(Term grouped) {
    Term term = grouped.ungrouped();
    if (term instanceof Term.Name name && scope.tensor(name.text()).isEmpty()) {
      Optional<Quantity> shape = scope.rankOfShape(name.text()).map(Quantity.OfShape::new);
      if (shape.isPresent()) {
        return shape.get();
      }
    }
    Optional<Index> index = indices.recognise(term, false);
    if (index.isPresent()) {
      return new Quantity.OfIndex(index.get());
    }
    return switch (term) {
      case Term.Infix infix -> combined(infix);
      case Term.Prefix prefix when prefix.operator() == PrefixOperator.NEGATE ->
          new Quantity.Combined(
              new Quantity.OfIndex(new Index.Fixed(0)),
              Arithmetic.SUBTRACT,
              quantity(prefix.operand()));
      case Term.Numeral _, Term.Name _, Term.Access _, Term.Call _, Term.Prefix _, Term.Group _ ->
          throw notANumber(term);
    };
  }

  private Quantity combined(Term.Infix infix) {
    refuseMerge(infix);
    Arithmetic operator =
        Arrays.stream(Arithmetic.values())
            .filter(a -> a.text().equals(infix.operator().text()))
            .findFirst()
            .orElseThrow(() -> notANumber(infix));
    return new Quantity.Combined(quantity(infix.left()), operator, quantity(infix.right()));
  }

  private static void refuseMerge(Term.Infix infix) {
    if (infix.merge().isPresent()) {
      throw new Rejection(
          infix.merge().get().span(),
          "whole numbers in conditions are never absent (got a merge operator, expected none)");
    }
  }

  private Rejection notACondition(Term term) {
    return new Rejection(
        term.span(),
        "not a condition (got '%s', expected a comparison such as m <= p, combined with and, or,"
                .formatted(findings.text(term.span()))
            + " not)");
  }

  private Rejection notANumber(Term term) {
    return new Rejection(
        term.span(),
        "conditions compare whole numbers (got '%s', expected coordinates, shapes, tables, whole"
                .formatted(findings.text(term.span()))
            + " numbers and + - * / % of them)");
  }
}
