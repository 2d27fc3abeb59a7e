package dev.weir.opencl.probe;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.runtime.Answer;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceDescription;
import dev.weir.opencl.runtime.DeviceProgram;
import dev.weir.opencl.runtime.DeviceSession;
import java.util.List;
import java.util.Map;

/**
 * Copies a buffer larger than caches. The numbers in it are made on the device, by a kernel that is
 * not timed, and the copy is compared here.
 */
final class CopyProbe {

  private static final long MEBIBYTE = 1 << 20;

  /** Larger than the last caches of processors and GPUs. */
  private static final long PROCESSOR_BYTES = 64 * MEBIBYTE;

  private static final long GPU_BYTES = 256 * MEBIBYTE;

  /** Numbers up to it are exact as floats. */
  private static final int LARGEST = (1 << 20) - 1;

  private static final TensorName COPY = new TensorName("COPY");

  private final DeviceSession session;
  private final Device device;
  private final int repetitions;
  private final long floats;
  private final Probe.Grid grid;

  CopyProbe(DeviceSession session, Device device, int repetitions) {
    this.session = session;
    this.device = device;
    this.repetitions = repetitions;
    DeviceDescription description = device.description();
    long units = description.computeUnits();
    boolean isProcessor = description.kind() == DeviceDescription.Kind.CPU;
    long bytes =
        Math.min(
            isProcessor ? PROCESSOR_BYTES : GPU_BYTES,
            Math.min(description.maxBufferBytes(), description.globalBytes() / 8));
    this.floats = Math.max(16, bytes / 4 / 16 * 16);
    this.grid =
        isProcessor
            ? new Probe.Grid(4 * units, 1)
            : new Probe.Grid(16 * units, Math.min(256, description.maxGroupSize()));
  }

  Answer<Peaks.Copy> measure() {
    return measure(source());
  }

  /** The same with another text, as a test that plants a fault needs it. */
  Answer<Peaks.Copy> measure(String source) {
    return session.build(device, program(), source).then(this::measure);
  }

  private Answer<Peaks.Copy> measure(DeviceProgram built) {
    try (built) {
      return built
          .run(Map.of())
          .then(ran -> ran.read(COPY))
          .then(got -> Probe.checked("a copy", got, i -> i & LARGEST, built))
          .then(right -> right.time(repetitions, kernel -> kernel.name().equals("copy")))
          .then(times -> new Answer.Given<>(new Peaks.Copy(8.0 * floats, times)));
    }
  }

  KernelProgram program() {
    KernelBuffer from = Probe.buffer("FROM", Type.FLOAT, floats, KernelBuffer.Role.SCRATCH);
    KernelBuffer copy = Probe.buffer("COPY", Type.FLOAT, floats, KernelBuffer.Role.OUTPUT);
    return new KernelProgram(
        "copy_peak",
        List.of(from, copy),
        List.of(
            Probe.kernel("fill", List.of(from), grid),
            Probe.kernel("copy", List.of(from, copy), grid)));
  }

  /** A work-item of a processor copies its own part, those of a GPU take turns. */
  String source() {
    String loop =
        switch (device.description().kind()) {
          case CPU ->
              """
                const long part = (VECTORS + get_global_size(0) - 1) / get_global_size(0);
                const long begin = part * get_global_id(0);
                const long end = min(begin + part, (long)VECTORS);
                for (long i = begin; i < end; i++)\
              """;
          case GPU, OTHER ->
              """
                for (long i = get_global_id(0); i < VECTORS; i += get_global_size(0))\
              """;
        };
    int lanes = device.description().kind() == DeviceDescription.Kind.CPU ? 16 : 4;
    return """
    #define LANES %1$d
    #define VECTORS %2$dL

    __kernel void fill(__global float *restrict FROM) {
    %3$s
        for (int lane = 0; lane < LANES; lane++)
          FROM[i * LANES + lane] = (float)((i * LANES + lane) & %4$d);
    }

    __kernel void copy(__global const float *restrict FROM, __global float *restrict COPY) {
    %3$s
        vstore%1$d(vload%1$d(i, FROM), i, COPY);
    }
    """
        .formatted(lanes, floats / lanes, loop.stripTrailing(), LARGEST);
  }
}
