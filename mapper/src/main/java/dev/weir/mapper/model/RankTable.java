package dev.weir.mapper.model;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Projection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** The ranks of a cascade by number, and what each tensor has of them. */
final class RankTable {

  /** Where a rank stands: in which group, and whether it is the inner part there. */
  record Place(int group, boolean inner) {}

  /**
   * Ranks whose ranges depend on each other, by the arguments that are their shapes.
   *
   * @param parent the rank alone, or the partitioned one
   * @param inner its inner part; -1 for a rank alone
   */
  record Group(int parent, int inner) {
    boolean isPartitioned() {
      return inner >= 0;
    }
  }

  private final Map<RankName, Place> places = new HashMap<>();
  private final Map<RankName, Integer> partitioned = new HashMap<>();
  private final List<Group> groups = new ArrayList<>();
  private final Map<TensorName, Projection> projections;
  private final Map<TensorName, Share[]> shares = new HashMap<>();
  private final Map<TensorName, List<MappedPart>> mapped = new HashMap<>();
  private final Set<RankName> placed = new HashSet<>();

  RankTable(Cascade cascade, ArgumentTable arguments) {
    cascade.partitions().forEach(partition -> add(partition, arguments));
    for (RankName rank : all(cascade)) {
      if (!places.containsKey(rank) && !partitioned.containsKey(rank)) {
        places.put(rank, new Place(groups.size(), false));
        groups.add(new Group(arguments.of(rank), -1));
      }
    }
    for (Draws.Draw draw : arguments.draws()) {
      places.put(draw.rank(), new Place(groups.size(), false));
      groups.add(new Group(arguments.of(draw.rank()), -1));
    }
    projections = Projection.all(cascade);
    for (Projection projection : projections.values()) {
      shares.put(projection.tensor(), sharesOf(projection));
      mapped.put(projection.tensor(), MappedPart.all(projection, this));
      projection.parts().forEach(this::findPlaced);
    }
  }

  /** All ranks of a cascade, partitioned ones and their parts included. */
  static NavigableSet<RankName> all(Cascade cascade) {
    NavigableSet<RankName> ranks = new TreeSet<>();
    cascade.tensors().forEach(tensor -> ranks.addAll(tensor.ranks()));
    cascade.einsums().stream().map(Einsum::iterationSpace).forEach(ranks::addAll);
    for (Partition partition : cascade.partitions()) {
      ranks.addAll(List.of(partition.parent(), partition.outer(), partition.inner()));
    }
    return ranks;
  }

  /** Those and the ones of which only the shape is read, as of B in {@code p/B}. */
  static NavigableSet<RankName> mentioned(Cascade cascade) {
    NavigableSet<RankName> ranks = all(cascade);
    ranks.addAll(cascade.ranks());
    return ranks;
  }

  private void add(Partition partition, ArgumentTable arguments) {
    if (places.containsKey(partition.parent())) {
      throw new IllegalArgumentException(
          "rank "
              + partition.parent()
              + " is partitioned twice, which the cost model cannot count");
    }
    partitioned.put(partition.parent(), groups.size());
    places.put(partition.outer(), new Place(groups.size(), false));
    places.put(partition.inner(), new Place(groups.size(), true));
    groups.add(new Group(arguments.of(partition.parent()), arguments.of(partition.inner())));
  }

  /** Of what follows the loops directly. */
  private Share[] sharesOf(Projection projection) {
    Share[] result = noShares();
    for (Projection.Part part : projection.parts()) {
      switch (part) {
        case Projection.Part.Plain plain -> add(result, plain.rank());
        case Projection.Part.Joined joined -> add(result, joined.parent());
        case Projection.Part.Whole whole -> add(result, whole.own());
        case Projection.Part.Generation _, Projection.Part.HeadMap _, Projection.Part.Window _ -> {}
      }
    }
    return result;
  }

  private void add(Share[] result, RankName rank) {
    Integer joined = partitioned.get(rank);
    if (joined != null) {
      result[joined] = Share.JOINED;
    } else {
      Place place = places.get(rank);
      result[place.group()] = result[place.group()].with(place.inner() ? Share.INNER : Share.OUTER);
    }
  }

  /** Indices that differ in more than their offsets drift apart, and heads cross borders. */
  private void findPlaced(Projection.Part part) {
    switch (part) {
      case Projection.Part.HeadMap map -> placed.add(map.rank());
      case Projection.Part.Window window -> {
        if (window.indices().stream().map(Index.Affine::terms).distinct().count() > 1) {
          window.indices().stream().flatMap(Index::ranks).forEach(placed::add);
        }
      }
      case Projection.Part.Plain _,
          Projection.Part.Joined _,
          Projection.Part.Generation _,
          Projection.Part.Whole _ -> {}
    }
  }

  Place place(RankName rank) {
    return places.get(rank);
  }

  /** All that have a place: ranks alone, parts of partitioned ones, values of drawn entries. */
  Set<RankName> ranks() {
    return places.keySet();
  }

  List<Group> groups() {
    return groups;
  }

  /** By group; not to be modified. */
  Share[] shares(TensorName tensor) {
    return shares.get(tensor);
  }

  /** Groups of ranks of which every tile of the tensor has all. */
  Set<Integer> whole(TensorName tensor) {
    Set<Integer> groups = new HashSet<>();
    for (Projection.Part part : projection(tensor).parts()) {
      if (part instanceof Projection.Part.Whole whole) {
        groups.add(group(whole.own()));
      }
    }
    return groups;
  }

  private int group(RankName rank) {
    Integer joined = partitioned.get(rank);
    return joined != null ? joined : places.get(rank).group();
  }

  /** Parts whose words depend on where a tile is. */
  List<MappedPart> mapped(TensorName tensor) {
    return mapped.get(tensor);
  }

  Projection projection(TensorName tensor) {
    return projections.get(tensor);
  }

  /** Whether the room of a tile depends on where a range of this rank lies. */
  boolean isPlaced(RankName rank) {
    return placed.contains(rank);
  }

  /** By group: as many words as a rank has coordinates in its range. */
  Share[] shares(RankName rank) {
    Share[] result = noShares();
    add(result, rank);
    return result;
  }

  /** By group: a single word whatever the ranges are. */
  Share[] noShares() {
    Share[] result = new Share[groups.size()];
    Arrays.fill(result, Share.NONE);
    return result;
  }
}
