package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Values for the inputs of any cascade. The same cascade, shapes, kind and seed give the same
 * values, and the values of one input do not depend on the others. All are exact in single
 * precision.
 */
public final class InputData {

  /** What the values should provoke. */
  public enum Kind {
    /** Uniform in [-1, 1). */
    RANDOM,
    /** Integers from -2 to 2: many products tie, and sums of them are exact. */
    EXACT_TIES,
    /**
     * Integers from -100 to 100: products reach 1e4 in magnitude, exponentials overflow, and short
     * sums are exact, so that an error bound stays finite behind an exponential.
     */
    LARGE_SCORES
  }

  /**
   * Entries of an integer table.
   *
   * @param low smallest entry
   * @param high largest entry
   */
  public record IntegerRange(long low, long high) {
    public IntegerRange {
      if (low > high) {
        throw new IllegalArgumentException("range from " + low + " to " + high + " is empty");
      }
    }
  }

  private InputData() {}

  /**
   * Values for every input.
   *
   * @param tables inputs that hold integers, such as lengths and indices, with their entries
   */
  public static Map<TensorName, DenseTensor> of(
      Cascade cascade, Shapes shapes, Kind kind, long seed, Map<TensorName, IntegerRange> tables) {
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        Random random = new Random(seed * 31 + tensor.name().text().hashCode());
        DenseTensor values =
            new DenseTensor(ReferenceEvaluator.shape(tensor, shapes), tensor.empty());
        IntegerRange range = tables.get(tensor.name());
        if (range == null && isTable(tensor.name(), cascade)) {
          throw new IllegalArgumentException(
              "input " + tensor.name() + " is read as an index and needs a range of integers");
        }
        double[] array = values.array();
        for (int i = 0; i < array.length; i++) {
          array[i] = range == null ? value(kind, random) : integer(range, random);
        }
        inputs.put(tensor.name(), values);
      }
    }
    return Map.copyOf(inputs);
  }

  private static double integer(IntegerRange range, Random random) {
    return random.nextLong(range.low(), Math.addExact(range.high(), 1));
  }

  private static double value(Kind kind, Random random) {
    return switch (kind) {
      case RANDOM -> (random.nextInt(1 << 25) - (1 << 24)) * 0x1p-24;
      case EXACT_TIES -> random.nextInt(5) - 2;
      case LARGE_SCORES -> random.nextInt(201) - 100;
    };
  }

  private static boolean isTable(TensorName input, Cascade cascade) {
    return cascade.einsums().stream()
        .flatMap(einsum -> einsum.tables().stream())
        .map(Access::tensor)
        .anyMatch(input::equals);
  }
}
