package dev.weir.opencl.validate;

import dev.weir.opencl.kernel.NumberFormat;
import java.util.Set;

/**
 * How thoroughly a kernel is checked.
 *
 * @param cases inputs to run on
 * @param withTails whether it is also checked at small shapes that leave remainders
 * @param sampled coordinates compared of each parallel rank that has more; all when it has fewer
 * @param repetitions timed runs; 0 for no timing
 * @param seed of the inputs
 * @param format of the kernel's numbers
 */
public record ValidationOptions(
    Set<InputCase> cases,
    boolean withTails,
    int sampled,
    int repetitions,
    long seed,
    NumberFormat format) {

  public ValidationOptions {
    cases = Set.copyOf(cases);
  }

  /** In single precision. */
  public ValidationOptions(
      Set<InputCase> cases, boolean withTails, int sampled, int repetitions, long seed) {
    this(cases, withTails, sampled, repetitions, seed, NumberFormat.SINGLE);
  }

  /** The same for kernels in another format. */
  public ValidationOptions in(NumberFormat wanted) {
    return new ValidationOptions(cases, withTails, sampled, repetitions, seed, wanted);
  }

  /**
   * Every case of inputs, tails, sixteen sampled coordinates, seven timed runs. The reference
   * sweeps over all keys for each sampled output, so the time grows with the product of the sampled
   * ranks.
   */
  public static ValidationOptions thorough() {
    return new ValidationOptions(InputCase.all(), true, 16, 7, 1);
  }
}
