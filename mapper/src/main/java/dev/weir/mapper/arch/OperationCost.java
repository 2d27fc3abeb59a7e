package dev.weir.mapper.arch;

/**
 * What one operation costs in one instance of a unit.
 *
 * @param initiationIntervalCycles cycles until the instance can start the next one
 * @param picojoules energy
 */
public record OperationCost(Rational initiationIntervalCycles, double picojoules) {}
