package dev.weir.opencl.lower;

import dev.weir.mapper.schedule.NodePath;

/** Carries a refusal from where it is found to {@link KernelLowering}; never leaves the package. */
final class RefusedException extends RuntimeException {

  private final transient NodePath where;

  RefusedException(NodePath where, String reason) {
    super(reason);
    this.where = where;
  }

  NodePath where() {
    return where;
  }
}
