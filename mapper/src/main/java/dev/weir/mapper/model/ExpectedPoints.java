package dev.weir.mapper.model;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.model.Interval.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The expected number of iterations with a present point, where entries of tables are drawn: of all
 * iterations with all values of the entries, divided by the number of values.
 */
final class ExpectedPoints {

  /**
   * What makes two of them equal.
   *
   * @param points over the values of the entries too
   * @param entries of tables
   * @param own what points are counted by that are not told apart and read entries of their own;
   *     then values are no points
   */
  record Key(PresentPoints.Key points, List<Draws.Draw> entries, Optional<OwnEntries.Key> own) {}

  private final RankTable ranks;
  private final PresentPoints points;
  private final Key key;
  private final boolean isEven;
  private final Optional<OwnEntries> own;

  private ExpectedPoints(RankTable ranks, Key key) {
    this.ranks = ranks;
    this.points = PresentPoints.of(ranks, key.points());
    this.key = key;
    this.own = key.own().flatMap(of -> OwnEntries.of(ranks, of));
    this.isEven = key.entries().stream().allMatch(Draws.Draw::isEven);
  }

  static ExpectedPoints of(RankTable ranks, Key key) {
    return new ExpectedPoints(ranks, key);
  }

  /** Whether they are not counted: too many, or it is not said how likely values are. */
  boolean isTooLarge(Numbers numbers) {
    boolean isTooLarge =
        own.isPresent() ? own.get().isTooLarge(numbers) : points.isTooLarge(numbers);
    return (isTooLarge || !isEven) && !isCertain(numbers);
  }

  /** Whether it is the same whatever the tables hold. */
  boolean isCertain(Numbers numbers) {
    return verdict(numbers) != Verdict.SOMETIMES;
  }

  private Verdict verdict(Numbers numbers) {
    return Box.whole(ranks, numbers).verdict(key.points().condition());
  }

  /** The ranks of the values of the entries. */
  Stream<RankName> values() {
    return key.entries().stream().map(Draws.Draw::rank);
  }

  /** The number. */
  Fraction value(Numbers numbers) {
    Verdict verdict = verdict(numbers);
    if (verdict == Verdict.SOMETIMES) {
      return own.isPresent() ? own.get().value(numbers) : perValue(points.count(numbers), numbers);
    }
    return verdict == Verdict.ALWAYS ? asIfAll(numbers) : Fraction.ZERO;
  }

  /** The number if all points were present, whatever the tables hold. */
  Fraction asIfAll(Numbers numbers) {
    return perValue(points.asIfAll(numbers), numbers);
  }

  private Fraction perValue(long count, Numbers numbers) {
    Fraction result = Fraction.of(count);
    if (own.isPresent()) {
      return result;
    }
    for (Draws.Draw entry : key.entries()) {
      result = result.dividedBy(numbers.shape(entry.rank()));
    }
    return result;
  }
}
