package dev.weir.einsum.ir;

import java.util.stream.Stream;

/** What the values of an input are like, where a cascade says so. Bounds may depend on shapes. */
public sealed interface Distribution {

  /** What it is given by. */
  default Stream<Quantity> bounds() {
    return switch (this) {
      case Uniform d -> Stream.of(d.least(), d.most());
      case Normal d -> Stream.of(d.mean(), d.deviation());
      case Integers d -> Stream.of(d.least(), d.most());
      case Rising d -> Stream.of(d.first(), d.last());
      case Signs _, Permutation _ -> Stream.empty();
    };
  }

  /** Real numbers, each as likely as any other between two. */
  record Uniform(Quantity least, Quantity most) implements Distribution {}

  /** Normally distributed real numbers. */
  record Normal(Quantity mean, Quantity deviation) implements Distribution {}

  /** Whole numbers, each as likely as any other, both bounds included: hashes, lengths, indices. */
  record Integers(Quantity least, Quantity most) implements Distribution {}

  /** 1 or -1. */
  record Signs() implements Distribution {}

  /** Each coordinate of the last rank once, in random order. */
  record Permutation() implements Distribution {}

  /**
   * Whole numbers that never fall along the last rank: the first and the last one are the bounds.
   * Boundaries of ragged parts, offsets of a compressed graph.
   */
  record Rising(Quantity first, Quantity last) implements Distribution {}
}
