package dev.weir.cli.validation;

import dev.weir.opencl.probe.Peaks;
import dev.weir.opencl.runtime.DeviceDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a device so far.
 *
 * @param device what it says about itself
 * @param peaks what it can do at best; nothing when that could not be measured
 * @param notes what went wrong with the device itself, a line each
 * @param rows what became of the targets so far
 */
public record DeviceResult(
    DeviceDescription device, Optional<Peaks> peaks, List<String> notes, List<Row> rows) {

  public DeviceResult {
    notes = List.copyOf(notes);
    rows = List.copyOf(rows);
  }

  DeviceResult with(Row row) {
    List<Row> more = new ArrayList<>(rows);
    more.add(row);
    return new DeviceResult(device, peaks, notes, more);
  }
}
