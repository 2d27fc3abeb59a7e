package dev.weir.opencl.gpu;

/**
 * Registers that a compiler ran out of.
 *
 * @param storeBytes bytes of a work-item that instructions of the text store for lack of registers
 * @param loadBytes bytes that they load back
 * @param scalarRegisters scalar registers that went to lanes of vector registers; of AMD's GPUs
 *     only
 */
public record Spills(long storeBytes, long loadBytes, int scalarRegisters) {

  static final Spills NONE = new Spills(0, 0, 0);

  /** Whether there were too few registers. */
  public boolean isAny() {
    return storeBytes > 0 || loadBytes > 0 || scalarRegisters > 0;
  }
}
