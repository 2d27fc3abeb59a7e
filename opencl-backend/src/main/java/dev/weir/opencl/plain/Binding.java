package dev.weir.opencl.plain;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;

/** What the parallel rank of a nest that is innermost in memory runs on. */
public enum Binding {
  /** Lanes of vectors: processors. */
  LANES(16, "lanes.x"),
  /** Work-items of a group: GPUs. */
  ITEMS(64, "items.x");

  private final long width;
  private final String axis;

  Binding(long width, String axis) {
    this.width = width;
    this.axis = axis;
  }

  /** What a device has more of. */
  public static Binding of(Architecture device) {
    return instances(device, ITEMS) > instances(device, LANES) ? ITEMS : LANES;
  }

  private static long instances(Architecture device, Binding binding) {
    return device.axis(binding.axis()).map(Axis::instances).orElse(1L);
  }

  /** Coordinates of the rank that a work-group takes. */
  long width() {
    return width;
  }

  AxisName axis() {
    return new AxisName(axis);
  }
}
