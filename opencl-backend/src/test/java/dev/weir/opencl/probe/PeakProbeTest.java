package dev.weir.opencl.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.opencl.example.Tools;
import dev.weir.opencl.runtime.Answer;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceDescription;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.runtime.RunTimes;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeakProbeTest {

  private final DeviceSession session = DeviceSession.open();
  private final Device device = Tools.processor(session);

  @AfterEach
  void end() {
    session.close();
  }

  @Test
  void measuresBothPeaksWithTheirUnits() {
    assertThat(PeakProbe.measure(session, device))
        .isInstanceOfSatisfying(
            Answer.Given.class,
            given -> {
              Peaks peaks = (Peaks) given.value();
              assertThat(peaks.multiplyAccumulates().operationsPerSecond()).isPositive();
              assertThat(peaks.copy().bytesPerSecond()).isPositive();
              assertThat(peaks.copy().bytes()).isEqualTo(2.0 * 64 * 1024 * 1024);
              assertThat(peaks.notes()).isEmpty();
              assertThat(peaks.text())
                  .matches(
                      "[0-9.]+ Gflop/s \\(fp32 multiply-add, float(|4|8|16)\\), [0-9.]+ GB/s"
                          + " \\(copy of 64 MiB, bytes read and written\\)");
            });
  }

  @Test
  void stepsThatAreLeftOutGiveNoPeak() {
    ArithmeticProbe probe = new ArithmeticProbe(session, device, 4, 2);
    String planted = probe.source().replace("round < rounds", "round < rounds - 1");

    assertThat(planted).isNotEqualTo(probe.source());
    // 66 from where the twelve sums start, and 12 sums · 8 steps · 256 rounds, or one round less.
    assertThat(probe.measure(planted))
        .isEqualTo(
            new Answer.Failed<>(
                "the device computes multiply-adds of float4 wrongly (got 24546.0, expected 24642.0"
                    + " at element 0); its speed means nothing",
                List.of()));
  }

  @Test
  void partThatIsNotCopiedGivesNoBandwidth() {
    CopyProbe probe = new CopyProbe(session, device, 2);
    String planted = probe.source().replace("vstore16(", "if (i != 5) vstore16(");

    assertThat(planted).isNotEqualTo(probe.source());
    assertThat(probe.measure(planted))
        .isEqualTo(
            new Answer.Failed<>(
                "the device computes a copy wrongly (got NaN, expected 80.0 at element 80); its"
                    + " speed means nothing",
                List.of()));
  }

  /** Its kernels have another shape; that they compute what they must can be seen anywhere. */
  @Test
  void kernelsForGpusAreRightToo() {
    DeviceDescription d = device.description();
    DeviceDescription gpu =
        new DeviceDescription(
            d.name(),
            d.platform(),
            d.driver(),
            d.version(),
            DeviceDescription.Kind.GPU,
            3,
            d.localBytes(),
            100,
            1,
            d.hasDoubles(),
            8_000_000,
            3_000_000);

    assertThat(PeakProbe.measure(session, new Device(gpu, device.ordinal())))
        .isInstanceOfSatisfying(
            Answer.Given.class,
            given -> {
              Peaks peaks = (Peaks) given.value();
              assertThat(peaks.notes()).isEmpty();
              // An eighth of the memory, in whole vectors of 16 floats.
              assertThat(peaks.copy().bytes()).isEqualTo(2.0 * 1_000_000 / 64 * 64);
            });
  }

  @Test
  void rooflineIsTheLargerOfBothTimes() {
    RunTimes twoMilliseconds = new RunTimes(new long[] {3_000_000, 2_000_000});
    Peaks peaks =
        new Peaks(
            new Peaks.Arithmetic(8, 4e8, twoMilliseconds),
            new Peaks.Copy(1e8, twoMilliseconds),
            List.of());

    // 200 Gflop/s and 50 GB/s: 1 Gflop takes 5 ms, 100 MB take 2 ms, 1 GB takes 20 ms.
    Roofline arithmetic = peaks.roofline(1e9, 1e8);
    Roofline bandwidth = peaks.roofline(1e9, 1e9);

    assertThat(arithmetic.seconds()).isCloseTo(5e-3, within(1e-12));
    assertThat(arithmetic.limit()).isEqualTo("arithmetic");
    assertThat(bandwidth.seconds()).isCloseTo(20e-3, within(1e-12));
    assertThat(bandwidth.limit()).isEqualTo("bandwidth");
    assertThat(bandwidth.share(40e-3)).isCloseTo(0.5, within(1e-12));
    assertThat(peaks.text())
        .isEqualTo(
            "200.0 Gflop/s (fp32 multiply-add, float8), 50.0 GB/s (copy of 48 MiB, bytes read and"
                + " written)");
  }
}
