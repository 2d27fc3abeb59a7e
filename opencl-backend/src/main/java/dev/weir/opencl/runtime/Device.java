package dev.weir.opencl.runtime;

/**
 * A device that kernels can run on, as every process finds it again.
 *
 * @param description what it says about itself
 * @param ordinal 0 for the first of its platform with this name, 1 for its twin
 */
public record Device(DeviceDescription description, int ordinal) {

  /** Whether both mean one device: what else a device says, such as its free memory, may change. */
  boolean isSame(Device other) {
    return ordinal == other.ordinal
        && description.platform().equals(other.description.platform())
        && description.name().equals(other.description.name());
  }
}
