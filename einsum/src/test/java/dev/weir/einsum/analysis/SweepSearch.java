package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Passes from their definition, point by point: the fewest ascending sweeps over the steps of a
 * rank such that every point comes no earlier than all that it needs. A step is a coordinate, or a
 * tile if the rank is split. Points of Einsums that do not iterate the whole rank may run at any
 * moment.
 */
final class SweepSearch {

  private final Cascade cascade;
  private final Shapes shapes;
  private final RankName rank;
  private final Optional<Partition> split;
  private final long steps;
  private final Map<String, Long> ready = new HashMap<>();
  private long sweeps;

  private SweepSearch(Cascade cascade, Shapes shapes, RankName rank) {
    this.cascade = cascade;
    this.shapes = shapes;
    this.rank = rank;
    this.split = cascade.partitions().stream().filter(s -> s.parent().equals(rank)).findFirst();
    this.steps = shapes.of(split.map(Partition::outer).orElse(rank));
  }

  static long sweeps(Cascade cascade, Shapes shapes, RankName rank) {
    SweepSearch search = new SweepSearch(cascade, shapes, rank);
    for (Einsum einsum : cascade.einsums()) {
      search.visit(einsum, new ArrayList<>(einsum.iterationSpace()), new HashMap<>());
    }
    return search.sweeps;
  }

  /** The last moment at which a point below a partly bound one runs. */
  private long visit(Einsum einsum, List<RankName> free, Map<RankName, Long> point) {
    List<RankName> left = free.stream().filter(r -> !point.containsKey(r)).toList();
    if (left.isEmpty()) {
      return run(einsum, point);
    }
    long last = 0;
    for (long coordinate = 0; coordinate < shapes.of(left.getFirst()); coordinate++) {
      Map<RankName, Long> next = new HashMap<>(point);
      next.put(left.getFirst(), coordinate);
      last = Math.max(last, visit(einsum, left, next));
    }
    return last;
  }

  /** Moments are sweep · steps + step; sweep 0 is before the first. */
  private long run(Einsum einsum, Map<RankName, Long> point) {
    long moment = einsum.value().reads().mapToLong(access -> ready(access, point)).max().orElse(0);
    Optional<Long> step = step(point);
    if (step.isEmpty()) {
      return moment;
    }
    long sweep = Math.max(1, moment / steps);
    if (sweep * steps + step.get() < moment) {
      sweep++;
    }
    sweeps = Math.max(sweeps, sweep);
    return sweep * steps + step.get();
  }

  private Optional<Long> step(Map<RankName, Long> point) {
    if (point.containsKey(rank)) {
      long inner = split.map(s -> shapes.of(s.inner())).orElse(1L);
      return Optional.of(point.get(rank) / inner);
    }
    return split
        .filter(s -> point.containsKey(s.outer()) && point.containsKey(s.inner()))
        .map(s -> point.get(s.outer()));
  }

  private long ready(Access access, Map<RankName, Long> point) {
    List<Long> coordinates = access.indices().stream().map(i -> coordinate(i, point)).toList();
    String key = access.tensor() + "" + coordinates;
    Long known = ready.get(key);
    if (known == null) {
      known = 0L;
      for (Einsum einsum : cascade.einsums()) {
        if (einsum.output().tensor().equals(access.tensor())) {
          known = Math.max(known, written(einsum, coordinates));
        }
      }
      ready.put(key, known);
    }
    return known;
  }

  private long written(Einsum einsum, List<Long> coordinates) {
    Map<RankName, Long> point = new HashMap<>();
    List<Index> indices = einsum.output().indices();
    for (int at = 0; at < indices.size(); at++) {
      long coordinate = coordinates.get(at);
      if (indices.get(at) instanceof Index.Coordinate(RankName r)) {
        point.put(r, coordinate);
      } else if (indices.get(at) instanceof Index.Next(RankName r) && coordinate > 0) {
        point.put(r, coordinate - 1);
      } else if (!indices.get(at).equals(new Index.Fixed(coordinate))) {
        return 0;
      }
    }
    return visit(einsum, new ArrayList<>(einsum.iterationSpace()), point);
  }

  private long coordinate(Index index, Map<RankName, Long> point) {
    return switch (index) {
      case Index.Coordinate c -> point.get(c.rank());
      case Index.Joined j -> point.get(j.outer()) * shapes.of(j.inner()) + point.get(j.inner());
      case Index.Next n -> point.get(n.rank()) + 1;
      case Index.Last l -> shapes.of(l.rank());
      case Index.Fixed f -> f.coordinate();
      case Index.Affine _, Index.HeadMap _, Index.Computed _, Index.Gathered _ ->
          throw new IllegalArgumentException("not in these tests: " + index);
    };
  }
}
