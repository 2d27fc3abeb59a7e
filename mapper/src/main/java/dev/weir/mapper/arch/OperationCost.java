package dev.weir.mapper.arch;

import java.util.Optional;

/**
 * What one operation costs in one instance of a unit.
 *
 * @param initiationIntervalCycles cycles until the instance can start the next one
 * @param latencyCycles cycles from its start until its result is there; 0 where that is no longer
 *     than the interval
 * @param picojoules energy
 * @param squareMillimetres area that the operation adds to the instance: 0 when it runs on the
 *     hardware of another one, empty when it is not known
 */
public record OperationCost(
    Rational initiationIntervalCycles,
    long latencyCycles,
    double picojoules,
    Optional<Double> squareMillimetres) {

  /** An operation on hardware of unknown area, whose result is there after its interval. */
  public OperationCost(Rational initiationIntervalCycles, double picojoules) {
    this(initiationIntervalCycles, 0, picojoules, Optional.empty());
  }
}
