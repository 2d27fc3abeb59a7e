package dev.weir.opencl.kernel;

/** Where an array of a kernel lives. */
public enum AddressSpace {
  /** Buffers of the device: inputs, outputs and scratch. */
  GLOBAL("__global"),
  /** Shared by the work-items of a work-group. */
  LOCAL("__local"),
  /** Of one work-item; registers where the compiler can keep it there. */
  PRIVATE("__private");

  private final String text;

  AddressSpace(String text) {
    this.text = text;
  }

  /** The qualifier of OpenCL C. */
  public String text() {
    return text;
  }
}
