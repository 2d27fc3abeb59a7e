package dev.weir.simulator.pe;

import dev.weir.simulator.component.Delay;
import dev.weir.simulator.component.Flow;
import dev.weir.simulator.component.Port;
import dev.weir.simulator.component.Service;
import dev.weir.simulator.stats.StallReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the instructions of a schedule: one process, and more where branches run at the same time.
 * Whenever something has happened, transfers that may begin do so first, then processes go on.
 */
final class Sequencer {

  private static final class Branch {
    private final long[] steps;
    private final Flow flow = new Flow(Flow.Urgency.OPERAND);
    private int at;
    private boolean isOver;
    private Optional<Wait> wait = Optional.empty();

    Branch(int at, long[] steps) {
      this.at = at;
      this.steps = steps.clone();
    }

    boolean mayGoOn() {
      return !isOver && (wait.isEmpty() || wait.get().isOver().getAsBoolean());
    }
  }

  private final List<Instruction> program;
  private final List<Keep> keeps;
  private final Clock clock;
  private final Tally tally;
  private final List<Branch> processes = new ArrayList<>();

  Sequencer(List<Instruction> program, List<Keep> keeps, Clock clock, Tally tally) {
    this.program = List.copyOf(program);
    this.keeps = List.copyOf(keeps);
    this.clock = clock;
    this.tally = tally;
  }

  /**
   * Runs to the end.
   *
   * @param loops how many loops the schedule has
   * @return whether the end was reached; if not, the schedule waits for itself
   */
  boolean run(int loops) {
    Branch root = new Branch(0, new long[loops]);
    processes.add(root);
    clock.run(this::goOn);
    return root.isOver;
  }

  private void goOn() {
    boolean isChanging = true;
    while (isChanging) {
      transfer();
      isChanging = false;
      for (int i = 0; i < processes.size() && !isChanging; i++) {
        Branch branch = processes.get(i);
        if (branch.mayGoOn()) {
          resume(branch);
          isChanging = true;
        }
      }
      processes.removeIf(branch -> branch.isOver);
    }
  }

  private void transfer() {
    boolean isChanging = true;
    while (isChanging) {
      isChanging = false;
      for (int i = 0; i < keeps.size(); i++) {
        isChanging |= keeps.get(i).act();
      }
    }
  }

  private void resume(Branch branch) {
    branch.wait.filter(wait -> wait.cause().isPresent()).ifPresent(clock::end);
    branch.wait = Optional.empty();
    while (!branch.isOver && branch.wait.isEmpty()) {
      Instruction instruction = program.get(branch.at);
      branch.at++;
      branch.wait = execute(branch, instruction);
    }
    branch.wait.filter(wait -> wait.cause().isPresent()).ifPresent(clock::begin);
  }

  private Optional<Wait> execute(Branch branch, Instruction instruction) {
    return switch (instruction) {
      case Instruction.Work work -> work(branch, work);
      case Instruction.Begin begin -> {
        branch.steps[begin.loop().number()] = 0;
        yield Optional.empty();
      }
      case Instruction.Next next -> next(branch, next);
      case Instruction.UnlessLast last -> {
        if (!last.path().isLast(last.depth(), branch.steps)) {
          branch.at = last.elsewhere();
        }
        yield Optional.empty();
      }
      case Instruction.Enter enter -> enter(enter.keep(), branch.steps);
      case Instruction.Settle settle -> settle.keep().settling();
      case Instruction.Leave leave -> leave(leave.keep(), branch.steps);
      case Instruction.EndPhase end -> end(branch, end);
      case Instruction.Fork fork -> fork(branch, fork);
      case Instruction.End _ -> {
        branch.isOver = true;
        yield Optional.empty();
      }
      case Instruction.BeginPipeline begin -> {
        begin(branch, begin);
        yield Optional.empty();
      }
      case Instruction.BeginEpoch begin -> {
        begin.epochs().advance();
        yield Optional.empty();
      }
      case Instruction.EnterLink(Epochs epochs, Epochs.Link link) ->
          epochs.isEntered(link)
              ? enter(link.keep(), epochs.steps(link.firstStage()))
              : Optional.empty();
      case Instruction.SettleLink(Epochs epochs, Epochs.Link link) ->
          epochs.isSettled(link) ? link.keep().settling() : Optional.empty();
      case Instruction.LeaveLink(Epochs epochs, Epochs.Link link) ->
          epochs.isLeft(link)
              ? leave(link.keep(), epochs.steps(link.lastStage()))
              : Optional.empty();
      case Instruction.EndEpoch end -> {
        end(branch, end);
        yield Optional.empty();
      }
      case Instruction.Stage stage -> {
        stage(branch, stage);
        yield Optional.empty();
      }
    };
  }

  private Optional<Wait> next(Branch branch, Instruction.Next next) {
    int depth = next.path().depth() - 1;
    if (!next.path().isLast(depth, branch.steps)) {
      branch.steps[next.path().loops().get(depth).number()]++;
      branch.at = next.body();
    }
    return Optional.empty();
  }

