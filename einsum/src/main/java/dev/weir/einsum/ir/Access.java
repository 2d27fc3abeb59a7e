package dev.weir.einsum.ir;

import java.util.List;
import java.util.stream.Stream;

/**
 * A tensor at an index a rank: {@code K[b,h,m,e]}.
 *
 * @param tensor which tensor
 * @param indices one index a rank of the tensor, in its rank order
 */
public record Access(TensorName tensor, List<Index> indices) {

  public Access {
    indices = List.copyOf(indices);
  }

  /** Rank variables of the indices, in order of appearance, possibly repeated. */
  public Stream<RankName> ranks() {
    return indices.stream().flatMap(Index::ranks);
  }
}
