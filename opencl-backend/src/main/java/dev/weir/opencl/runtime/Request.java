package dev.weir.opencl.runtime;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.KernelProgram;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** What a {@link DeviceWorker} is asked for; all but {@link Release} are answered. */
sealed interface Request {

  /** Whether it is there. Answer: {@link Reply.Done}. */
  record Ping() implements Request {}

  /** Which devices there are. Answer: {@link Reply.Asking} for each platform, then the devices. */
  record Find(PlatformChoice choice) implements Request {}

  /** Build a program; one built earlier is released. Answer: done, or not built. */
  record Build(Device device, KernelProgram program, String source) implements Request {}

  /** Set an input. Answer: done, or failed. */
  record Write(TensorName input, ByteBuffer bytes) implements Request {}

  /** Run all kernels once. Answer: the time of each, or failed. */
  record Run() implements Request {}

  /** Hand out a tensor. Answer: its bytes, or failed. */
  record Read(TensorName output) implements Request {}

  /** Free what the program holds. */
  record Release() implements Request {}

  /** Writes it whole. */
  static void write(DataOutputStream out, Request request) throws IOException {
    switch (request) {
      case Ping _ -> out.writeByte('p');
      case Find find -> {
        out.writeByte('f');
        Wire.writeAll(out, find.choice().named(), Wire::writeText);
        Wire.writeAll(out, find.choice().crashed(), Wire::writeText);
        Wire.writeAll(out, find.choice().only().stream().toList(), Wire::writeText);
      }
      case Build build -> {
        out.writeByte('b');
        Wire.writeDevice(out, build.device());
        Wire.writeProgram(out, build.program());
        Wire.writeText(out, build.source());
      }
      case Write write -> {
        out.writeByte('w');
        Wire.writeText(out, write.input().text());
        Wire.writeBytes(out, write.bytes());
      }
      case Run _ -> out.writeByte('x');
      case Read read -> {
        out.writeByte('r');
        Wire.writeText(out, read.output().text());
      }
      case Release _ -> out.writeByte('d');
    }
    out.flush();
  }

  /** Reads one, or waits for it. */
  static Request read(DataInputStream in) throws IOException {
    byte tag = in.readByte();
    return switch (tag) {
      case 'p' -> new Ping();
      case 'f' -> {
        List<String> named = Wire.readAll(in, Wire::readText);
        List<String> crashed = Wire.readAll(in, Wire::readText);
        Optional<String> only = Wire.readAll(in, Wire::readText).stream().findFirst();
        yield new Find(new PlatformChoice(named, crashed, only));
      }
      case 'b' -> new Build(Wire.readDevice(in), Wire.readProgram(in), Wire.readText(in));
      case 'w' -> new Write(new TensorName(Wire.readText(in)), Wire.readBytes(in));
      case 'x' -> new Run();
      case 'r' -> new Read(new TensorName(Wire.readText(in)));
      case 'd' -> new Release();
      default -> throw new IOException("no request begins with " + tag);
    };
  }
}
