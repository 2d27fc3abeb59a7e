package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What may be absent because of where it is: outside a tensor, where a condition fails, or made of
 * such. What is absent only because a number is 0 by chance does not count.
 */
final class Absence {

  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, Einsum> producers;
  private final Set<TensorName> placed = new HashSet<>();

  Absence(Cascade cascade, Map<TensorName, Einsum> producers) {
    this.tensors = cascade.tensorsByName();
    this.producers = producers;
    boolean isNew = true;
    while (isNew) {
      isNew = false;
      for (Einsum einsum : cascade.einsums()) {
        boolean isAbsent =
            einsum.condition().isPresent()
                || einsum.populate().isPresent()
                || einsum.value().reads().anyMatch(this::mayBeAbsent);
        isNew |= isAbsent && placed.add(einsum.output().tensor());
      }
    }
  }

  /**
   * Whether a value may be absent because of its place.
   *
   * @param holding conditions that hold here: what only they leave out is there, if it is read at
   *     the very coordinates that it is written at
   */
  boolean mayBeAbsent(Expression expression, Set<Condition> holding) {
    return switch (expression) {
      case Expression.Read read -> mayBeAbsent(read.access(), holding);
      case Expression.Apply apply -> mayBeAbsent(apply.inlined(), holding);
      case Expression.Binary binary when isNullOnlyByItsLeft(binary) ->
          mayBeAbsent(binary.left(), holding);
      case Expression.Binary _, Expression.Unary _, Expression.Select _ ->
          expression.children().stream().anyMatch(child -> mayBeAbsent(child, holding));
      case Expression.Literal _, Expression.ShapeValue _, Expression.ScalarRead _ -> false;
      case Expression.Position _, Expression.Parameter _ -> false;
    };
  }

  /** exp(a - b) is 0, but for underflow, where a is -inf or b is +inf. */
  private boolean isNullOnlyByItsLeft(Expression.Binary binary) {
    return binary.operator() == BinaryOperator.SUBTRACT_THEN_EXP
        && binary.right() instanceof Expression.Read(Access subtracted)
        && tensors.get(subtracted.tensor()).empty() != Double.POSITIVE_INFINITY;
  }

  private boolean mayBeAbsent(Access access) {
    return placed.contains(access.tensor()) || !isInside(access);
  }

  private boolean mayBeAbsent(Access access, Set<Condition> holding) {
    if (!mayBeAbsent(access) || !isInside(access)) {
      return mayBeAbsent(access);
    }
    Einsum producer = producers.get(access.tensor());
    if (producer == null
        || producer.populate().isPresent()
        || !access.indices().equals(producer.output().indices())) {
      return true;
    }
    Set<Condition> ofElement =
        holding.stream()
            .filter(condition -> condition.ranks().noneMatch(producer.reducedRanks()::contains))
            .collect(Collectors.toSet());
    return producer.condition().filter(condition -> !ofElement.contains(condition)).isPresent()
        || mayBeAbsent(producer.value(), ofElement);
  }

  private static boolean isInside(Access access) {
    return access.indices().stream()
        .allMatch(
            index ->
                switch (index) {
                  case Index.Coordinate _, Index.Joined _, Index.HeadMap _ -> true;
                  case Index.Next _, Index.Last _ -> true;
                  case Index.Fixed _, Index.Affine _, Index.Computed _, Index.Gathered _ -> false;
                });
  }
}
