package dev.weir.cli.validation;

import dev.weir.cli.experiment.Library;
import dev.weir.cli.experiment.Problems;
import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.opencl.lower.KernelLowering;
import dev.weir.opencl.lower.Lowering;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a catalogue comes to.
 *
 * @param all kernels to validate, cascade by cascade
 * @param gaps cascades that stay without a kernel for a kind of device
 */
public record Targets(List<Target> all, List<Gap> gaps) {

  public Targets {
    all = List.copyOf(all);
    gaps = List.copyOf(gaps);
  }

  /**
   * A cascade without a kernel.
   *
   * @param cascade its name
   * @param architecture the kind of device
   * @param reason why there is none
   */
  public record Gap(String cascade, String architecture, String reason) {}

  /**
   * Puts each cascade under every schedule that fits it: one that is legal for it and can become a
   * kernel. Where no shipped schedule does, schedules are made.
   */
  public static Targets of(Catalogue catalogue, Library library, ScheduleSource made) {
    List<Target> all = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    for (Catalogue.Workload workload : catalogue.workloads()) {
      Cascade cascade = library.cascade(workload.cascade());
      Problems.refuseUnknown(
          List.of(cascade), workload.shapes(), workload.cascade() + " in the catalogue");
      for (Catalogue.Binding binding : catalogue.bindings()) {
        Architecture architecture = library.architecture(binding.architecture());
        Fitting fitting = new Fitting(workload, cascade, architecture);
        for (Path schedule : binding.schedules()) {
          fitting.offer(library.schedule(schedule).schedule());
        }
        if (fitting.targets.isEmpty()) {
          made.schedules(cascade, architecture, workload.shapes()).forEach(fitting::offerMade);
        }
        all.addAll(fitting.targets);
        if (fitting.targets.isEmpty()) {
          gaps.add(new Gap(cascade.name(), architecture.name(), fitting.reason));
        }
      }
    }
    return new Targets(all, gaps);
  }

  /** Tries schedules on one workload for one kind of device. */
  private static final class Fitting {

    private final Catalogue.Workload workload;
    private final Cascade cascade;
    private final Architecture architecture;
    private final List<Target> targets = new ArrayList<>();
    private String reason = "no shipped schedule fits";

    Fitting(Catalogue.Workload workload, Cascade cascade, Architecture architecture) {
      this.workload = workload;
      this.cascade = cascade;
      this.architecture = architecture;
    }

    /** One that was written for some cascade, perhaps this. */
    void offer(Schedule schedule) {
      Problem problem = problem(schedule);
      if (Legality.judge(problem).isLegal()
          && KernelLowering.lower(problem) instanceof Lowering.Lowered lowered) {
        targets.add(new Target(problem, lowered.program()));
      }
    }

    /** One that was made for this cascade: that it does not fit is worth telling. */
    void offerMade(Schedule schedule) {
      Problem problem = problem(schedule);
      switch (Legality.judge(problem)) {
        case Judgement.Illegal illegal ->
            reason = schedule.name() + " is illegal: " + illegal.violations().getFirst().message();
        case Judgement.Legal _ -> {
          switch (KernelLowering.lower(problem)) {
            case Lowering.Lowered lowered -> targets.add(new Target(problem, lowered.program()));
            case Lowering.Refused refused -> reason = schedule.name() + ": " + refused.message();
          }
        }
      }
    }

    private Problem problem(Schedule schedule) {
      return Problems.of(
          cascade,
          schedule,
          architecture,
          workload.shapes(),
          workload.cascade() + " in the catalogue");
    }
  }
}