  private Optional<Wait> enter(Keep keep, long[] steps) {
    keep.enter(steps);
    transfer();
    return keep.entering();
  }

  private Optional<Wait> leave(Keep keep, long[] steps) {
    keep.leave(steps);
    transfer();
    return keep.leaving();
  }

  /** The process comes back to the same instruction when the wait is over. */
  private Optional<Wait> end(Branch branch, Instruction.EndPhase end) {
    if (end.phase().isQuiet()) {
      end.phase().end();
      return Optional.empty();
    }
    branch.at--;
    return Optional.of(
        Wait.stalled(
            StallReason.Cause.STORE,
            end.unitSet(),
            () -> clock.outermost(end.phase().pauses()),
            end.phase()::isQuiet));
  }

  private Optional<Wait> fork(Branch branch, Instruction.Fork fork) {
    List<Branch> branches =
        fork.branches().stream().map(at -> new Branch(at, branch.steps)).toList();
    processes.addAll(branches);
    branch.at = fork.after();
    return Optional.of(Wait.until(() -> branches.stream().allMatch(one -> one.isOver)));
  }

  private void begin(Branch branch, Instruction.BeginPipeline begin) {
    clock.pipeline(begin.epochs().unitSet(), 1);
    begin.epochs().begin(branch.steps);
    for (Epochs.Link link : begin.links()) {
      if (begin.epochs().isLate(link)) {
        link.keep().announce(begin.epochs().start());
        transfer();
      }
    }
  }

  private void end(Branch branch, Instruction.EndEpoch end) {
    if (end.epochs().isOver()) {
      clock.pipeline(end.epochs().unitSet(), -1);
    } else {
      branch.at = end.next();
    }
  }

  private static void stage(Branch branch, Instruction.Stage stage) {
    Instruction.StageOf own = stage.stage();
    if (own.epochs().isActive(own.stage())) {
      own.epochs().place(own.stage(), branch.steps);
    } else {
      branch.at = stage.elsewhere();
    }
  }

  /** All nests of the piece that have a tile, as one activity of the unit. */
  private Optional<Wait> work(Branch branch, Instruction.Work work) {
    Demands demands = new Demands();
    long workCycles = 0;
    long fillCycles = 0;
    long slowestSlot = 0;
    for (Instruction.Slot slot : work.slots()) {
      Optional<Instruction.StageOf> stage = slot.stage();
      if (stage.isEmpty() || stage.get().epochs().isActive(stage.get().stage())) {
        stage.ifPresent(own -> own.epochs().place(own.stage(), branch.steps));
        slot.elements().run(branch.steps);
        slot.elements().count(tally);
        slot.elements().demand(demands, branch.steps);
        workCycles += slot.elements().workCycles();
        fillCycles += slot.elements().fillCycles();
        long alone = slot.elements().workCycles() + slot.elements().operationCycles();
        slowestSlot = Math.max(slowestSlot, alone);
      }
    }
    // While one slot waits for a result, the others go on.
    long operationCycles = Math.max(0, slowestSlot - workCycles);
    Times times = new Times(workCycles, fillCycles, operationCycles);
    Service service = demands.service(times.sum());
    if (service.nominalCycles() == 0 && demands.longestDelay().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(start(branch, work, service, demands, times));
  }

  /** Cycles of nests of a unit where no memory limits them. */
  private record Times(long work, long fill, long operation) {
    long sum() {
      return work + fill + operation;
    }
  }

  private Wait start(
      Branch branch, Instruction.Work work, Service service, Demands demands, Times times) {
    UnitAccount unit = clock.unit(work.slots().getFirst().nest().unitNumber());
    boolean[] isDone = new boolean[1];
    Optional<Port> slowest = demands.slowest(times.sum());
    Optional<Delay> delay = demands.longestDelay();
    Runnable ending =
        () -> {
          Optional<StallReason> slow = slowest.map(Port::reason);
          StallReason limit =
              branch
                  .flow
                  .worstPort()
                  .map(Port::reason)
                  .or(() -> slow)
                  .orElse(StallReason.Cause.FILL);
          Map<StallReason, Long> known = new HashMap<>();
          known.put(StallReason.Cause.FILL, times.fill());
          known.put(StallReason.Cause.OPERATION, times.operation());
          delay.ifPresent(first -> known.put(first.reason(), first.cycles()));
          if (limit instanceof StallReason.BankConflict) {
            slow.ifPresent(whole -> known.put(whole, service.nominalCycles() - times.sum()));
          }
          unit.finish(clock.now(), times.work(), known, limit);
          isDone[0] = true;
        };
    unit.start(clock.now());
    if (delay.isEmpty()) {
      clock.start(branch.flow, service, ending);
    } else {
      Runnable answered =
          service.nominalCycles() == 0 ? ending : () -> clock.start(branch.flow, service, ending);
      clock.start(branch.flow, delay.get().service(), answered);
    }
    return Wait.until(() -> isDone[0]);
  }
}
