package dev.weir.opencl.lower;

import dev.weir.mapper.schedule.NodePath;

/** Carries a refusal from where it is found to {@link KernelLowering}; never leaves the package. */
final class RefusedException extends RuntimeException {

  private final transient NodePath where;
  private final String fix;

  /**
   * A refusal.
   *
   * @param reason what is wrong
   * @param fix the change of the schedule that mends it
   */
  RefusedException(NodePath where, String reason, String fix) {
    super(reason);
    this.where = where;
    this.fix = fix;
  }

  Lowering.Refused refused() {
    return new Lowering.Refused(where, getMessage(), fix);
  }
}
