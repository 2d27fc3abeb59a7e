package dev.weir.opencl.runtime;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Elements of a buffer as a device stores them, in the order of bytes of this machine. */
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
    Type.Kind kind = buffer.array().element().kind();
    ByteBuffer bytes = room(buffer);
    for (double value : values) {
      if (kind == Type.Kind.INT && value != (int) value) {
        throw new IllegalArgumentException(
            "%s holds %s (expected whole numbers of 32 bits: kernels read it as coordinates)"
                .formatted(buffer.tensor(), value));
      }
      put(bytes, kind, value);
    }
    return bytes.flip();
  }

  /** Room for all elements of a buffer. */
  static ByteBuffer room(KernelBuffer buffer) {
    return ByteBuffer.allocate(Math.toIntExact(buffer.array().bytes()))
        .order(ByteOrder.nativeOrder());
  }

  /** An element that is no number, as a device fills a buffer with it. */
  static ByteBuffer notANumber(KernelBuffer buffer) {
    Type element = buffer.array().element();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(element.bytes())).order(ByteOrder.nativeOrder());
    switch (element.kind()) {
      case FLOAT, DOUBLE, HALF -> put(bytes, element.kind(), Double.NaN);
      // As an index it is far outside any array.
      case INT, MASK -> bytes.putInt(Integer.MAX_VALUE);
    }
    return bytes.flip();
  }

  private static void put(ByteBuffer bytes, Type.Kind kind, double value) {
    switch (kind) {
      case FLOAT -> bytes.putFloat((float) value);
      case DOUBLE -> bytes.putDouble(value);
      case HALF -> bytes.putShort(Float.floatToFloat16((float) value));
      case INT, MASK -> bytes.putInt((int) value);
    }
  }

  /** The values of a buffer, exactly. */
  static double[] values(KernelBuffer buffer, ByteBuffer bytes) {
    ByteBuffer ordered = bytes.order(ByteOrder.nativeOrder());
    double[] values = new double[Math.toIntExact(buffer.array().length())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (buffer.array().element().kind()) {
            case FLOAT -> ordered.getFloat();
            case DOUBLE -> ordered.getDouble();
            case HALF -> Float.float16ToFloat(ordered.getShort());
            case INT, MASK -> ordered.getInt();
          };
    }
    return values;
  }
}
