package dev.weir.opencl.runtime;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Elements of a buffer as a device stores them: four bytes each, in the order of this machine. */
final class Elements {

  private Elements() {}

  /** The buffer of a tensor. */
  static KernelBuffer buffer(KernelProgram program, TensorName tensor) {
    return program.buffers().stream()
        .filter(buffer -> buffer.tensor().equals(tensor))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kernel uses " + tensor));
  }

  /**
   * Values as the bytes of a buffer.
   *
   * @param values row-major, as many as the buffer has, finite; not modified
   */
  static ByteBuffer bytes(KernelBuffer buffer, double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            buffer.tensor() + " holds " + value + "; inputs of kernels are finite");
      }
    }
    return encoded(buffer, values);
  }

  /**
   * A tensor as the bytes of a buffer: any numbers but infinite ones that mean absent.
   *
   * @param tensor its elements, and which value of one means absent; not modified
   */
  static ByteBuffer bytes(KernelBuffer buffer, DenseTensor tensor) {
    for (double value : tensor.values()) {
      if (Double.isInfinite(value) && value == tensor.empty()) {
        throw new IllegalArgumentException(
            "%s holds %s, its empty value; kernels take every element of an input whose empty value is infinite for present: put a finite value there, or give %s a finite empty value"
                .formatted(buffer.tensor(), value, buffer.tensor()));
      }
    }
    return encoded(buffer, tensor.values());
  }

  private static ByteBuffer encoded(KernelBuffer buffer, double[] values) {
    if (values.length != buffer.array().length()) {
      throw new IllegalArgumentException(
          buffer.tensor() + " has " + buffer.array().length() + " elements, not " + values.length);
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(4, values.length)).order(ByteOrder.nativeOrder());
    boolean isTable = buffer.array().element().kind() == Type.Kind.INT;
    for (double value : values) {
      if (isTable) {
        bytes.putInt((int) value);
      } else {
        bytes.putFloat((float) value);
      }
    }
    return bytes.flip();
  }

  /** Floats as bytes. */
  static ByteBuffer bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(4, values.length)).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  /** Bytes as floats. */
  static float[] floats(ByteBuffer bytes) {
    float[] values = new float[bytes.remaining() / 4];
    bytes.order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
    return values;
  }
}
