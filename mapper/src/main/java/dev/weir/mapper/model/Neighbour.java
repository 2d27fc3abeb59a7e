package dev.weir.mapper.model;

/** What is known of the execution of a node before or after another one. */
sealed interface Neighbour {

  Neighbour NONE = new None();

  /** There is none in the phase. */
  record None() implements Neighbour {}

  /** It is of a kind. */
  record OfKind(SymbolicKind kind) implements Neighbour {}

  /** It is one of two if two expressions are equal, else the other. */
  record Either(int left, int right, Neighbour then, Neighbour otherwise) implements Neighbour {}

  static Neighbour either(int left, int right, Neighbour then, Neighbour otherwise) {
    return then.equals(otherwise) ? then : new Either(left, right, then, otherwise);
  }
}
