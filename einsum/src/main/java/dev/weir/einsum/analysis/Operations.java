package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

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
 *       an input it is applied when that input is packed, if all reads of the input stand beside
 *       the same factor: neither costs anything;
 *   <li>of the two branches of a selection a point runs one; the dearer counts, kind by kind.
 * </ul>
 *
 * Indices and conditions cost nothing. So generation 0 of a literal is free.
 */
public final class Operations {

  private final PackedFactors packed;
  private final Map<OperationKind, Integer> counts = new EnumMap<>(OperationKind.class);

  /** Whether some selection has a branch that needs less than the other. */
  private boolean hasCheaperBranch;

  private Operations(PackedFactors packed) {
    this.packed = packed;
  }

  /** Operations by kind at one point; kinds that do not occur are missing. */
  public static Map<OperationKind, Integer> perPoint(Einsum einsum, Cascade cascade) {
    return perPoint(einsum, PackedFactors.of(cascade));
  }

  /** The same, where factors that inputs carry are known. */
  static Map<OperationKind, Integer> perPoint(Einsum einsum, PackedFactors packed) {
    Operations operations = new Operations(packed);
    operations.einsum(einsum);
    return Collections.unmodifiableMap(operations.counts);
  }

  /** Whether some points need less, since they run the cheaper branch of a selection. */
  static boolean areUpperBound(Einsum einsum, PackedFactors packed) {
    Operations operations = new Operations(packed);
    operations.expression(einsum.value());
    return operations.hasCheaperBranch;
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
    if (einsum.reduction() == Monoid.SUM && isProduct(einsum.value())) {
      counts.computeIfPresent(OperationKind.MULTIPLY, (_, count) -> count == 1 ? null : count - 1);
      count(OperationKind.MULTIPLY_ACCUMULATE);
    } else {
      count(OperationKind.of(einsum.reduction()));
    }
  }

  /** Whether the last operation at a point is a multiplication. */
  private boolean isProduct(Expression value) {
    if (packed.isKnownBeforehand(value)) {
      return false;
    }
    PackedFactors.Product product = packed.product(value);
    return packed.areCarried(product)
        ? product.varying().size() > 1
        : value instanceof Expression.Binary binary && binary.operator() == BinaryOperator.MULTIPLY;
  }

  private void expression(Expression expression) {
    if (packed.isKnownBeforehand(expression)) {
      return;
    }
    PackedFactors.Product product = packed.product(expression);
    if (packed.areCarried(product)) {
      product.varying().forEach(this::factor);
      if (product.varying().size() > 1) {
        counts.merge(OperationKind.MULTIPLY, product.varying().size() - 1, Integer::sum);
      }
      return;
    }
    factor(expression);
  }

  /** One that is no product of which an input carries a part. */
  private void factor(Expression expression) {
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
    Operations then = new Operations(packed);
    then.expression(select.then());
    Operations otherwise = new Operations(packed);
    otherwise.expression(select.otherwise());
    hasCheaperBranch |=
        then.hasCheaperBranch
            || otherwise.hasCheaperBranch
            || !then.counts.equals(otherwise.counts);
    otherwise.counts.forEach((kind, count) -> then.counts.merge(kind, count, Math::max));
    then.counts.forEach((kind, count) -> counts.merge(kind, count, Integer::sum));
  }

  private void count(OperationKind kind) {
    counts.merge(kind, 1, Integer::sum);
  }
}
