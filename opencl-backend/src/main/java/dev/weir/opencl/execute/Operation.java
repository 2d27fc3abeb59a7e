package dev.weir.opencl.execute;

/** A step of a work-item: from registers and memory to registers and memory. */
@FunctionalInterface
interface Operation {
  void run(WorkItem item);
}
