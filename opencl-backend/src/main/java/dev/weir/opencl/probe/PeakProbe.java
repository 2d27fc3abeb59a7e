package dev.weir.opencl.probe;

import dev.weir.opencl.runtime.Answer;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Measures what a device can do at best: multiply-adds of 32-bit floats and copies of global
 * memory. Clocks and neighbours change from minute to minute, so a share of the peak means
 * something only beside a peak of the same run.
 */
public final class PeakProbe {

  private static final List<Integer> LANES = List.of(1, 4, 8, 16);

  /** Runs of a few milliseconds: others on the machine are kept out of the fastest one. */
  private static final int REPETITIONS = 20;

  private PeakProbe() {}

  /** Measures, and checks what the device computed meanwhile; a second or two. */
  public static Answer<Peaks> measure(DeviceSession session, Device device) {
    List<Peaks.Arithmetic> measured = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Optional<Answer<Peaks>> failure = Optional.empty();
    for (int lanes : LANES) {
      switch (new ArithmeticProbe(session, device, lanes, REPETITIONS).measure()) {
        case Answer.Given<Peaks.Arithmetic> given -> measured.add(given.value());
        case Answer.Failed<Peaks.Arithmetic> failed -> {
          notes.add("no peak of vectors of %d: %s".formatted(lanes, failed.reason()));
          failure = Optional.of(new Answer.Failed<>(failed.reason(), failed.log()));
        }
      }
    }
    Optional<Peaks.Arithmetic> best =
        measured.stream().max(Comparator.comparingDouble(Peaks.Arithmetic::operationsPerSecond));
    if (best.isEmpty()) {
      return failure.orElseThrow();
    }
    return new CopyProbe(session, device, REPETITIONS)
        .measure()
        .then(copy -> new Answer.Given<>(new Peaks(best.get(), copy, notes)));
  }
}
