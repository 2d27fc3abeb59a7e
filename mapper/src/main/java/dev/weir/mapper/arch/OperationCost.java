package dev.weir.mapper.arch;

import java.util.Optional;

/**
 * What one operation costs in one instance of a unit.
 *
 * @param initiationIntervalCycles cycles until the instance can start the next one
 * @param picojoules energy
 * @param squareMillimetres area that the operation adds to the instance: 0 when it runs on the
 *     hardware of another one, empty when it is not known
 */
public record OperationCost(
    Rational initiationIntervalCycles, double picojoules, Optional<Double> squareMillimetres) {

  /** An operation on hardware of unknown area. */
  public OperationCost(Rational initiationIntervalCycles, double picojoules) {
    this(initiationIntervalCycles, picojoules, Optional.empty());
  }
}
