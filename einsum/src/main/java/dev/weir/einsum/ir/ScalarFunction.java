package dev.weir.einsum.ir;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pure function of numbers that a cascade defines.
 *
 * @param name its name
 * @param parameters names of its arguments
 * @param body its value, over parameters, literals, shapes and scalars
 * @param cost operations that a unit spends on it, by their word in architecture files; those of
 *     the body when empty
 * @param range values it can have
 * @param direction whether it rises or falls
 */
public record ScalarFunction(
    String name,
    List<String> parameters,
    Expression body,
    Optional<Map<String, Integer>> cost,
    Range range,
    Direction direction) {

  /** A closed interval. */
  public record Range(double least, double most) {

    /** Every number. */
    public static final Range ANY = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** How a function of one argument moves with it. */
  public enum Direction {
    /** Never falls. */
    RISING,
    /** Never rises. */
    FALLING,
    UNKNOWN
  }

  public ScalarFunction {
    parameters = List.copyOf(parameters);
    cost = cost.map(Map::copyOf);
  }
}
