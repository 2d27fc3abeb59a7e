package dev.weir.cli.experiment;

import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.emit.OpenClPrinter;
import dev.weir.opencl.kernel.KernelProgram;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import dev.weir.opencl.runtime.Device;
import dev.weir.opencl.runtime.DeviceSearch;
import dev.weir.opencl.runtime.Devices;
import dev.weir.opencl.validate.InputCase;
import dev.weir.opencl.validate.KernelValidator;
import dev.weir.opencl.validate.ValidationOptions;
import dev.weir.opencl.validate.ValidationReport;
import dev.weir.reports.model.Cell;
import dev.weir.reports.model.Figure;
import dev.weir.reports.model.Outcome;
import dev.weir.reports.model.Source;
import dev.weir.reports.model.Unit;
import dev.weir.reports.parts.KernelParts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes a kernel of a schedule, runs it on the device that is there and checks it. */
final class KernelStep {

  /** Coordinates compared of each parallel rank that has more. */
  private static final int SAMPLED = 12;

  private final Experiment.Kernel wanted;
  private final long seed;
  private final SectionBuilder section;
  private final Consumer<String> say;

  KernelStep(Experiment.Kernel wanted, long seed, SectionBuilder section, Consumer<String> say) {
    this.wanted = wanted;
    this.seed = seed;
    this.section = section;
    this.say = say;
  }

  /**
   * Does it.
   *
   * @param problem the schedule at the target's own shapes
   * @param siblings other cascades under the same schedule
   * @param source a source for what is measured on a device, from its description
   * @param files takes the kernel's text
   */
  void run(
      String file,
      Problem problem,
      ParsedSchedule parsed,
      List<Problem> siblings,
      Function<String, Source> source,
      Map<String, String> files) {
    switch (KernelLowering.lower(problem)) {
      case Lowering.Refused refused ->
          section.notice(
              "Kernel",
              Outcome.FAILED,
              "the schedule cannot become a kernel, %s:%d: %s"
                  .formatted(
                      parsed.file().name(),
                      parsed.file().line(parsed.place(refused.where()).start()),
                      refused.reason()));
      case Lowering.Lowered lowered -> {
        KernelProgram program = lowered.program();
        String text = OpenClPrinter.print(program);
        files.put(file, text);
        onDevice(problem, siblings, source);
        section.part(KernelParts.source(file, program, text));
      }
    }
  }

  private void onDevice(Problem problem, List<Problem> siblings, Function<String, Source> source) {
    switch (Devices.list()) {
      case DeviceSearch.NoDevice none -> {
        section.card("kernel", new Cell.Verdict(Outcome.NOT_RUN, ""), "no OpenCL device");
        section.notice(
            "Kernel on a device", Outcome.NOT_RUN, none.reason() + "\nTo run it: " + none.remedy());
      }
      case DeviceSearch.Found found -> {
        Device device = found.devices().getFirst();
        String name = KernelParts.device(device.description());
        say.accept("running the kernel on " + device.description().name());
        check(problem, device, wanted.repetitions(), source.apply(name));
        for (Problem sibling : siblings) {
          say.accept("running the kernel of " + sibling.cascade().name());
          check(sibling, device, 0, source.apply(name));
        }
      }
    }
  }

  private void check(Problem problem, Device device, int repetitions, Source source) {
    ValidationReport report =
        KernelValidator.validate(
            problem,
            device,
            new ValidationOptions(Set.of(InputCase.values()), true, SAMPLED, repetitions, seed));
    String cascade = problem.cascade().name();
    switch (report) {
      case ValidationReport.Refused refused ->
          section.notice("Kernel of " + cascade, Outcome.FAILED, refused.reason());
      case ValidationReport.NotBuilt notBuilt ->
          section.notice(
              "Kernel of " + cascade,
              Outcome.FAILED,
              notBuilt.reason() + "\n" + String.join("\n", notBuilt.log()));
      case ValidationReport.Checked checked -> {
        section.part(KernelParts.comparisons(cascade, checked, source));
        long points = checked.comparisons().stream().mapToLong(c -> c.comparedPoints()).sum();
        section.card(
            "kernel of " + cascade,
            new Cell.Verdict(checked.passed() ? Outcome.PASSED : Outcome.FAILED, ""),
            "%,d elements compared with the reference evaluator".formatted(points));
        section.check(
            "kernel of " + cascade,
            "reference evaluator, " + checked.comparisons().size() + " comparisons",
            checked.passed() ? Outcome.PASSED : Outcome.FAILED,
            checked.passed()
                ? "all %,d compared elements within their bounds".formatted(points)
                : "a difference that rounding does not explain");
        checked.timing().ifPresent(timing -> timing(timing, source));
      }
    }
  }

  private void timing(ValidationReport.Timing timing, Source source) {
    section.card(
        "kernel time, measured",
        Figure.of(timing.minimumMilliseconds() / 1e3, Unit.SECONDS, source),
        "fastest of %d runs, median %.1f ms, %.1f Gflop/s"
            .formatted(timing.runs(), timing.medianMilliseconds(), timing.gigaflops()));
  }
}
