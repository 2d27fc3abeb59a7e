package dev.weir.opencl.execute;

import java.util.Set;

/**
 * How kernels are executed.
 *
 * @param checks what is looked for besides accesses out of bounds and barriers, which always are
 * @param contraction whether a product and the sum that it goes into are rounded once or twice
 * @param unset what an element holds that nothing wrote: two runs that differ in this alone and not
 *     in their outputs show that reads of such elements, if any, do not matter; whole numbers hold
 *     0 for NaN
 */
public record ExecutionOptions(Set<Check> checks, Contraction contraction, double unset) {

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

  /** No checks; fused; memory is zero at first, as Oclgrind has it. */
  public static ExecutionOptions plain() {
    return new ExecutionOptions(Set.of(), Contraction.FUSED, 0);
  }

  /** The same with some checks. */
  public ExecutionOptions with(Check... wanted) {
    return new ExecutionOptions(Set.of(wanted), contraction, unset);
  }

  /** The same with another contraction. */
  public ExecutionOptions with(Contraction wanted) {
    return new ExecutionOptions(checks, wanted, unset);
  }

  /** The same with other unset elements. */
  public ExecutionOptions withUnset(double wanted) {
    return new ExecutionOptions(checks, contraction, wanted);
  }

  boolean has(Check check) {
    return checks.contains(check);
  }
}
