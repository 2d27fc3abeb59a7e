package dev.weir.opencl.execute;

import dev.weir.opencl.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/** The work-items of a kernel that share local memory and meet at barriers; groups take turns. */
final class WorkGroup {

  private final Kernel kernel;
  private final ExecutionOptions options;
  private final Epochs epochs = new Epochs();
  private final List<WorkItem> items = new ArrayList<>();

  WorkGroup(Kernel kernel, ExecutionOptions options) {
    this.kernel = kernel;
    this.options = options;
  }

  /** For messages. */
  String kernel() {
    return kernel.name();
  }

  ExecutionOptions options() {
    return options;
  }

  Epochs epochs() {
    return epochs;
  }

  /** Its work-items, x first; they exist when statements run. */
  List<WorkItem> items() {
    return items;
  }

  /** Runs every group of the kernel from its first statement to its last. */
  void run(Scope scope, List<Storage> local, Region entry, Step body) {
    for (int number = 0; number < kernel.groupSize(); number++) {
      long[] position = position(number, kernel.items());
      items.add(new WorkItem(number, position, scope.allRegisters(), scope.allArrays()));
    }
    WorkItem[] all = items.toArray(WorkItem[]::new);
    long groups = kernel.groups().stream().reduce(1L, Math::multiplyExact);
    for (long number = 0; number < groups; number++) {
      epochs.nextGroup();
      local.forEach(Storage::clear);
      long[] group = position(number, kernel.groups());
      items.forEach(item -> item.enter(group));
      entry.execute(all.length);
      body.run(all, all.length);
    }
  }

  private static long[] position(long number, List<Long> sizes) {
    long rest = number;
    long[] position = new long[sizes.size()];
    for (int dimension = 0; dimension < position.length; dimension++) {
      position[dimension] = rest % sizes.get(dimension);
      rest /= sizes.get(dimension);
    }
    return position;
  }
}
