package dev.weir.opencl.runtime;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** What a {@link DeviceWorker} answers. */
sealed interface Reply {

  /** It is done, and there is no more to say. */
  record Done() implements Reply {}

  /** A platform is about to be asked for its devices; more follows. */
  record Asking(String platform) implements Reply {}

  /** What the search for devices came to. */
  record Devices(DeviceSearch search) implements Reply {}

  /** The program does not run on this device; the process is as good as before. */
  record NotBuilt(String reason, List<String> log) implements Reply {}

  /** The driver reported an error; nothing that it does from here on is to be trusted. */
  record Failed(String reason) implements Reply {}

  /** Nanoseconds of each kernel. */
  record Ran(List<Long> nanoseconds) implements Reply {}

  /** Elements of a tensor. */
  record Values(ByteBuffer bytes) implements Reply {}

  /** Writes it whole. */
  static void write(DataOutputStream out, Reply reply) throws IOException {
    switch (reply) {
      case Done _ -> out.writeByte('d');
      case Asking asking -> {
        out.writeByte('a');
        Wire.writeText(out, asking.platform());
      }
      case Devices devices -> {
        switch (devices.search()) {
          case DeviceSearch.Found found -> {
            out.writeByte('l');
            Wire.writeAll(out, found.devices(), Wire::writeDevice);
            Wire.writeAll(out, found.notes(), Wire::writeText);
          }
          case DeviceSearch.NoDevice none -> {
            out.writeByte('0');
            Wire.writeText(out, none.reason());
            Wire.writeText(out, none.remedy());
          }
        }
      }
      case NotBuilt failed -> {
        out.writeByte('n');
        Wire.writeText(out, failed.reason());
        Wire.writeAll(out, failed.log(), Wire::writeText);
      }
      case Failed failed -> {
        out.writeByte('f');
        Wire.writeText(out, failed.reason());
      }
      case Ran ran -> {
        out.writeByte('t');
        Wire.writeAll(out, ran.nanoseconds(), DataOutputStream::writeLong);
      }
      case Values values -> {
        out.writeByte('v');
        Wire.writeBytes(out, values.bytes());
      }
    }
    out.flush();
  }

  /** Reads one, or waits for it. */
  static Reply read(DataInputStream in) throws IOException {
    byte tag = in.readByte();
    return switch (tag) {
      case 'd' -> new Done();
      case 'a' -> new Asking(Wire.readText(in));
      case 'l' ->
          new Devices(
              new DeviceSearch.Found(
                  Wire.readAll(in, Wire::readDevice), Wire.readAll(in, Wire::readText)));
      case '0' -> new Devices(new DeviceSearch.NoDevice(Wire.readText(in), Wire.readText(in)));
      case 'n' -> new NotBuilt(Wire.readText(in), Wire.readAll(in, Wire::readText));
      case 'f' -> new Failed(Wire.readText(in));
      case 't' -> new Ran(Wire.readAll(in, DataInputStream::readLong));
      case 'v' -> new Values(Wire.readBytes(in));
      default -> throw new IOException("no reply begins with " + tag);
    };
  }
}
