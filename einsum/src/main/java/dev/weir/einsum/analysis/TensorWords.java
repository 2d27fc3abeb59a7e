package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Sizes in words. */
final class TensorWords {

  private TensorWords() {}

  /** All of a tensor, generations included. */
  static long of(Tensor tensor, List<Partition> partitions, Shapes shapes) {
    long words = 1;
    List<RankName> ranks = new ArrayList<>(tensor.ranks());
    if (tensor.generations().isPresent()) {
      RankName rank = tensor.generations().get();
      ranks.remove(rank);
      words = shapes.of(rank) + 1;
    }
    return Math.multiplyExact(words, of(ranks, partitions, shapes));
  }

  /** A block of some ranks; both parts of a split rank make up the rank, a ragged end included. */
  static long of(Collection<RankName> ranks, List<Partition> partitions, Shapes shapes) {
    List<RankName> left = new ArrayList<>(ranks);
    // Parts of parts are listed after their parents.
    for (Partition split : partitions.reversed()) {
      if (left.contains(split.outer()) && left.contains(split.inner())) {
        left.remove(split.outer());
        left.remove(split.inner());
        left.add(split.parent());
      }
    }
    return left.stream().mapToLong(shapes::of).reduce(1, Math::multiplyExact);
  }
}
