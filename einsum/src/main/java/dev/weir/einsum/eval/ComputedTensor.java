package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;

/** A computed tensor with the derivatives of some results with respect to its elements. */
final class ComputedTensor {

  /** Below this, squares may have lost what underflows: errors of 10⁻¹³⁵ in double precision. */
  private static final double UNDERFLOWN = 0x1p-900;

  final DenseTensor values;

  /** Derivatives of all results with respect to an element, one element after another. */
  final double[] adjoint;

  /** Which slot each element belongs to. */
  final int[] slot;

  private final Tensor tensor;
  private final ElementErrors errors;
  private final EqualElements equal;
  private final int results;

  /**
   * Without derivatives.
   *
   * @param results how many there will be an element
   */
  ComputedTensor(
      Tensor tensor, DenseTensor values, ElementErrors errors, CarriedRanks carried, int results) {
    this.tensor = tensor;
    this.values = values;
    this.errors = errors;
    this.results = results;
    this.adjoint = new double[Math.multiplyExact(values.array().length, results)];
    this.slot = carried.slotOfEach(tensor, values);
    this.equal = EqualElements.of(slot, carried.slots(), values, errors.spread);
  }

  TensorName name() {
    return tensor.name();
  }

  /**
   * Adds the errors that the elements have of their own to those of the results, slot by slot.
   * Random ones count as such only where that is less than their largest sum, and not too small for
   * squares.
   *
   * @param fixed errors that are not random, all results of one slot after another. Modified.
   * @param squares squares of random errors. Modified.
   */
  void gather(double confidence, double[] fixed, double[] squares) {
    double[] worst = new double[fixed.length];
    double[] random = new double[fixed.length];
    for (int at = 0; at < slot.length; at++) {
      int from = at * results;
      int to = slot[at] * results;
      for (int i = 0; i < results; i++) {
        double derivative = Math.abs(adjoint[from + i]);
        if (derivative != 0) {
          fixed[to + i] += derivative * errors.fixed[at];
          worst[to + i] += derivative * errors.worst[at];
        }
      }
    }
    equal.addSquares(adjoint, results, errors.spread, random);
    for (int place = 0; place < fixed.length; place++) {
      boolean isLost = random[place] < UNDERFLOWN;
      if (isLost || worst[place] <= confidence * Math.sqrt(random[place])) {
        fixed[place] += worst[place];
      } else {
        squares[place] += random[place];
      }
    }
  }
}
