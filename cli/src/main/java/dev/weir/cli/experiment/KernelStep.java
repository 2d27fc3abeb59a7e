package dev.weir.cli.experiment;

import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.DeviceSession;
import dev.weir.opencl.validate.Comparison;
import dev.weir.opencl.validate.InputCase;
import dev.weir.opencl.validate.KernelValidator;
import dev.weir.opencl.validate.ValidationOptions;
import dev.weir.opencl.validate.ValidationReport;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.CostParts;
import dev.weir.reports.parts.KernelParts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Makes kernels of a schedule, runs them on the device that is there and checks them. */
final class KernelStep {

  /** Coordinates compared of each parallel rank that has more. */
  private static final int SAMPLED = 12;

  private final Experiment.Kernel wanted;
  private final Tried.Costed chosen;
  private final ParsedSchedule parsed;
  private final long seed;
  private final SectionBuilder section;
  private final Consumer<String> say;

  /**
   * For one target.
   *
   * @param chosen the schedule at the target's own shapes
   * @param parsed the same with its text
   */
  KernelStep(
      Experiment.Kernel wanted,
      Tried.Costed chosen,
      ParsedSchedule parsed,
      long seed,
      SectionBuilder section,
      Consumer<String> say) {
    this.wanted = wanted;
    this.chosen = chosen;
    this.parsed = parsed;
    this.seed = seed;
    this.section = section;
    this.say = say;
  }

  /**
   * A cascade under the schedule.
   *
   * @param file name of the file for its kernel
   * @param sources who measured something of it
   */
  record Wanted(String file, Problem problem, SourceOf sources) {}

  /** The source of what was measured at some shapes on a device. */
  interface SourceOf {
    Source at(String shapes, String device);
  }

  /**
   * Does it.
   *
   * @param all the chosen problem first, then other cascades under the same schedule
   * @param files takes the kernels' texts
   */
  void run(List<Wanted> all, Map<String, String> files) {
    List<Wanted> made = all.stream().filter(one -> made(one, files)).toList();
    if (!made.isEmpty()) {
      onDevice(made);
    }
    GpuStep gpus = new GpuStep(section, say);
    for (Wanted one : made) {
      if (KernelLowering.lower(one.problem()) instanceof Lowering.Lowered lowered) {
        gpus.run(one, lowered.program());
      }
    }
    for (Wanted one : made) {
      if (KernelLowering.lower(one.problem()) instanceof Lowering.Lowered lowered) {
        section.part(KernelParts.source(one.file(), lowered.program(), files.get(one.file())));
      }
    }
  }

  /** Whether there is a kernel; if not, its place in the schedule's text is shown. */
  private boolean made(Wanted one, Map<String, String> files) {
    return switch (KernelLowering.lower(one.problem())) {
      case Lowering.Refused refused -> {
        section.notice(
            "Kernel of " + one.problem().cascade().name(),
            Outcome.FAILED,
            "the schedule cannot become a kernel, %s:%d: %s"
                .formatted(
                    parsed.file().name(),
                    parsed.file().line(parsed.place(refused.where()).start()),
                    refused.message()));
        yield false;
      }
      case Lowering.Lowered lowered -> {
        files.put(one.file(), OpenClPrinter.print(lowered.program()));
        yield true;
      }
    };
  }

  private void onDevice(List<Wanted> made) {
    try (DeviceSession session = DeviceSession.open()) {
      switch (session.devices()) {
        case DeviceSearch.NoDevice none -> {
          section.card("kernel", new Cell.Verdict(Outcome.NOT_RUN, ""), "no OpenCL device");
          section.notice(
              "Kernel on a device",
              Outcome.NOT_RUN,
              none.reason() + "\nTo run it: " + none.remedy());
        }
        case DeviceSearch.Found found -> {
          Device device = found.devices().getFirst();
          for (Wanted one : made) {
            boolean isChosen = one.problem().equals(chosen.problem());
            say.accept(
                "running the kernel of %s on %s"
                    .formatted(one.problem().cascade().name(), device.description().name()));
            check(one, session, device, isChosen ? wanted.repetitions() : 0);
          }
        }
      }
    }
  }

