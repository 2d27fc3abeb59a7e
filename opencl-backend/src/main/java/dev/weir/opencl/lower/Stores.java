package dev.weir.opencl.lower;

import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.List;
import java.util.Optional;

/** Chooses the statement that stores a value. */
final class Stores {

  private Stores() {}

  /**
   * A store where all conditions hold.
   *
   * @param conditions scalars guard the whole store, vectors single lanes
   */
  static Statement masked(
      Array array, AffineForm index, Value value, List<Value> conditions, int lanes) {
    List<Value> scalar = conditions.stream().filter(c -> c.type().lanes() == 1).toList();
    List<Value> vector = conditions.stream().filter(c -> c.type().lanes() > 1).toList();
    Statement store = store(array, index, value, Arithmetic.all(vector), lanes);
    return Arithmetic.all(scalar)
        .<Statement>map(condition -> new Statement.If(condition, List.of(store)))
        .orElse(store);
  }

  private static Statement store(
      Array array, AffineForm index, Value value, Optional<Value> mask, int lanes) {
    if (!index.hasLane()) {
      return new Statement.Assign(
          array, index.value(1), Arithmetic.broadcast(value, array.element().lanes()));
    }
    Value vector = Arithmetic.broadcast(value, lanes);
    if (index.coefficient(AffineForm.LANE) == 1 && mask.isEmpty()) {
      return new Statement.AssignNeighbours(array, index.withoutLane().value(1), vector);
    }
    return new Statement.Scatter(array, index.value(lanes), vector, mask);
  }
}
