package dev.weir.opencl.kernel;

import java.util.List;

/**
 * One kernel, launched over a grid of work-groups.
 *
 * @param name its identifier
 * @param arguments buffers it takes, in order
 * @param groups work-groups along x, y and z
 * @param items work-items of a group along x, y and z
 * @param localArrays arrays shared by a work-group
 * @param body what every work-item runs
 */
public record Kernel(
    String name,
    List<KernelBuffer> arguments,
    List<Long> groups,
    List<Long> items,
    List<Array> localArrays,
    List<Statement> body) {

  public Kernel {
    arguments = List.copyOf(arguments);
    groups = List.copyOf(groups);
    items = List.copyOf(items);
    localArrays = List.copyOf(localArrays);
    body = List.copyOf(body);
  }

  /** Work-items of a work-group. */
  public long groupSize() {
    return items.stream().reduce(1L, Math::multiplyExact);
  }

  /** Bytes of local memory of a work-group. */
  public long localBytes() {
    return localArrays.stream().mapToLong(Array::bytes).sum();
  }
}
