package dev.weir.mapper.model;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
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
  private final Map<TensorName, Share[]> shares = new HashMap<>();

  RankTable(Cascade cascade, ArgumentTable arguments) {
    cascade.partitions().forEach(partition -> add(partition, arguments));
    for (RankName rank : all(cascade)) {
      if (!places.containsKey(rank) && !partitioned.containsKey(rank)) {
        places.put(rank, new Place(groups.size(), false));
        groups.add(new Group(arguments.of(rank), -1));
      }
    }
    Map<TensorName, Access> accesses = new HashMap<>();
    for (Einsum einsum : cascade.einsums()) {
      einsum.value().reads().forEach(access -> accesses.put(access.tensor(), access));
      accesses.put(einsum.output().tensor(), einsum.output());
    }
    for (Tensor tensor : cascade.tensors()) {
      Optional<Access> access = Optional.ofNullable(accesses.get(tensor.name()));
      shares.put(tensor.name(), sharesOf(tensor, access));
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

  /** Ranks are those of the loops that read it: all accesses to a tensor that is kept are alike. */
  private Share[] sharesOf(Tensor tensor, Optional<Access> access) {
    Share[] result = noShares();
    for (int i = 0; i < tensor.ranks().size(); i++) {
      RankName rank = tensor.ranks().get(i);
      if (tensor.generations().filter(rank::equals).isEmpty()) {
        int at = i;
        Optional<Index> index = access.map(found -> found.indices().get(at));
        add(result, index.orElse(new Index.Coordinate(rank)), rank);
      }
    }
    return result;
  }

  private void add(Share[] result, Index index, RankName declared) {
    RankName rank = index instanceof Index.Coordinate coordinate ? coordinate.rank() : declared;
    Integer joined = partitioned.get(index instanceof Index.Joined found ? found.parent() : rank);
    if (joined != null) {
      result[joined] = Share.JOINED;
    } else {
      Place place = places.get(rank);
      result[place.group()] = result[place.group()].with(place.inner() ? Share.INNER : Share.OUTER);
    }
  }

  Place place(RankName rank) {
    return places.get(rank);
  }

  List<Group> groups() {
    return groups;
  }

  /** By group; not to be modified. */
  Share[] shares(TensorName tensor) {
    return shares.get(tensor);
  }

  /** By group: a single word whatever the ranges are. */
  Share[] noShares() {
    Share[] result = new Share[groups.size()];
    Arrays.fill(result, Share.NONE);
    return result;
  }
}
