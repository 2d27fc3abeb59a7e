package dev.weir.opencl.gpu;

/** Whose tools compile for a target. */
public enum Vendor {
  NVIDIA,
  AMD
}
