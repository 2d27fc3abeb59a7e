package dev.weir.einsum.exact;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Whole numbers for the inputs of a cascade: so few that scores tie and maxima are real ones. The
 * values of one input depend on the seed and its name only, so that cascades that name their inputs
 * alike get the same.
 */
public final class IntegerInputs {

  /**
   * Numbers from the least to the most.
   *
   * @param least smallest number
   * @param most largest number
   */
  public record Range(long least, long most) {
    public Range {
      if (least > most) {
        throw new IllegalArgumentException("no number from " + least + " to " + most);
      }
    }
  }

  private IntegerInputs() {}

  /**
   * Values for every input.
   *
   * @param usual what they are drawn from
   * @param special what those of some inputs are drawn from instead, such as tables
   */
  public static Map<TensorName, DenseTensor> of(
      Cascade cascade, Shapes shapes, Range usual, Map<TensorName, Range> special, long seed) {
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        Range range = special.getOrDefault(tensor.name(), usual);
        Random random = new Random(31 * seed + tensor.name().text().hashCode());
        long[] shape = Elements.shape(tensor, shapes);
        double[] values =
            random
                .longs(
                    Arrays.stream(shape).reduce(1, Math::multiplyExact),
                    range.least(),
                    range.most() + 1)
                .mapToDouble(drawn -> drawn)
                .toArray();
        inputs.put(tensor.name(), new DenseTensor(shape, tensor.empty(), values));
      }
    }
    return Map.copyOf(inputs);
  }
}
