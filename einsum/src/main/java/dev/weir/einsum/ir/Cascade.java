package dev.weir.einsum.ir;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A sequence of Einsums; each reads what comes in or what an earlier one (or, along an iterative
 * rank, an earlier generation) produced.
 *
 * @param name its name
 * @param partitions split ranks, parents before their parts
 * @param tensors everything that is read or written
 * @param scalars numbers computed from shapes, by name
 * @param einsums in an order that respects dependences; initial ones before those that iterate
 */
public record Cascade(
    String name,
    List<Partition> partitions,
    List<Tensor> tensors,
    Map<TensorName, Expression> scalars,
    List<Einsum> einsums) {

  public Cascade {
    partitions = List.copyOf(partitions);
    tensors = List.copyOf(tensors);
    scalars = Map.copyOf(scalars);
    einsums = List.copyOf(einsums);
  }

  /** All tensors by name. */
  public Map<TensorName, Tensor> tensorsByName() {
    return tensors.stream().collect(Collectors.toMap(Tensor::name, Function.identity()));
  }

  /** Ranks along which some tensor is iterative. */
  public Set<RankName> iterativeRanks() {
    return tensors.stream()
        .flatMap(tensor -> tensor.generations().stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
