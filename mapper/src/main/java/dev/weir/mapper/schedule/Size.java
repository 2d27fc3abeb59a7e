package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.RankName;

/** A tile size or a number of copies, possibly over parameters that a search binds. */
public sealed interface Size {

  /** A number, at least 1. */
  record Constant(long value) implements Size {
    public Constant {
      if (value < 1) {
        throw new IllegalArgumentException("size " + value);
      }
    }
  }

  /** A parameter of the schedule. */
  record Parameter(String name) implements Size {}

  /** The shape of a rank. */
  record ShapeOf(RankName rank) implements Size {}

  /** A product. */
  record Product(Size left, Size right) implements Size {}

  static Size of(long value) {
    return new Constant(value);
  }
}
