package dev.weir.cli.validation;

import dev.weir.opencl.probe.Peaks;
import dev.weir.opencl.runtime.DeviceDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is known of a device so far.
 *
 * @param device what it says about itself
 * @param peaks what it can do at best; nothing when that could not be measured
 * @param peaksAtEnd the same, measured again after the last target; nothing before that
 * @param descriptions of the machines that times are predicted for
 * @param notes what went wrong with the device itself, a line each
 * @param rows what became of the targets so far
 */
public record DeviceResult(
    DeviceDescription device,
    Optional<Peaks> peaks,
    Optional<Peaks> peaksAtEnd,
    List<DescribedPeaks> descriptions,
    List<String> notes,
    List<Row> rows) {

  /** A peak that changes by more meanwhile makes shares of the roofline doubtful. */
  private static final double STEADY = 0.1;

  public DeviceResult {
    descriptions = List.copyOf(descriptions);
    notes = List.copyOf(notes);
    rows = List.copyOf(rows);
  }

  DeviceResult with(Row row) {
    List<Row> more = new ArrayList<>(rows);
    more.add(row);
    return new DeviceResult(device, peaks, peaksAtEnd, descriptions, notes, more);
  }

  DeviceResult endingWith(Optional<Peaks> atEnd, List<String> moreNotes) {
    List<String> allNotes = new ArrayList<>(notes);
    allNotes.addAll(moreNotes);
    return new DeviceResult(device, peaks, atEnd, descriptions, allNotes, rows);
  }

  /** Peaks that changed while kernels ran, by more than a tenth: a line each. */
  public List<String> changes() {
    if (peaks.isEmpty() || peaksAtEnd.isEmpty()) {
      return List.of();
    }
    List<String> changes = new ArrayList<>();
    change(
            "multiply-adds",
            "Gflop/s",
            peaks.get().multiplyAccumulates().operationsPerSecond(),
            peaksAtEnd.get().multiplyAccumulates().operationsPerSecond())
        .ifPresent(changes::add);
    change(
            "copies",
            "GB/s",
            peaks.get().copy().bytesPerSecond(),
            peaksAtEnd.get().copy().bytesPerSecond())
        .ifPresent(changes::add);
    return changes;
  }

  private static Optional<String> change(String what, String unit, double start, double end) {
    return Math.abs(start - end) <= STEADY * Math.max(start, end)
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "the peak of %s changed from %.1f %s at the start to %.1f %s at the end, by more"
                    + " than %.0f %%; shares of the roofline are by that of the start",
                what,
                start / 1e9,
                unit,
                end / 1e9,
                unit,
                100 * STEADY));
  }
}
