package dev.weir.opencl.execute;

import dev.weir.opencl.kernel.AddressSpace;

/**
 * Numbers the stretches of time between barriers, for each memory by itself: a barrier for local
 * memory orders nothing in global memory.
 */
final class Epochs {

  private long local;
  private long global;
  private long groupStart;

  /** The next work-group begins; nothing orders it with those before. */
  void nextGroup() {
    local = Math.max(local, global) + 1;
    global = local;
    groupStart = local;
  }

  void barrier(AddressSpace space) {
    switch (space) {
      case LOCAL, PRIVATE -> local++;
      case GLOBAL -> global++;
    }
  }

  long current(AddressSpace space) {
    return switch (space) {
      case LOCAL, PRIVATE -> local;
      case GLOBAL -> global;
    };
  }

  /** Whether something happened in another work-group of this kernel. */
  boolean isOfOtherGroup(long epoch) {
    return epoch < groupStart;
  }
}
