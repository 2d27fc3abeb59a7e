package dev.weir.opencl.lower;

import dev.weir.opencl.kernel.Value;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A right side, or a part of one, as a kernel computes it.
 *
 * @param value what it is where it is present
 * @param presence where that is; everywhere when empty
 * @param whenAbsent what {@code value} evaluates to where it is absent, if that is known for finite
 *     operands
 * @param guard where that holds for any operands: where nothing is absent because of its place, as
 *     a masked or an outer point is; everywhere when empty
 */
record Operand(
    Value value, Optional<Value> presence, OptionalDouble whenAbsent, Optional<Value> guard) {

  static Operand always(Value value) {
    return new Operand(value, Optional.empty(), OptionalDouble.empty(), Optional.empty());
  }

  /** Where it must be replaced by a number that it is to be where it is absent, if anywhere. */
  Optional<Value> mask(double number) {
    boolean isNumber =
        presence.isEmpty() || (whenAbsent.isPresent() && whenAbsent.getAsDouble() == number);
    return isNumber ? guard : presence;
  }

  /** Its value where it is present, the number where it is absent. */
  Value orElse(double number) {
    return mask(number)
        .map(mask -> Arithmetic.select(mask, value, new Value.Real(number)))
        .orElse(value);
  }
}
