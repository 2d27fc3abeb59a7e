package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;

/** A computed tensor with the derivatives of some results with respect to its elements. */
final class ComputedTensor {

  final DenseTensor values;
  final double[] adjoint;

  /** Which slot each element belongs to. */
  final int[] slot;

  private final Tensor tensor;
  private final ElementErrors errors;
  private final EqualElements equal;

  ComputedTensor(Tensor tensor, DenseTensor values, ElementErrors errors, CarriedRanks carried) {
    this.tensor = tensor;
    this.values = values;
    this.errors = errors;
    this.adjoint = new double[values.array().length];
    this.slot = carried.slotOfEach(tensor, values);
    this.equal = EqualElements.of(slot, values, errors.spread);
  }

  TensorName name() {
    return tensor.name();
  }

  /**
   * Adds the errors that the elements have of their own to those of the results, slot by slot.
   * Random ones count as such only where that is less than their largest sum.
   *
   * @param fixed errors that are not random. Modified.
   * @param squares squares of random errors. Modified.
   */
  void gather(double confidence, double[] fixed, double[] squares) {
    double[] worst = new double[fixed.length];
    double[] random = new double[fixed.length];
    for (int at = 0; at < adjoint.length; at++) {
      double derivative = Math.abs(adjoint[at]);
      if (derivative != 0) {
        fixed[slot[at]] += derivative * errors.fixed[at];
        worst[slot[at]] += derivative * errors.worst[at];
      }
    }
    equal.addSquares(adjoint, errors.spread, random);
    for (int place = 0; place < fixed.length; place++) {
      if (worst[place] <= confidence * Math.sqrt(random[place])) {
        fixed[place] += worst[place];
      } else {
        squares[place] += random[place];
      }
    }
  }
}
