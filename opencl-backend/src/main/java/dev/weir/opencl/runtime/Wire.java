package dev.weir.opencl.runtime;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Kernel;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Type;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How values travel between this process and the one that talks to a driver. */
final class Wire {

  private Wire() {}

  /** Writes an element of a list. */
  interface Writer<T> {
    void write(DataOutputStream out, T value) throws IOException;
  }

  /** Reads an element of a list. */
  interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  static <T> void writeAll(DataOutputStream out, List<T> values, Writer<T> writer)
      throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writer.write(out, value);
    }
  }

  static <T> List<T> readAll(DataInputStream in, Reader<T> reader) throws IOException {
    int count = in.readInt();
    List<T> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(reader.read(in));
    }
    return values;
  }

  static void writeBytes(DataOutputStream out, ByteBuffer bytes) throws IOException {
    out.writeInt(bytes.remaining());
    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  static ByteBuffer readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** Of any length, unlike {@link DataOutputStream#writeUTF}. */
  static void writeText(DataOutputStream out, String text) throws IOException {
    writeBytes(out, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in).array(), StandardCharsets.UTF_8);
  }

  static void writeDevice(DataOutputStream out, Device device) throws IOException {
    DeviceDescription description = device.description();
    writeText(out, description.name());
    writeText(out, description.platform());
    writeText(out, description.driver());
    writeText(out, description.version());
    writeText(out, description.kind().name());
    out.writeLong(description.computeUnits());
    out.writeLong(description.localBytes());
    out.writeLong(description.maxGroupSize());
    out.writeLong(description.vectorFloats());
    out.writeBoolean(description.hasDoubles());
    out.writeLong(description.globalBytes());
    out.writeLong(description.maxBufferBytes());
    out.writeInt(device.ordinal());
  }

  static Device readDevice(DataInputStream in) throws IOException {
    DeviceDescription description =
        new DeviceDescription(
            readText(in),
            readText(in),
            readText(in),
            readText(in),
            DeviceDescription.Kind.valueOf(readText(in)),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readBoolean(),
            in.readLong(),
            in.readLong());
    return new Device(description, in.readInt());
  }

  /** All that a launch needs: what kernels do stands in the source text that goes with it. */
  static void writeProgram(DataOutputStream out, KernelProgram program) throws IOException {
    writeText(out, program.name());
    writeAll(out, program.buffers(), Wire::writeBuffer);
    writeAll(out, program.kernels(), Wire::writeKernel);
  }

  static KernelProgram readProgram(DataInputStream in) throws IOException {
    return new KernelProgram(
        readText(in), readAll(in, Wire::readBuffer), readAll(in, Wire::readKernel));
  }

  private static void writeKernel(DataOutputStream out, Kernel kernel) throws IOException {
    writeText(out, kernel.name());
    writeAll(out, kernel.arguments(), Wire::writeBuffer);
    writeAll(out, kernel.groups(), DataOutputStream::writeLong);
    writeAll(out, kernel.items(), DataOutputStream::writeLong);
    writeAll(out, kernel.localArrays(), Wire::writeArray);
  }

  private static Kernel readKernel(DataInputStream in) throws IOException {
    return new Kernel(
        readText(in),
        readAll(in, Wire::readBuffer),
        readAll(in, DataInputStream::readLong),
        readAll(in, DataInputStream::readLong),
        readAll(in, Wire::readArray),
        List.of());
  }

  private static void writeBuffer(DataOutputStream out, KernelBuffer buffer) throws IOException {
    writeText(out, buffer.tensor().text());
    writeArray(out, buffer.array());
    writeText(out, buffer.role().name());
  }

  private static KernelBuffer readBuffer(DataInputStream in) throws IOException {
    return new KernelBuffer(
        new TensorName(readText(in)), readArray(in), KernelBuffer.Role.valueOf(readText(in)));
  }

  private static void writeArray(DataOutputStream out, Array array) throws IOException {
    writeText(out, array.name());
    writeText(out, array.space().name());
    writeText(out, array.element().kind().name());
    out.writeInt(array.element().lanes());
    out.writeLong(array.length());
  }

  private static Array readArray(DataInputStream in) throws IOException {
    return new Array(
        readText(in),
        AddressSpace.valueOf(readText(in)),
        new Type(Type.Kind.valueOf(readText(in)), in.readInt()),
        in.readLong());
  }
}
