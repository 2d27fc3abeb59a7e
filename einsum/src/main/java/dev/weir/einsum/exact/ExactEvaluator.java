package dev.weir.einsum.exact;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import java.util.Map;

/**
 * Evaluates a cascade without rounding. Two cascades that compute the same have equal values; two
 * that do not have equal ones with a probability of about the degree of what they compute in the
 * number of exponentials (2^42 or 2^60), for each seed anew. {@code docs/exact.md} says what the
 * values mean and what is refused.
 *
 * <p>Shares nothing with the evaluation in double precision, so that either can check the other.
 * Running time is the number of points of all iteration spaces, conditions leaving none out.
 */
public final class ExactEvaluator {

  private ExactEvaluator() {}

  /**
   * Evaluates all Einsums.
   *
   * @param inputs values of every input tensor, each meant as it is printed: 0.1 is a tenth; not
   *     modified
   * @param field where values are known; they are comparable only in the same one
   * @param seed decides what stands for e and the keys of functions; values are comparable only
   *     under the same one
   * @return every tensor of the cascade by name, inputs included
   * @throws ExactRefusal where a value is no number, an exponent is not known in the field, or an
   *     order or a whole number cannot be told
   */
  public static Map<TensorName, ExactTensor> evaluate(
      Cascade cascade,
      Shapes shapes,
      Map<TensorName, DenseTensor> inputs,
      ExactField field,
      long seed) {
    return new Elements(cascade, shapes, inputs, new ExactArithmetic(field, seed)).all();
  }
}
