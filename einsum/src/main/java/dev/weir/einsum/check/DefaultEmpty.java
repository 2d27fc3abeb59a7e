package dev.weir.einsum.check;

import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Term;

/**
 * The empty value of a tensor for which none is stated: what changes nothing where maxima or minima
 * are taken, else 0. With 0 a running maximum of negative scores would be wrong.
 */
final class DefaultEmpty {

  private DefaultEmpty() {}

  static double of(Statement.Assignment main) {
    for (Term.Call action : main.actions()) {
      double reduced = of(action.function().text());
      if (reduced != 0) {
        return reduced;
      }
    }
    return main.right().ungrouped() instanceof Term.Call call ? of(call.function().text()) : 0;
  }

  private static double of(String function) {
    return switch (function) {
      case Words.MAXIMUM -> Double.NEGATIVE_INFINITY;
      case Words.MINIMUM -> Double.POSITIVE_INFINITY;
      case Words.TOPK, Words.ARGSORT, Words.MASS -> -1; // no coordinate
      default -> 0;
    };
  }
}
