package dev.weir.mapper.technology;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A quantity that grows with the size of a memory, by some known points. Between them it follows a
 * power law, that is, a straight line where both axes are logarithmic; beyond the outermost points
 * the law of the outermost two goes on. A single point stands for all sizes.
 */
final class Curve {

  private final NavigableMap<Double, Double> points;

  /**
   * Of known values by size.
   *
   * @param points at least one; sizes and values above 0
   */
  Curve(Map<Double, Double> points) {
    this.points = new TreeMap<>(points);
    if (points.isEmpty()
        || points.entrySet().stream().anyMatch(p -> p.getKey() <= 0 || p.getValue() <= 0)) {
      throw new IllegalArgumentException("points " + points);
    }
  }

  /** The value at a size above 0; exactly the known one at a point. */
  double at(double size) {
    Double known = points.get(size);
    if (known != null) {
      return known;
    }
    if (points.size() == 1) {
      return points.firstEntry().getValue();
    }
    List<Double> ends = around(size);
    double lower = ends.getFirst();
    double upper = ends.getLast();
    double exponent = Math.log(points.get(upper) / points.get(lower)) / Math.log(upper / lower);
    return points.get(lower) * Math.pow(size / lower, exponent);
  }

  private List<Double> around(double size) {
    if (size < points.firstKey()) {
      return List.of(points.firstKey(), points.higherKey(points.firstKey()));
    }
    return size > points.lastKey()
        ? List.of(points.lowerKey(points.lastKey()), points.lastKey())
        : List.of(points.lowerKey(size), points.higherKey(size));
  }
}
