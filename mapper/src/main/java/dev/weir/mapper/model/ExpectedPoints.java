package dev.weir.mapper.model;

import java.util.List;

/**
 * The expected number of iterations with a present point, where entries of tables are drawn: of all
 * iterations with all values of the entries, divided by the number of values.
 */
final class ExpectedPoints {

  /**
   * What makes two of them equal.
   *
   * @param points over the values of the entries too
   * @param values groups of these
   */
  record Key(PresentPoints.Key points, List<Integer> values) {}

  private final PresentPoints points;
  private final List<Integer> values;

  private ExpectedPoints(RankTable ranks, Key key) {
    this.points = PresentPoints.of(ranks, key.points());
    this.values = key.values();
  }

  static ExpectedPoints of(RankTable ranks, Key key) {
    return new ExpectedPoints(ranks, key);
  }

  /** Whether they are too many to count. */
  boolean isTooLarge(Numbers numbers) {
    return points.isTooLarge(numbers);
  }

  /** The number. */
  Fraction value(Numbers numbers) {
    return perValue(points.count(numbers), numbers);
  }

  /** The number if all points were present, whatever the tables hold. */
  Fraction asIfAll(Numbers numbers) {
    return perValue(points.asIfAll(numbers), numbers);
  }

  private Fraction perValue(long count, Numbers numbers) {
    Fraction result = Fraction.of(count);
    for (int group : values) {
      result = result.dividedBy(numbers.steps[group]);
    }
    return result;
  }
}
