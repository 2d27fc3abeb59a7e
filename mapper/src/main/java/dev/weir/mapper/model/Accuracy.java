package dev.weir.mapper.model;

import dev.weir.einsum.ir.TensorName;
import java.util.List;

/** What the counts of a cost are to those of a run. */
public sealed interface Accuracy {

  /** Equal to them. */
  record Exact() implements Accuracy {}

  /**
   * Their mean over all values that tables can have, each rounded to a whole number: conditions
   * read tables, and the cascade says how these are drawn.
   *
   * @param tables which, in the order of the cascade
   */
  record Expected(List<Drawn> tables) implements Accuracy {
    public Expected {
      tables = List.copyOf(tables);
    }
  }

  /**
   * At least as large: some conditions are counted as if they always held.
   *
   * @param einsums that have them, in the order of the cascade
   */
  record UpperBound(List<TensorName> einsums) implements Accuracy {
    public UpperBound {
      einsums = List.copyOf(einsums);
    }
  }

  /**
   * A table of which a condition reads entries.
   *
   * @param table its name
   * @param values what they are like, in words
   */
  record Drawn(TensorName table, String values) {}

  /** Whether they are equal to those of any run. */
  default boolean isExact() {
    return this instanceof Exact;
  }
}
