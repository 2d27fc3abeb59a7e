package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Operations of an Einsum at one point of its iteration space. Every operator counts once, except
 * that
 *
 * <ul>
 *   <li>a multiplication that feeds a sum over some rank is one multiply-accumulate;
 *   <li>{@code exp(a - b)} is one exponential;
 *   <li>a reduction of anything else is one operation a point, the first point included;
 *   <li>a populate action puts one value a point in order;
 *   <li>an expression over literals, shapes and scalars is computed beforehand, and as a factor of
 *       an input it is applied when that input is packed: neither costs anything;
 *   <li>of the two branches of a selection a point runs one; the dearer counts, kind by kind.
 * </ul>
 *
 * Indices and conditions cost nothing. So generation 0 of a literal is free.
 */
public final class Operations {

  private final Set<TensorName> inputs;
  private final Map<OperationKind, Integer> counts = new EnumMap<>(OperationKind.class);

  private Operations(Set<TensorName> inputs) {
    this.inputs = inputs;
  }

  /** Operations by kind at one point; kinds that do not occur are missing. */
  public static Map<OperationKind, Integer> perPoint(Einsum einsum, Cascade cascade) {
    Set<TensorName> inputs =
        cascade.tensors().stream()
            .filter(tensor -> tensor.role() == Tensor.Role.INPUT)
            .map(Tensor::name)
            .collect(Collectors.toSet());
    Operations operations = new Operations(inputs);
    operations.einsum(einsum);
    return Collections.unmodifiableMap(operations.counts);
  }

  private void einsum(Einsum einsum) {
    expression(einsum.value());
    if (einsum.populate().isPresent()) {
      count(OperationKind.ORDER);
      return;
    }
    if (einsum.reducedRanks().isEmpty()) {
      return;
    }
    boolean isProduct = !isKnownBeforehand(einsum.value()) && charged(einsum.value()).size() > 1;
    if (einsum.reduction() == Monoid.SUM && isProduct) {
      counts.computeIfPresent(OperationKind.MULTIPLY, (_, count) -> count == 1 ? null : count - 1);
      count(OperationKind.MULTIPLY_ACCUMULATE);
    } else {
      count(OperationKind.of(einsum.reduction()));
    }
  }

  private void expression(Expression expression) {
    if (isKnownBeforehand(expression)) {
      return;
    }
    List<Expression> factors = charged(expression);
    if (factors.size() != 1 || !factors.getFirst().equals(expression)) {
      factors.forEach(this::expression);
      if (factors.size() > 1) {
        counts.merge(OperationKind.MULTIPLY, factors.size() - 1, Integer::sum);
      }
      return;
    }
    switch (expression) {
      case Expression.Literal _,
          Expression.ShapeValue _,
          Expression.Position _,
          Expression.ScalarRead _,
          Expression.Parameter _,
          Expression.Read _ -> {}
      case Expression.Apply apply -> apply(apply);
      case Expression.Unary unary -> unary(unary);
      case Expression.Binary binary -> {
        count(OperationKind.of(binary.operator()));
        expression(binary.left());
        expression(binary.right());
      }
      case Expression.Select select -> select(select);
    }
  }

  private void unary(Expression.Unary unary) {
    count(OperationKind.of(unary.operator()));
    if (unary.operator() == UnaryOperator.EXP
        && unary.operand() instanceof Expression.Binary difference
        && difference.operator() == BinaryOperator.SUBTRACT) {
      expression(difference.left());
      expression(difference.right());
    } else {
      expression(unary.operand());
    }
  }

  /** Arguments are computed once, however often the body names them. */
  private void apply(Expression.Apply apply) {
    apply
        .function()
        .cost()
        .ifPresentOrElse(
            cost ->
                cost.forEach(
                    (word, count) ->
                        counts.merge(OperationKind.named(word).orElseThrow(), count, Integer::sum)),
            () -> expression(apply.function().body()));
    apply.arguments().forEach(this::expression);
  }

  private void select(Expression.Select select) {
    Operations then = new Operations(inputs);
    then.expression(select.then());
    Operations otherwise = new Operations(inputs);
    otherwise.expression(select.otherwise());
    otherwise.counts.forEach((kind, count) -> then.counts.merge(kind, count, Math::max));
    then.counts.forEach((kind, count) -> counts.merge(kind, count, Integer::sum));
  }

  /**
   * Factors of a product that are multiplied at every point; the expression itself if it is none.
   */
  private List<Expression> charged(Expression expression) {
    if (expression instanceof Expression.Binary quotient
        && quotient.operator() == BinaryOperator.DIVIDE
        && isKnownBeforehand(quotient.right())
        && charged(quotient.left()).stream().anyMatch(this::isInput)) {
      return charged(quotient.left());
    }
    List<Expression> factors = new ArrayList<>();
    collectFactors(expression, factors);
    List<Expression> varying = factors.stream().filter(f -> !isKnownBeforehand(f)).toList();
    return varying.stream().anyMatch(this::isInput) ? varying : factors;
  }

  private static void collectFactors(Expression expression, List<Expression> factors) {
    if (expression instanceof Expression.Binary binary
        && binary.operator() == BinaryOperator.MULTIPLY) {
      collectFactors(binary.left(), factors);
      collectFactors(binary.right(), factors);
    } else {
      factors.add(expression);
    }
  }

  private boolean isInput(Expression factor) {
    return factor instanceof Expression.Read read && inputs.contains(read.access().tensor());
  }

  /** Depends on nothing but shapes and on inputs without ranks. */
  private boolean isKnownBeforehand(Expression expression) {
    return switch (expression) {
      case Expression.Literal _, Expression.ShapeValue _, Expression.ScalarRead _ -> true;
      case Expression.Position position -> position.index().ranks().findAny().isEmpty();
      case Expression.Read read ->
          inputs.contains(read.access().tensor()) && read.access().ranks().findAny().isEmpty();
      case Expression.Unary unary -> isKnownBeforehand(unary.operand());
      case Expression.Binary binary ->
          isKnownBeforehand(binary.left()) && isKnownBeforehand(binary.right());
      case Expression.Select _, Expression.Parameter _ -> false;
      case Expression.Apply apply -> apply.arguments().stream().allMatch(this::isKnownBeforehand);
    };
  }

  private void count(OperationKind kind) {
    counts.merge(kind, 1, Integer::sum);
  }
}
