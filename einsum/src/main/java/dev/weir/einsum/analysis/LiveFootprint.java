package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which fibers must be somewhere at the end of a sweep over a rank, so that what has to be kept
 * grows with the shape of the rank, whatever the mapping (FuseMax, section III: algorithmic minimum
 * live footprint). Where several choices would do, as before or after an exponential, the lightest
 * is given; where they weigh the same, the last.
 *
 * @param ranks one entry a rank that is no part of another, in order of their names
 */
public record LiveFootprint(List<OfRank> ranks) {

  /**
   * What one rank demands.
   *
   * @param rank the rank
   * @param moments when something lives, in the order of the cascade; empty if nothing ever does
   * @param carried generations that each step along the rank takes over from the one before; they
   *     do not grow with it
   * @param partitions how ranks are split
   */
  public record OfRank(
      RankName rank, List<Moment> moments, List<Kept> carried, List<Partition> partitions) {
    public OfRank {
      moments = List.copyOf(moments);
      carried = List.copyOf(carried);
      partitions = List.copyOf(partitions);
    }

    /** Words of all that is carried from a step to the next. */
    public long carriedWords(Shapes shapes) {
      return carried.stream()
          .mapToLong(one -> TensorWords.of(one.ranks(), partitions, shapes))
          .reduce(0, Math::addExact);
    }

    /** Whether what must be kept grows with the shape of the rank. */
    public boolean grows() {
      return !moments.isEmpty();
    }
  }

  /**
   * What lives at the moment at which a value is complete.
   *
   * @param complete the value
   * @param forEach ranks for each of whose coordinates there is such a moment
   * @param kept what lives, at one coordinate
   * @param partitions how ranks are split
   */
  public record Moment(
      TensorName complete, List<RankName> forEach, List<Kept> kept, List<Partition> partitions) {
    public Moment {
      forEach = List.copyOf(forEach);
      kept = List.copyOf(kept);
      partitions = List.copyOf(partitions);
    }

    /** Words of all of them. */
    public long words(Shapes shapes) {
      return kept.stream().mapToLong(one -> words(one, shapes)).reduce(0, Math::addExact);
    }

    /** Words of one of them. */
    public long words(Kept one, Shapes shapes) {
      return TensorWords.of(one.ranks(), partitions, shapes);
    }
  }

  /**
   * Fibers of one tensor, or a generation of it.
   *
   * @param tensor which tensor
   * @param role an input is read again where it need not be kept
   * @param ranks the ranks that are there in full; their shapes multiply
   * @param forEach those ranks of the moment for each of whose coordinates they are other fibers;
   *     for all coordinates of others they are the same
   */
  public record Kept(
      TensorName tensor, Tensor.Role role, List<RankName> ranks, List<RankName> forEach) {
    public Kept {
      ranks = List.copyOf(ranks);
      forEach = List.copyOf(forEach);
    }

    /** How many words it is, such as {@code M1 · F}. */
    public String text() {
      return ranks.isEmpty()
          ? "1"
          : ranks.stream().map(RankName::text).collect(Collectors.joining(" · "));
    }
  }

  public LiveFootprint {
    ranks = List.copyOf(ranks);
  }

  /** Of a cascade at any shapes: tiles are taken to be large and to be small parts of ranks. */
  public static LiveFootprint of(Cascade cascade) {
    Map<RankName, Long> large = new HashMap<>();
    for (RankName rank : cascade.ranks()) {
      large.put(rank, 1L << 6);
    }
    cascade.partitions().forEach(split -> large.put(split.inner(), 1L << 3));
    cascade.partitions().forEach(split -> large.remove(split.outer()));
    return of(cascade, Shapes.complete(large, cascade.partitions()));
  }

  /** Of a cascade with given shapes, which decide between fibers of parts and of whole ranks. */
  public static LiveFootprint of(Cascade cascade, Shapes shapes) {
    Dependences dependences = Dependences.of(cascade);
    List<RankFamily> families = RankFamily.all(cascade);
    List<OfRank> ranks = new ArrayList<>();
    for (RankFamily family : families) {
      SweepTimes times = new SweepTimes(family, dependences);
      Crossings crossings = new Crossings(family, families, dependences, times, shapes);
      ranks.add(
          new OfRank(
              family.root(),
              crossings.moments().stream()
                  .map(moment -> moment(moment, crossings, cascade))
                  .filter(moment -> !moment.kept().isEmpty())
                  .toList(),
              carried(family, cascade),
              cascade.partitions()));
    }
    return new LiveFootprint(ranks);
  }

  private static List<Kept> carried(RankFamily family, Cascade cascade) {
    return cascade.tensors().stream()
        .filter(tensor -> tensor.generations().stream().anyMatch(family.members()::contains))
        .map(
            tensor -> {
              List<RankName> ranks = new ArrayList<>(tensor.ranks());
              ranks.removeAll(tensor.generations().stream().toList());
              return new Kept(tensor.name(), tensor.role(), ranks, List.of());
            })
        .toList();
  }

  private static Moment moment(Crossings.Moment moment, Crossings crossings, Cascade cascade) {
    Crossings.Cut cut = crossings.living(moment);
    List<Kept> kept = new ArrayList<>();
    for (int at = 0; at < cut.tensors().size(); at++) {
      Tensor tensor = cut.tensors().get(at);
      Kept one =
          new Kept(
              tensor.name(),
              tensor.role(),
              cut.blocks().get(at),
              roots(crossings.fixedOf(moment, tensor)));
      if (!kept.contains(one)) {
        kept.add(one);
      }
    }
    return new Moment(
        cascade.einsums().get(moment.producer()).output().tensor(),
        roots(moment.fixed()),
        kept,
        cascade.partitions());
  }

  private static List<RankName> roots(List<RankFamily> families) {
    return families.stream().map(RankFamily::root).toList();
  }

  /** What is known of a rank that is no part of another. */
  public OfRank of(RankName rank) {
    return ranks.stream()
        .filter(entry -> entry.rank().equals(rank))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no rank " + rank));
  }

  /** Tensors whose fibers live along a rank that is no part of another, in order of their names. */
  public List<TensorName> growingWith(RankName rank) {
    return of(rank).moments().stream()
        .flatMap(moment -> moment.kept().stream())
        .map(Kept::tensor)
        .distinct()
        .sorted(Comparator.comparing(TensorName::text))
        .toList();
  }
}
