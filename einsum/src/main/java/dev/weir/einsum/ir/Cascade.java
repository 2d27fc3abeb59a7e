package dev.weir.einsum.ir;

import dev.weir.einsum.source.InvalidInputException;
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
 * @param description what it computes in a few words; may be empty
 * @param partitions split ranks, parents before their parts
 * @param tensors everything that is read or written
 * @param scalars numbers computed from shapes, by name
 * @param defaultShapes elements of those ranks that a workload need not give
 * @param derivedShapes shapes that follow from other shapes, as that of two ranks one after another
 * @param distributions what the values of inputs are like, where the cascade says so
 * @param stops when iterations end before their ranks do; at most one a rank
 * @param einsums in an order that respects dependences; initial ones before those that iterate
 */
public record Cascade(
    String name,
    String description,
    List<Partition> partitions,
    List<Tensor> tensors,
    Map<TensorName, Expression> scalars,
    Map<RankName, Long> defaultShapes,
    Map<RankName, Quantity> derivedShapes,
    Map<TensorName, Distribution> distributions,
    List<Stop> stops,
    List<Einsum> einsums) {

  public Cascade {
    partitions = List.copyOf(partitions);
    tensors = List.copyOf(tensors);
    scalars = Map.copyOf(scalars);
    defaultShapes = Map.copyOf(defaultShapes);
    derivedShapes = Map.copyOf(derivedShapes);
    distributions = Map.copyOf(distributions);
    stops = List.copyOf(stops);
    einsums = List.copyOf(einsums);
  }

  /** A cascade without description and default shapes. */
  public Cascade(
      String name,
      List<Partition> partitions,
      List<Tensor> tensors,
      Map<TensorName, Expression> scalars,
      List<Einsum> einsums) {
    this(name, "", partitions, tensors, scalars, Map.of(), Map.of(), Map.of(), List.of(), einsums);
  }

  /**
   * Shapes of all ranks.
   *
   * @param given elements of the ranks that neither a partition nor another shape decides; inner
   *     parts may be among them
   * @throws InvalidInputException when a shape that follows is below 1, or a divisor in an index or
   *     a condition can be 0
   */
  public Shapes shapes(Map<RankName, Long> given) {
    Shapes shapes = Shapes.complete(given, partitions, derivedShapes);
    Divisors.check(this, shapes);
    return shapes;
  }

  /** All tensors by name. */
  public Map<TensorName, Tensor> tensorsByName() {
    return tensors.stream().collect(Collectors.toMap(Tensor::name, Function.identity()));
  }

  /** Every rank that it mentions anywhere: tensors' ranks first, then those whose shape is read. */
  public Set<RankName> ranks() {
    return MentionedRanks.of(this);
  }

  /** Ranks that only a workload can give a shape: neither parts of others nor derived from them. */
  public Set<RankName> workloadRanks() {
    Set<RankName> ranks = ranks();
    ranks.removeAll(derivedShapes.keySet());
    for (Partition split : partitions) {
      ranks.remove(split.outer());
      ranks.remove(split.inner());
    }
    return ranks;
  }

  /** Ranks along which some tensor is iterative. */
  public Set<RankName> iterativeRanks() {
    return tensors.stream()
        .flatMap(tensor -> tensor.generations().stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
