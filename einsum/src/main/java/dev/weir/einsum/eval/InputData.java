package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.Arrays;
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
   * @param tables inputs that hold integers, such as lengths and indices, with their entries;
   *     before what the cascade says of them
   */
  public static Map<TensorName, DenseTensor> of(
      Cascade cascade, Shapes shapes, Kind kind, long seed, Map<TensorName, IntegerRange> tables) {
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        Random random = new Random(seed * 31 + tensor.name().text().hashCode());
        DenseTensor values =
            new DenseTensor(ReferenceEvaluator.shape(tensor, shapes), tensor.empty());
        fill(values, tensor.name(), cascade, shapes, kind, tables, random);
        inputs.put(tensor.name(), values);
      }
    }
    return Map.copyOf(inputs);
  }

  /** Whether there are values for every input whose distribution depends on shapes. */
  public static boolean canFill(Cascade cascade, Shapes shapes) {
    return cascade.distributions().entrySet().stream()
        .allMatch(
            said ->
                new DistributedValues(said.getKey(), cascade, shapes).hasValues(said.getValue()));
  }

  private static void fill(
      DenseTensor values,
      TensorName input,
      Cascade cascade,
      Shapes shapes,
      Kind kind,
      Map<TensorName, IntegerRange> tables,
      Random random) {
    IntegerRange range = tables.get(input);
    Distribution said = cascade.distributions().get(input);
    if (range != null) {
      Arrays.setAll(values.array(), _ -> integer(range, random));
    } else if (said != null && (kind == Kind.RANDOM || !isReal(said))) {
      new DistributedValues(input, cascade, shapes).fill(values, said, random);
    } else if (said == null && isTable(input, cascade)) {
      throw new IllegalArgumentException(
          "input " + input + " is read as an index and needs a range of integers");
    } else {
      Arrays.setAll(values.array(), _ -> value(kind, random));
    }
  }

  /** Whether other real numbers, made to provoke something, may stand for its values. */
  private static boolean isReal(Distribution distribution) {
    return switch (distribution) {
      case Distribution.Uniform _, Distribution.Normal _ -> true;
      case Distribution.Integers _,
          Distribution.Signs _,
          Distribution.Permutation _,
          Distribution.Rising _ ->
          false;
    };
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
