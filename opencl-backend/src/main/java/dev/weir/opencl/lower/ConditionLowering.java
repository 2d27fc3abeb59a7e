package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Condition;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.Value;
import java.util.List;
import java.util.Optional;

/** From conditions to masks, one truth a lane where a lane's coordinate or table entry decides. */
final class ConditionLowering {

  private final IndexLowering indices;

  ConditionLowering(IndexLowering indices) {
    this.indices = indices;
  }

  Value mask(Condition condition, Scope scope, NodePath where) {
    return switch (condition) {
      case Condition.Compare c ->
          Arithmetic.compare(
              operator(c.comparison()),
              indices.quantity(c.left(), scope, where),
              indices.quantity(c.right(), scope, where));
      case Condition.All all ->
          Arithmetic.all(masks(all.parts(), scope, where)).orElse(Arithmetic.always());
      case Condition.Any any -> {
        Optional<Value> some = masks(any.parts(), scope, where).stream().reduce(Arithmetic::or);
        yield some.orElse(new Value.Not(Arithmetic.always()));
      }
      case Condition.Not not -> new Value.Not(mask(not.part(), scope, where));
    };
  }

  private List<Value> masks(List<Condition> parts, Scope scope, NodePath where) {
    return parts.stream().map(part -> mask(part, scope, where)).toList();
  }

  private static Value.Operator operator(Condition.Comparison comparison) {
    return switch (comparison) {
      case LESS -> Value.Operator.LESS;
      case LESS_OR_EQUAL -> Value.Operator.LESS_OR_EQUAL;
      case GREATER -> Value.Operator.GREATER;
      case GREATER_OR_EQUAL -> Value.Operator.GREATER_OR_EQUAL;
      case EQUAL -> Value.Operator.EQUAL;
      case NOT_EQUAL -> Value.Operator.NOT_EQUAL;
    };
  }
}
