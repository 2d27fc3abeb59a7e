package dev.weir.simulator.machine;

import static java.util.Arrays.stream;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/** Says in words on which coordinates an Einsum works, or which tile of a tensor is meant. */
public final class Coordinates {

  private final Ranks ranks;
  private final Map<TensorName, int[]> ofEinsums = new HashMap<>();
  private final Map<TensorName, int[]> ofTensors = new HashMap<>();

  Coordinates(Cascade cascade, Ranks ranks) {
    this.ranks = ranks;
    for (Einsum einsum : cascade.einsums()) {
      // The initial generation of a tensor is an Einsum of the same name.
      ofEinsums.merge(
          einsum.output().tensor(),
          numbers(einsum.iterationSpace()),
          (one, other) -> IntStream.concat(stream(one), stream(other)).distinct().toArray());
    }
    for (Tensor tensor : cascade.tensors()) {
      ofTensors.put(tensor.name(), numbers(parts(tensor.ranks(), cascade.partitions())));
    }
  }

  /** Loops go over the parts of a partitioned rank, so these say where in it a tile lies. */
  private static List<RankName> parts(List<RankName> whole, List<Partition> partitions) {
    List<RankName> parts = new ArrayList<>();
    for (RankName rank : whole) {
      parts.add(rank);
      for (Partition partition : partitions) {
        if (partition.parent().equals(rank)) {
          parts.addAll(List.of(partition.outer(), partition.inner()));
        }
      }
    }
    return parts;
  }

  private int[] numbers(Collection<RankName> names) {
    return names.stream().mapToInt(ranks::number).toArray();
  }

  /** Coordinates of an Einsum's ranks that are not whole, such as {@code m1=3, p=256..511}. */
  public String ofEinsum(TensorName einsum, Ranges at) {
    return text(ofEinsums.get(einsum), at);
  }

  /** Coordinates of a tensor's ranks that are not whole. */
  public String ofTile(TensorName tensor, Ranges at) {
    return text(ofTensors.get(tensor), at);
  }

  /** The variable of the rank that a loop is over. */
  public String variable(Loop loop) {
    return variable(loop.rank());
  }

  private String variable(int rank) {
    return ranks.name(rank).text().toLowerCase(Locale.ROOT);
  }

  private String text(int[] which, Ranges at) {
    StringJoiner text = new StringJoiner(", ");
    for (int rank : which) {
      long first = at.low[rank];
      long last = first + at.extent[rank] - 1;
      if (at.extent[rank] < ranks.shape(rank)) {
        text.add(variable(rank) + "=" + (first == last ? first : first + ".." + last));
      }
    }
    return text.toString();
  }
}
