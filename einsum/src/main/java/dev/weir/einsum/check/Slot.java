package dev.weir.einsum.check;

import dev.weir.einsum.ir.RankName;

/**
 * Where an index stands.
 *
 * @param tensor the tensor that is accessed
 * @param position which of its ranks, from 0
 * @param rank that rank
 */
record Slot(Symbol tensor, int position, RankName rank) {

  boolean isGeneration() {
    return tensor.iteratesAlong(rank);
  }

  /** {@code rank 3 of Q (P)}. */
  String shown() {
    return "rank " + (position + 1) + " of " + tensor.name() + " (" + rank + ")";
  }
}
