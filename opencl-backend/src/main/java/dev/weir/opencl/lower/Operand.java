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
 */
record Operand(Value value, Optional<Value> presence, OptionalDouble whenAbsent) {

  static Operand always(Value value) {
    return new Operand(value, Optional.empty(), OptionalDouble.empty());
  }

  /** Whether it is the number where it is absent, without any selection. */
  boolean isWhenAbsent(double number) {
    return presence.isEmpty() || (whenAbsent.isPresent() && whenAbsent.getAsDouble() == number);
  }

  /** Its value where it is present, the number where it is absent. */
  Value orElse(double number) {
    return isWhenAbsent(number)
        ? value
        : Arithmetic.select(presence.orElseThrow(), value, new Value.Real(number));
  }
}
