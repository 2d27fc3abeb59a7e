package dev.weir.cli.validation;

import dev.weir.opencl.probe.PeakProbe;
import dev.weir.opencl.probe.Peaks;
import dev.weir.opencl.runtime.Answer;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.runtime.Fitness;
import dev.weir.opencl.validate.InputCase;
import dev.weir.opencl.validate.KernelValidator;
import dev.weir.opencl.validate.References;
import dev.weir.opencl.validate.ValidationOptions;
import dev.weir.opencl.validate.ValidationReport;
import dev.weir.reports.model.Provenance.Fact;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Runs every target on every device, one after another, and hands out what it knows after each. */
public final class ValidationRun {

  /** Fewer coordinates than for one kernel alone: there are many kernels. */
  private static final ValidationOptions OPTIONS =
      new ValidationOptions(Set.of(InputCase.values()), true, 8, 15, 1);

  private final Bench bench;
  private final Targets targets;
  private final List<Fact> facts;
  private final Consumer<String> progress;
  private final Listener listener;

  /** What is done on a device. */
  interface Bench {

    /** Measures what it can do at best. */
    Answer<Peaks> peaks(Device device);

    /** Runs a kernel and checks it. */
    ValidationReport report(Target target, Device device);
  }

  /** The devices themselves. */
  private record DeviceBench(DeviceSession session, References references) implements Bench {

    @Override
    public Answer<Peaks> peaks(Device device) {
      return PeakProbe.measure(session, device);
    }

    @Override
    public ValidationReport report(Target target, Device device) {
      return KernelValidator.validate(target.problem(), session, device, OPTIONS, references);
    }
  }

  /** Is told of everything new; the result holds all that came before, too. */
  public interface Listener {

    /** A device is begun. */
    void begun(DeviceResult device, ValidationResult soFar);

    /** A target was tried on the device that was begun last. */
    void done(Row row, ValidationResult soFar);

    /** All targets were tried on the device that was begun last. */
    void ended(DeviceResult device, ValidationResult soFar);
  }

  /**
   * For one run.
   *
   * @param facts who runs it, when and on what host
   * @param progress is told what is about to be done
   */
  public ValidationRun(
      DeviceSession session,
      Targets targets,
      List<Fact> facts,
      Consumer<String> progress,
      Listener listener) {
    this(new DeviceBench(session, new References()), targets, facts, progress, listener);
  }

  ValidationRun(
      Bench bench,
      Targets targets,
      List<Fact> facts,
      Consumer<String> progress,
      Listener listener) {
    this.bench = bench;
    this.targets = targets;
    this.facts = facts;
    this.progress = progress;
    this.listener = listener;
  }

  /** Does it. */
  public ValidationResult on(DeviceSearch.Found found) {
    List<DeviceResult> results = new ArrayList<>();
    for (Device device : found.devices()) {
      String name = device.description().name();
      progress.accept("measuring what %s can do at best".formatted(name));
      results.add(begun(device));
      listener.begun(results.getLast(), soFar(found, results, false));
      int number = 0;
      for (Target target : targets.all()) {
        number++;
        progress.accept(
            "kernel %d of %d on %s: %s under %s"
                .formatted(
                    number,
                    targets.all().size(),
                    name,
                    target.problem().cascade().name(),
                    target.problem().schedule().name()));
        Row row = row(target, device, results.getLast().peaks());
        results.set(results.size() - 1, results.getLast().with(row));
        listener.done(row, soFar(found, results, false));
      }
      progress.accept("measuring again what %s can do at best".formatted(name));
      results.set(results.size() - 1, ended(results.getLast(), device));
      listener.ended(results.getLast(), soFar(found, results, false));
    }
    return soFar(found, results, true);
  }

  private Row row(Target target, Device device, Optional<Peaks> peaks) {
    List<String> lacks = Fitness.problems(target.program(), device.description());
    return lacks.isEmpty()
        ? Row.of(target, report(target, device), peaks)
        : Row.notRun(target, lacks, peaks);
  }

  /**
   * A mistake of Weir's own costs this kernel, not those after it: whatever exception it throws.
   * Errors of the virtual machine, such as memory that runs out, end the validation.
   */
  private ValidationReport report(Target target, Device device) {
    try {
      return bench.report(target, device);
    } catch (RuntimeException mistake) {
      StringWriter trace = new StringWriter();
      mistake.printStackTrace(new PrintWriter(trace));
      return new ValidationReport.NotBuilt(
          "internal error, please report it: " + mistake, trace.toString().lines().toList());
    }
  }

  private DeviceResult begun(Device device) {
    return switch (bench.peaks(device)) {
      case Answer.Given<Peaks> given ->
          begun(device, Optional.of(given.value()), given.value().notes());
      case Answer.Failed<Peaks> failed ->
          begun(device, Optional.empty(), List.of("its peaks are unknown: " + failed.reason()));
    };
  }

  private DeviceResult begun(Device device, Optional<Peaks> peaks, List<String> notes) {
    List<DescribedPeaks> descriptions =
        targets.all().stream()
            .map(target -> target.problem().architecture())
            .distinct()
            .map(DescribedPeaks::of)
            .toList();
    return new DeviceResult(
        device.description(), peaks, Optional.empty(), descriptions, notes, List.of());
  }

  private DeviceResult ended(DeviceResult result, Device device) {
    return switch (bench.peaks(device)) {
      case Answer.Given<Peaks> given -> result.endingWith(Optional.of(given.value()), List.of());
      case Answer.Failed<Peaks> failed ->
          result.endingWith(
              Optional.empty(), List.of("its peaks at the end are unknown: " + failed.reason()));
    };
  }

  private ValidationResult soFar(
      DeviceSearch.Found found, List<DeviceResult> results, boolean isComplete) {
    return new ValidationResult(
        facts, targets.all(), targets.gaps(), found.notes(), results, isComplete);
  }
}
