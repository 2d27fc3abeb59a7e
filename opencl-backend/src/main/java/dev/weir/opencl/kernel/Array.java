package dev.weir.opencl.kernel;

/**
 * Numbered elements: a buffer of the device or an array inside a kernel.
 *
 * @param name its identifier in the kernel
 * @param space where it lives
 * @param element type of an element
 * @param length elements
 */
public record Array(String name, AddressSpace space, Type element, long length) {

  /** Bytes of all elements. */
  public long bytes() {
    return Math.multiplyExact(length, element.bytes());
  }
}
