package dev.weir.einsum.check;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import dev.weir.einsum.syntax.Statement.Assignment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Warns where the empty value 0 is hardly meant: of masked scores of which a softmax is taken, as
 * {@code exp(QK - GM)} counts a missing score as 0, so that masked elements keep a weight; and of
 * what is ordered from the smallest on, as a distance of 0 is no value then.
 */
final class EmptyCheck {

  private final Scope scope;
  private final Findings findings;
  private final List<Einsum> einsums;

  private EmptyCheck(Scope scope, Findings findings, List<Einsum> einsums) {
    this.scope = scope;
    this.findings = findings;
    this.einsums = einsums;
  }

  /** Looks at all Einsums; there is one for each assignment, in its order. */
  static void check(Scope scope, Findings findings, List<Einsum> einsums) {
    EmptyCheck check = new EmptyCheck(scope, findings, einsums);
    for (int i = 0; i < einsums.size(); i++) {
      if (SumCheck.isOwn(scope.assignments().get(i))) {
        check.order(einsums.get(i), scope.assignments().get(i));
      }
    }
    scope.assignments().stream().filter(SumCheck::isOwn).forEach(check::check);
  }

  /** The smallest of distances is 0, and that is absent unless the tensor says otherwise. */
  private void order(Einsum einsum, Assignment ordering) {
    boolean isSmallestFirst =
        einsum.populate().filter(p -> p.order() == Populate.Order.SMALLEST_FIRST).isPresent();
    if (isSmallestFirst && einsum.value() instanceof Expression.Read(Access access)) {
      String ordered = access.tensor().text();
      List<Assignment> making =
          scope.assignments().stream().filter(a -> a.tensor().text().equals(ordered)).toList();
      boolean isZero =
          !making.isEmpty()
              && making.stream().allMatch(a -> DefaultEmpty.of(a) == 0)
              && !scope.empties().containsKey(ordered);
      if (isZero) {
        findings.warning(
            ordering.right().span(),
            "elements of %s that are 0 are absent and have no place in the order (got the empty"
                    .formatted(ordered)
                + " value 0, expected one that is no value of it)",
            "empty %s = inf".formatted(ordered));
      }
    }
  }

  private void check(Assignment masked) {
    String scores = masked.tensor().text();
    if (masked.condition().isEmpty()
        || scope.empties().containsKey(scores)
        || DefaultEmpty.of(masked) != 0
        || !hasMaximum(scores)) {
      return;
    }
    einsums.stream()
        .filter(einsum -> einsum.condition().isEmpty())
        .flatMap(einsum -> weight(einsum.value(), scores).stream())
        .findFirst()
        .ifPresent(
            maximum ->
                findings.warning(
                    masked.left().span(),
                    "masked elements of %s count as 0 in exp(%s - %s) and keep a weight (got the"
                            .formatted(scores, scores, maximum)
                        + " empty value 0, expected -inf)",
                    "empty %s = -inf".formatted(scores)));
  }

  private boolean hasMaximum(String scores) {
    return einsums.stream()
        .filter(einsum -> einsum.reduction() == Monoid.MAXIMUM && einsum.populate().isEmpty())
        .anyMatch(einsum -> isRead(einsum.value(), scores));
  }

  private static boolean isRead(Expression expression, String tensor) {
    return expression instanceof Expression.Read read
        && read.access().tensor().equals(new TensorName(tensor));
  }

  /** What is subtracted from the scores before an exponential is taken. */
  private static Optional<String> weight(Expression expression, String scores) {
    Optional<Expression.Binary> difference =
        switch (expression) {
          case Expression.Binary binary
              when binary.operator() == BinaryOperator.SUBTRACT_THEN_EXP ->
              Optional.of(binary);
          case Expression.Unary unary
              when unary.operator() == UnaryOperator.EXP
                  && unary.operand() instanceof Expression.Binary binary
                  && binary.operator() == BinaryOperator.SUBTRACT ->
              Optional.of(binary);
          case Expression.Literal _,
              Expression.ShapeValue _,
              Expression.Position _,
              Expression.ScalarRead _,
              Expression.Read _,
              Expression.Unary _,
              Expression.Binary _,
              Expression.Select _,
              Expression.Apply _,
              Expression.Parameter _ ->
              Optional.empty();
        };
    return Stream.concat(
            difference.filter(found -> isRead(found.left(), scores)).stream()
                .flatMap(found -> found.right().reads())
                .map(access -> access.tensor().text()),
            expression.children().stream().flatMap(child -> weight(child, scores).stream()))
        .findFirst();
  }
}
