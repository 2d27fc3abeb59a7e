package dev.weir.opencl.execute;

import java.util.Set;

/**
 * How kernels are executed.
 *
 * @param checks what is looked for besides accesses out of bounds and barriers, which always are
 * @param contraction whether a product and the sum that it goes into are rounded once or twice
 */
public record ExecutionOptions(Set<Check> checks, Contraction contraction) {

  /** Faults that cost time to find. */
  public enum Check {
    /**
     * Accesses of two work-items to an element of local or global memory without a barrier for that
     * memory between them, or in different work-groups, of which one writes.
     */
    RACES,
    /** Reads of elements that neither the caller nor a kernel wrote. */
    UNWRITTEN_READS
  }

  /** What OpenCL C leaves to the compiler: {@code a * b + c} within one expression. */
  public enum Contraction {
    /** Fused, where clang's {@code -ffp-contract=on} fuses. */
    FUSED,
    SEPARATE
  }

  public ExecutionOptions {
    checks = Set.copyOf(checks);
  }

  /** All checks, fused. */
  public static ExecutionOptions checked() {
    return new ExecutionOptions(Set.of(Check.values()), Contraction.FUSED);
  }

  boolean has(Check check) {
    return checks.contains(check);
  }
}
