package dev.weir.einsum.ir;

import java.util.List;
import java.util.Optional;

/**
 * A tensor of a cascade.
 *
 * @param name its name
 * @param role whether it comes in, goes out, or lives in between
 * @param ranks its ranks in order
 * @param generations the one of its ranks, if any, along which it is iterative: there it has shape
 *     + 1 coordinates, generation 0 being the initial value
 * @param empty value of a point that nothing was written to
 */
public record Tensor(
    TensorName name,
    Role role,
    List<RankName> ranks,
    Optional<RankName> generations,
    double empty) {

  /** Where a tensor comes from. */
  public enum Role {
    INPUT,
    INTERMEDIATE,
    OUTPUT
  }

  public Tensor {
    ranks = List.copyOf(ranks);
    if (generations.isPresent() && !ranks.contains(generations.get())) {
      throw new IllegalArgumentException(
          "tensor " + name + " has no rank " + generations.get() + " to iterate along");
    }
  }
}
