package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Passes from their definition, element by element. The points of all Einsums and what each needs
 * form a graph. A fiber is all points of an Einsum that differ in the coordinate of one rank alone.
 * A barrier lies between two fibers if every point of the later one needs every point of the
 * earlier one. Passes are one more than the barriers of the longest chain of fibers. Conditions
 * leave no point out; what is read through a table may be any element.
 */
final class BarrierSearch {

  /** A point of an Einsum. */
  private record Point(int einsum, Map<RankName, Long> at) {}

  private final Cascade cascade;
  private final Shapes shapes;
  private final List<Point> points = new ArrayList<>();
  private final Map<Integer, List<Integer>> pointsOf = new HashMap<>();
  private final List<BitSet> needs = new ArrayList<>();

  private BarrierSearch(Cascade cascade, Shapes shapes) {
    this.cascade = cascade;
    this.shapes = shapes;
    for (int place = 0; place < cascade.einsums().size(); place++) {
      pointsOf.put(place, new ArrayList<>());
      List<RankName> ranks = new ArrayList<>(cascade.einsums().get(place).iterationSpace());
      addPoints(place, ranks, Map.of());
    }
    points.forEach(point -> needs.add(direct(point)));
    close();
  }

  /** Passes over a rank that is whole, or split into an outer and an inner part. */
  static int passes(Cascade cascade, Shapes shapes, RankName rank) {
    Set<RankName> along = new HashSet<>(Set.of(rank));
    cascade.partitions().stream()
        .filter(split -> split.parent().equals(rank))
        .forEach(split -> along.addAll(List.of(split.outer(), split.inner())));
    return new BarrierSearch(cascade, shapes).longest(rank, along);
  }

  private void addPoints(int place, List<RankName> left, Map<RankName, Long> at) {
    if (left.isEmpty()) {
      pointsOf.get(place).add(points.size());
      points.add(new Point(place, at));
      return;
    }
    for (long coordinate = 0; coordinate < shapes.of(left.getFirst()); coordinate++) {
      Map<RankName, Long> next = new HashMap<>(at);
      next.put(left.getFirst(), coordinate);
      addPoints(place, left.subList(1, left.size()), next);
    }
  }

  private BitSet direct(Point point) {
    BitSet direct = new BitSet();
    for (Access access : cascade.einsums().get(point.einsum()).reads()) {
      List<Optional<Long>> wanted =
          access.indices().stream().map(index -> coordinate(index, point.at())).toList();
      for (int place = 0; place < cascade.einsums().size(); place++) {
        if (cascade.einsums().get(place).output().tensor().equals(access.tensor())) {
          for (int producer : pointsOf.get(place)) {
            if (writes(points.get(producer), wanted)) {
              direct.set(producer);
            }
          }
        }
      }
    }
    return direct;
  }

  /** Whether a point adds to an element; an unknown coordinate is any. */
  private boolean writes(Point producer, List<Optional<Long>> wanted) {
    Einsum einsum = cascade.einsums().get(producer.einsum());
    for (int at = 0; at < wanted.size(); at++) {
      Index index = einsum.output().indices().get(at);
      boolean isSlot =
          einsum.populate().map(Populate::slot).map(Index.Coordinate::new).stream()
              .anyMatch(index::equals);
      if (!isSlot
          && wanted.get(at).isPresent()
          && !coordinate(index, producer.at()).equals(wanted.get(at))) {
        return false;
      }
    }
    return true;
  }

  private Optional<Long> coordinate(Index index, Map<RankName, Long> at) {
    return switch (index) {
      case Index.Coordinate c -> Optional.of(at.get(c.rank()));
      case Index.Joined j ->
          Optional.of(at.get(j.outer()) * shapes.of(j.inner()) + at.get(j.inner()));
      case Index.Next n -> Optional.of(at.get(n.rank()) + 1);
      case Index.Last l -> Optional.of(shapes.of(l.rank()));
      case Index.Fixed f -> Optional.of(f.coordinate());
      case Index.Affine a ->
          Optional.of(
              a.offset()
                  + a.terms().stream().mapToLong(t -> t.coefficient() * at.get(t.rank())).sum());
      case Index.HeadMap h ->
          Optional.of(at.get(h.rank()) * shapes.of(h.target()) / shapes.of(h.rank()));
      case Index.Gathered _ -> Optional.empty();
      case Index.Computed c -> quantity(c.quantity(), at);
    };
  }

  private Optional<Long> quantity(Quantity quantity, Map<RankName, Long> at) {
    return switch (quantity) {
      case Quantity.OfIndex of -> coordinate(of.index(), at);
      case Quantity.OfShape of -> Optional.of(shapes.of(of.rank()));
      case Quantity.OfNumber _, Quantity.OfScalar _ -> Optional.empty();
      case Quantity.Combined c ->
          quantity(c.left(), at)
              .flatMap(
                  left -> quantity(c.right(), at).map(right -> c.operator().apply(left, right)));
    };
  }

  /** An iterative tensor needs itself, so one round over the points is not enough. */
  private void close() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (BitSet own : needs) {
        int known = own.cardinality();
        BitSet more = (BitSet) own.clone();
        more.stream().forEach(other -> own.or(needs.get(other)));
        changed |= own.cardinality() > known;
      }
    }
  }

  private int longest(RankName rank, Set<RankName> along) {
    List<List<Integer>> fibers = new ArrayList<>();
    for (int place = 0; place < cascade.einsums().size(); place++) {
      Set<RankName> space = cascade.einsums().get(place).iterationSpace();
      Set<RankName> parts = new HashSet<>(along);
      parts.remove(rank);
      if (space.contains(rank) || (!parts.isEmpty() && space.containsAll(parts))) {
        Map<Map<RankName, Long>, List<Integer>> byRest = new HashMap<>();
        for (int point : pointsOf.get(place)) {
          Map<RankName, Long> rest = new HashMap<>(points.get(point).at());
          rest.keySet().removeAll(along);
          byRest.computeIfAbsent(rest, _ -> new ArrayList<>()).add(point);
        }
        fibers.addAll(byRest.values());
      }
    }
    int[] chains = new int[fibers.size()];
    int longest = 0;
    for (int later = 0; later < chains.length; later++) {
      longest = Math.max(longest, chain(later, fibers, chains));
    }
    return longest;
  }

  private int chain(int later, List<List<Integer>> fibers, int[] chains) {
    if (chains[later] == 0) {
      BitSet common = (BitSet) needs.get(fibers.get(later).getFirst()).clone();
      fibers.get(later).forEach(point -> common.and(needs.get(point)));
      int longest = 0;
      for (int earlier = 0; earlier < chains.length; earlier++) {
        if (earlier != later && fibers.get(earlier).stream().allMatch(common::get)) {
          longest = Math.max(longest, chain(earlier, fibers, chains));
        }
      }
      chains[later] = longest + 1;
    }
    return chains[later];
  }
}
