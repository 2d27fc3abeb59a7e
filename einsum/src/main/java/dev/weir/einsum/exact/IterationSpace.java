package dev.weir.einsum.exact;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The points of an Einsum, and what it makes of those that meet at one place of its output. */
final class IterationSpace {

  private final Einsum einsum;
  private final List<RankName> reduced;
  private final List<Partition> split;
  private final Shapes shapes;
  private final ExactArithmetic arithmetic;

  IterationSpace(Einsum einsum, Cascade cascade, Shapes shapes, ExactArithmetic arithmetic) {
    this.einsum = einsum;
    this.reduced = List.copyOf(einsum.reducedRanks());
    this.split =
        cascade.partitions().stream()
            .filter(s -> einsum.iterationSpace().containsAll(List.of(s.outer(), s.inner())))
            .toList();
    this.shapes = shapes;
    this.arithmetic = arithmetic;
  }

  Einsum einsum() {
    return einsum;
  }

  /**
   * The values at all points, folded; nothing when all are absent.
   *
   * @param point gives the ranks of the output; modified in the others
   */
  Optional<ExactValue> fold(ExactPoint point) {
    Fold fold = new Fold(einsum.reduction());
    visit(reduced, point, fold);
    boolean isSum = !reduced.isEmpty() && einsum.reduction() == Monoid.SUM;
    return fold.value.map(value -> isSum ? ExactArithmetic.forgetful(value) : value);
  }

  private final class Fold {
    private final Monoid monoid;
    private Optional<ExactValue> value = Optional.empty();

    private Fold(Monoid monoid) {
      this.monoid = monoid;
    }

    private void add(ExactValue next) {
      value = Optional.of(value.map(v -> arithmetic.combine(monoid, v, next)).orElse(next));
    }
  }

  private void visit(List<RankName> open, ExactPoint point, Fold fold) {
    if (open.isEmpty()) {
      value(point).ifPresent(fold::add);
      return;
    }
    RankName rank = open.getFirst();
    List<RankName> rest = open.subList(1, open.size());
    for (long coordinate = 0; coordinate < shapes.of(rank); coordinate++) {
      point.moveTo(rank, coordinate);
      visit(rest, point, fold);
    }
  }

  /** The right side at a point; nothing when it is absent or there is no such point. */
  private Optional<ExactValue> value(ExactPoint point) {
    for (Partition partition : split) {
      if (isBeyond(partition, point)) {
        return Optional.empty();
      }
    }
    if (einsum.condition().isPresent() && !point.holds(einsum.condition().get())) {
      return Optional.empty();
    }
    ExactPoint.Reading reading = point.evaluate(einsum.value());
    return reading.isPresent() ? Optional.of(reading.value()) : Optional.empty();
  }

  private boolean isBeyond(Partition split, ExactPoint point) {
    long coordinate =
        point.coordinate(split.outer()) * shapes.of(split.inner())
            + point.coordinate(split.inner());
    return coordinate >= shapes.of(split.parent());
  }

  /** A present value and where it stands. */
  private record Entry(long coordinate, ExactValue value) {}

  /**
   * The coordinates that a populate action chooses, in its order.
   *
   * @param point gives the ranks of the output; modified in the rank that is ordered
   */
  List<Long> order(Populate populate, ExactPoint point) {
    List<Entry> entries = new ArrayList<>();
    for (long from = 0; from < shapes.of(populate.from()); from++) {
      point.moveTo(populate.from(), from);
      Optional<ExactValue> value = value(point);
      if (value.isPresent()) {
        entries.add(new Entry(from, value.get()));
      }
    }
    Comparator<Entry> ascending = (one, other) -> arithmetic.compare(one.value(), other.value());
    // Sorting is stable, so that equal values keep the order of their coordinates.
    entries.sort(
        populate.order() == Populate.Order.LARGEST_FIRST ? ascending.reversed() : ascending);
    List<Entry> chosen =
        populate.mass().isPresent()
            ? fewest(entries, point.quantity(populate.mass().get()))
            : entries;
    return chosen.stream().map(Entry::coordinate).toList();
  }

  /** As few of the first as sum up to a mass. */
  private List<Entry> fewest(List<Entry> entries, ExactValue mass) {
    ExactValue sum = arithmetic.whole(0);
    for (int i = 0; i + 1 < entries.size(); i++) {
      sum = arithmetic.add(sum, entries.get(i).value());
      if (arithmetic.compare(sum, mass) >= 0) {
        return entries.subList(0, i + 1);
      }
    }
    return entries;
  }
}
