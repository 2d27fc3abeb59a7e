package dev.weir.simulator.machine;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What the accesses of a cascade say about its tensors. */
final class TensorFacts {

  private final Ranks ranks;
  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, Einsum> producers = new HashMap<>();
  private final Map<TensorName, List<Access>> accesses = new HashMap<>();

  TensorFacts(Cascade cascade, Ranks ranks) {
    this.ranks = ranks;
    this.tensors = cascade.tensorsByName();
    for (Einsum einsum : cascade.einsums()) {
      if (!einsum.isInitial()) {
        producers.put(einsum.output().tensor(), einsum);
      }
      Stream.concat(Stream.of(einsum.output()), einsum.value().reads())
          .forEach(a -> accesses.computeIfAbsent(a.tensor(), _ -> new ArrayList<>()).add(a));
    }
  }

  Tensor tensor(TensorName name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("cascade has no tensor " + name);
    }
    return tensor;
  }

  /** The Einsum that a compute of this name runs. */
  Einsum producer(TensorName name) {
    Einsum einsum = producers.get(name);
    if (einsum == null) {
      throw new IllegalArgumentException("cascade has no Einsum " + name);
    }
    return einsum;
  }

  boolean isGenerational(TensorName name) {
    return tensor(name).generations().isPresent();
  }

  /** Whether tiles come from the top level, or go there, when no keep is around. */
  boolean livesAtTop(TensorName name) {
    return tensor(name).role() != Tensor.Role.INTERMEDIATE;
  }

  TileShape shape(TensorName name) {
    Tensor tensor = tensor(name);
    List<Index> indices = new ArrayList<>();
    for (int at = 0; at < tensor.ranks().size(); at++) {
      RankName rank = tensor.ranks().get(at);
      if (!tensor.generations().filter(rank::equals).isPresent()) {
        indices.add(index(tensor, at));
      }
    }
    return new TileShape(indices, ranks);
  }

  private Index index(Tensor tensor, int at) {
    List<Index> used =
        accesses.getOrDefault(tensor.name(), List.of()).stream()
            .map(access -> access.indices().get(at))
            .distinct()
            .toList();
    if (used.size() > 1) {
      throw new IllegalArgumentException(
          "tensor " + tensor.name() + " is accessed as " + used + ", from which no tile follows");
    }
    return used.isEmpty() ? new Index.Coordinate(tensor.ranks().get(at)) : used.getFirst();
  }

  /**
   * Numbers of the ranks with which a tensor changes; an inner part that is a rank of it changes
   * with its outer part, which says how long it is.
   */
  Set<Integer> ranksOf(TensorName name) {
    Set<Integer> numbers = new HashSet<>();
    for (Access access : accesses.getOrDefault(name, List.of())) {
      access.ranks().forEach(rank -> numbers.add(ranks.number(rank)));
    }
    for (int rank : List.copyOf(numbers)) {
      if (ranks.outerOf(rank) != Ranks.NONE) {
        numbers.add(ranks.outerOf(rank));
      }
    }
    return numbers;
  }
}
