package dev.weir.opencl.probe;

import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.KernelBuffer;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.runtime.Answer;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceProgram;
import dev.weir.opencl.runtime.DeviceSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Multiply-adds in registers: x ← x·1 + 1 in independent sums, so that latency does not limit. They
 * are written as products and sums, which compilers contract where the device has a fused one. The
 * factor and the addend are read from memory, so that no compiler knows them, and the sums of small
 * whole numbers are exact, so that every step that is left out shows.
 */
final class ArithmeticProbe {

  /** Two units with a latency of four cycles are busy with eight; more would not fit registers. */
  private static final int SUMS = 12;

  /** Steps in the body of the loop, so that its own instructions do not count. */
  private static final int UNROLLED = 8;

  private static final int FIRST_ROUNDS = 256;
  private static final double WANTED_MILLISECONDS = 3;

  /** Sums over all steps stay below 2²⁴, up to which floats are exact. */
  private static final int MOST_ROUNDS = 150_000;

  private static final TensorName STEP = new TensorName("STEP");
  private static final TensorName ROUNDS = new TensorName("ROUNDS");
  private static final TensorName RESULT = new TensorName("RESULT");

  private final DeviceSession session;
  private final Device device;
  private final int lanes;
  private final int repetitions;
  private final Probe.Grid grid;

  ArithmeticProbe(DeviceSession session, Device device, int lanes, int repetitions) {
    this.session = session;
    this.device = device;
    this.lanes = lanes;
    this.repetitions = repetitions;
    long units = device.description().computeUnits();
    this.grid =
        switch (device.description().kind()) {
          case CPU -> new Probe.Grid(4 * units, 1);
          case GPU, OTHER ->
              new Probe.Grid(8 * units, Math.min(256, device.description().maxGroupSize()));
        };
  }

  Answer<Peaks.Arithmetic> measure() {
    return measure(source());
  }

  /** The same with another text, as a test that plants a fault needs it. */
  Answer<Peaks.Arithmetic> measure(String source) {
    return session.build(device, program(), source).then(this::measure);
  }

  private Answer<Peaks.Arithmetic> measure(DeviceProgram built) {
    try (built) {
      return run(built, FIRST_ROUNDS)
          .then(first -> first.time(3))
          .then(times -> measure(built, rounds(times.minimumMilliseconds())));
    }
  }

  private Answer<Peaks.Arithmetic> measure(DeviceProgram built, int rounds) {
    double operations = 2.0 * lanes * SUMS * UNROLLED * rounds * grid.all();
    return run(built, rounds)
        .then(right -> right.time(repetitions))
        .then(times -> new Answer.Given<>(new Peaks.Arithmetic(lanes, operations, times)));
  }

  private static int rounds(double milliseconds) {
    double wanted = FIRST_ROUNDS * WANTED_MILLISECONDS / Math.max(milliseconds, 1e-3);
    return (int) Math.clamp(wanted, 1, MOST_ROUNDS);
  }

  private Answer<DeviceProgram> run(DeviceProgram built, int rounds) {
    float expected = SUMS * (SUMS - 1) / 2 + (float) SUMS * UNROLLED * rounds;
    return built
        .run(Map.of(STEP, new double[] {1, 1}, ROUNDS, new double[] {rounds}))
        .then(ran -> ran.read(RESULT))
        .then(got -> Probe.checked("multiply-adds of " + type(), got, _ -> expected, built));
  }

  private String type() {
    return new Type(Type.Kind.FLOAT, lanes).text();
  }

  KernelProgram program() {
    List<KernelBuffer> buffers =
        List.of(
            Probe.buffer("STEP", Type.FLOAT, 2, KernelBuffer.Role.INPUT),
            Probe.buffer("ROUNDS", Type.INT, 1, KernelBuffer.Role.INPUT),
            Probe.buffer("RESULT", Type.FLOAT, lanes * grid.all(), KernelBuffer.Role.OUTPUT));
    return new KernelProgram(
        "arithmetic_peak", buffers, List.of(Probe.kernel("multiply_adds", buffers, grid)));
  }

  String source() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        __kernel void multiply_adds(
            __global const float *restrict STEP,
            __global const int *restrict ROUNDS,
            __global float *restrict RESULT) {
          const %1$s factor = (%1$s)(STEP[0]);
          const %1$s addend = (%1$s)(STEP[1]);
          const int rounds = ROUNDS[0];
        """
            .formatted(type()));
    List<String> sums = new ArrayList<>();
    for (int i = 0; i < SUMS; i++) {
      sums.add("x" + i);
      text.append(String.format(Locale.ROOT, "  %1$s x%2$d = (%1$s)(%2$d.0f);%n", type(), i));
    }
    text.append("  for (int round = 0; round < rounds; round++) {\n");
    for (int step = 0; step < UNROLLED; step++) {
      sums.forEach(sum -> text.append("    %1$s = %1$s * factor + addend;%n".formatted(sum)));
    }
    text.append("  }\n");
    String total = String.join(" + ", sums);
    text.append(
        lanes == 1
            ? "  RESULT[get_global_id(0)] = %s;%n}%n".formatted(total)
            : "  vstore%d(%s, get_global_id(0), RESULT);%n}%n".formatted(lanes, total));
    return text.toString();
  }
}