  private void check(Wanted one, DeviceSession session, Device device, int repetitions) {
    ValidationReport report =
        KernelValidator.validate(
            one.problem(),
            session,
            device,
            new ValidationOptions(InputCase.all(), true, SAMPLED, repetitions, seed));
    String cascade = one.problem().cascade().name();
    switch (report) {
      case ValidationReport.Refused refused ->
          section.notice("Kernel of " + cascade, Outcome.FAILED, refused.message());
      case ValidationReport.NotBuilt notBuilt ->
          section.notice(
              "Kernel of " + cascade,
              Outcome.FAILED,
              notBuilt.reason() + "\n" + String.join("\n", notBuilt.log()));
      case ValidationReport.Checked checked -> checked(one, device, checked);
    }
  }

  private void checked(Wanted one, Device device, ValidationReport.Checked checked) {
    String cascade = one.problem().cascade().name();
    String on = KernelParts.device(device.description());
    section.part(
        KernelParts.comparisons(
            cascade, checked, comparison -> one.sources().at(comparison.shape(), on)));
    long points = checked.comparisons().stream().mapToLong(Comparison::comparedPoints).sum();
    String shapes =
        checked.comparisons().stream()
            .map(Comparison::shape)
            .distinct()
            .collect(Collectors.joining(" and "));
    Outcome outcome = checked.passed() ? Outcome.PASSED : Outcome.FAILED;
    section.card(
        "kernel of " + cascade,
        new Cell.Verdict(outcome, ""),
        List.of(
            Cell.of(Figure.of(points, Unit.ELEMENTS, one.sources().at(shapes, on))),
            Cell.of("compared with the reference evaluator")));
    section.check(
        "kernel of " + cascade,
        "reference evaluator, " + checked.comparisons().size() + " comparisons",
        outcome,
        checked.passed()
            ? "all %,d compared elements within their bounds".formatted(points)
            : "a difference that rounding does not explain"
                + checked.diagnosis().map(diagnosis -> ": " + diagnosis.message()).orElse(""));
    checked
        .timing()
        .ifPresent(
            timing ->
                timing(
                    timing,
                    device.description().name(),
                    one.sources().at(Sources.shapes(one.problem()), on)));
  }

  /** The model knows the machine of a description, the clock the one that is here: never mixed. */
  private void timing(ValidationReport.Timing timing, String device, Source source) {
    Figure fastest = Figure.of(timing.minimumMilliseconds() / 1e3, Unit.SECONDS, source);
    Figure median = Figure.of(timing.medianMilliseconds() / 1e3, Unit.SECONDS, source);
    Figure modelled = Figure.of(chosen.cost().seconds(), Unit.SECONDS, chosen.source());
    Figure ratio =
        Figure.of(
            timing.minimumMilliseconds() / 1e3 / chosen.cost().seconds(),
            Unit.TIMES,
            Sources.quotient(source, chosen.source()));
    String bound = CostParts.accuracyAfter("; ", chosen.cost());
    String machine = chosen.problem().architecture().name();
    section.card(
        "kernel time, measured",
        Cell.of(fastest),
        List.of(
            Cell.of(Figure.of(timing.gigaflops() * 1e9, Unit.OPERATIONS_PER_SECOND, source)),
            Cell.of("in the fastest of %d runs on %s; median".formatted(timing.runs(), device)),
            Cell.of(median)));
    section.card(
        "measured ÷ modelled",
        Cell.of(ratio),
        List.of(
            Cell.of("the cost model has"), Cell.of(modelled), Cell.of("on " + machine + bound)));
    section.part(
        KernelParts.times(
            modelled,
            fastest,
            median,
            ratio,
            "Measured on %s; modelled for %s, the machine of the description: where the two differ, so may the times%s."
                .formatted(device, machine, bound)));
  }

  /** Names of files for the kernels of siblings; two cascades of one name do not share a file. */
  static List<String> files(String target, List<String> siblings) {
    List<String> files = new ArrayList<>();
    for (String sibling : siblings) {
      String name = target + "-" + sibling;
      int same = 1;
      while (files.contains(name + (same == 1 ? "" : "-" + same) + ".cl")) {
        same++;
      }
      files.add(name + (same == 1 ? "" : "-" + same) + ".cl");
    }
    return files;
  }
}
