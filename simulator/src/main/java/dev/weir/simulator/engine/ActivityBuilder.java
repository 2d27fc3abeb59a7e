package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Program;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.Stateful;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Turns a program into the activities that run it. */
final class ActivityBuilder {

  /** What is around a node. */
  private record Context(Ranges ranges, Phase phase, Optional<Epochs> epochs, OptionalInt stage) {
    Context with(Ranges other) {
      return new Context(other, phase, epochs, stage);
    }

    Context in(int stage, Ranges other) {
      return new Context(other, phase, epochs, OptionalInt.of(stage));
    }
  }

  private final Run run;
  private final Map<Integer, Transfers> byResidence = new HashMap<>();

  private ActivityBuilder(Run run) {
    this.run = run;
  }

  /** The whole program, as the last phase to end. */
  static Sequential build(Run run) {
    Program program = run.prepared().program();
    run.steadyState().add(run.prepared());
    Phase whole = phase(run);
    Context context =
        new Context(run.prepared().start().copy(), whole, Optional.empty(), OptionalInt.empty());
    run.steadyState().add(context.ranges());
    Activity root = new ActivityBuilder(run).build(program, context);
    return part(run, new Sequential(List.of(new Sequential.Part(root, Optional.of(whole)))));
  }

  private static Phase phase(Run run) {
    return part(run, new Phase(run.clock(), Units.of(run.prepared().program())));
  }

  private static <T extends Stateful> T part(Run run, T part) {
    run.steadyState().add(part);
    return part;
  }

  private Activity build(Program program, Context context) {
    return part(run, activity(program, context));
  }

  private Activity activity(Program program, Context context) {
    Ranges ranges = context.ranges();
    return switch (program) {
      case Program.Work work -> work(work, context);
      case Program.Repeat repeat ->
          new Repeat(run.steadyState(), repeat.loop(), ranges, build(repeat.body(), context));
      case Program.OnlyLast last -> new OnlyLast(last.loop(), ranges, build(last.body(), context));
      case Program.Resident resident -> inRoom(resident, resident(resident, context), ranges);
      case Program.Sequential sequential -> sequential(sequential, context);
      case Program.Concurrent concurrent -> {
        List<Concurrent.Branch> branches = new ArrayList<>();
        for (Program part : concurrent.parts()) {
          Ranges own = ranges.copy();
          branches.add(new Concurrent.Branch(build(part, context.with(own)), own));
        }
        yield new Concurrent(ranges, branches);
      }
      case Program.Epochs epochs -> epochs(epochs, context);
      case Program.Staged staged -> {
        Ranges own = ranges.copy();
        yield new Staged(
            context.epochs().orElseThrow(),
            staged.stage(),
            own,
            build(staged.body(), context.in(staged.stage(), own)));
      }
    };
  }

  private Work work(Program.Work work, Context context) {
    if (work.slots().stream().anyMatch(slot -> slot.nest().tracksElements())) {
      run.steadyState().executeAll();
    }
    return new Work(
        run,
        work.slots().stream()
            .map(slot -> new Work.Slot(slot.nest(), slot.stage().orElse(-1)))
            .toList(),
        context.ranges(),
        context.epochs(),
        context.stage());
  }

  private Activity resident(Program.Resident resident, Context context) {
    if (resident.kept().residence().isQuiet()) {
      return activity(resident.body(), context);
    }
    boolean stepsAreWhole = context.epochs().isEmpty();
    Transfers transfers =
        transfers(resident.kept(), context, Units.of(resident.body()), 0, stepsAreWhole);
    Activity body = build(resident.body(), context);
    return new Resident(transfers, context.ranges(), stepsAreWhole, body);
  }

  /** Only who watches asks how much room is taken. */
  private Activity inRoom(Program.Resident resident, Activity activity, Ranges ranges) {
    return run.recorder().isOn()
        ? new InRoom(run, resident.kept().allocation(), ranges, part(run, activity))
        : activity;
  }

  private Activity sequential(Program.Sequential sequential, Context context) {
    List<Sequential.Part> parts = new ArrayList<>();
    for (Program part : sequential.parts()) {
      if (sequential.phases()) {
        Phase phase = phase(run);
        Context inside = new Context(context.ranges(), phase, context.epochs(), context.stage());
        parts.add(new Sequential.Part(build(part, inside), Optional.of(phase)));
      } else {
        parts.add(new Sequential.Part(build(part, context), Optional.empty()));
      }
    }
    return new Sequential(parts);
  }

  private Activity epochs(Program.Epochs program, Context context) {
    long units = Units.of(program.body());
    Epochs epochs = new Epochs(run, program, context.ranges(), units);
    List<Epochs.Link> links = new ArrayList<>();
    for (Program.LinkedKeep keep : program.keeps()) {
      if (!keep.kept().residence().isQuiet()) {
        // In the head of a pipeline so many tiles are alive, and one more may arrive.
        boolean inHead = keep.depth() == program.loops().size();
        long alive = inHead ? keep.lastStage() - keep.firstStage() + 2L : 2;
        boolean stepsAreWhole = context.epochs().isEmpty() && (inHead || keep.firstStage() == 0);
        Transfers transfers = transfers(keep.kept(), context, units, alive, stepsAreWhole);
        links.add(new Epochs.Link(transfers, keep.depth(), keep.firstStage(), keep.lastStage()));
      }
    }
    Context inside =
        new Context(context.ranges(), context.phase(), Optional.of(epochs), OptionalInt.empty());
    epochs.fill(links, build(program.body(), inside));
    return epochs;
  }

  private Transfers transfers(
      Program.Kept kept, Context context, long units, long leastRoom, boolean stepsAreWhole) {
    Phase phase = context.phase();
    Transfers transfers;
    if (kept.residence().isDoubled()) {
      List<Transfers> upstream =
          kept.upstream().stream().map(up -> byResidence.get(up.residence())).toList();
      DoubleTransfers ahead =
          new DoubleTransfers(
              run, phase, kept, units, upstream, Math.max(kept.tiles(), leastRoom), stepsAreWhole);
      for (Transfers from : upstream) {
        if (from instanceof DoubleTransfers source) {
          source.feed(ahead);
        }
      }
      transfers = ahead;
    } else {
      transfers = new SingleTransfers(run, phase, kept, units);
    }
    byResidence.put(kept.residence().id(), transfers);
    return part(run, transfers);
  }
}
