package dev.weir.cli.validation;

import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Provenance.Fact;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a validation has found so far.
 *
 * @param facts who ran it, when and on what host
 * @param targets what was to be run on each device
 * @param gaps cascades without a kernel
 * @param notes platforms that could not be asked, a line each
 * @param devices results, a device each
 * @param isComplete whether every target was tried on every device
 */
public record ValidationResult(
    List<Fact> facts,
    List<Target> targets,
    List<Targets.Gap> gaps,
    List<String> notes,
    List<DeviceResult> devices,
    boolean isComplete) {

  public ValidationResult {
    facts = List.copyOf(facts);
    targets = List.copyOf(targets);
    gaps = List.copyOf(gaps);
    notes = List.copyOf(notes);
    devices = List.copyOf(devices);
  }

  /** Of all devices. */
  public Stream<Row> rows() {
    return devices.stream().flatMap(device -> device.rows().stream());
  }

  /** How many targets went so. */
  public long count(Outcome outcome) {
    return rows().filter(row -> row.outcome() == outcome).count();
  }
}
