package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Loop;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.Advance;
import dev.weir.simulator.state.Recurrence;
import dev.weir.simulator.state.Snapshot;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.trace.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Leaves out what would happen again in just the same way. When a loop comes to a step in the state
 * that it had at an earlier one, the cycles between the two repeat as long as no process comes to a
 * last step; so the run is moved on by all these periods at once. Loops inside loops do so each for
 * itself: the period of an outer one may have skips in it.
 */
final class SteadyState {

  /**
   * What was skipped.
   *
   * @param skips how often
   * @param nested how many of these had a skip in their period
   * @param cycles that were not executed
   */
  record Skipped(long skips, long nested, long cycles) {}

  private boolean wanted;
  private final Clock clock;
  private final Recorder recorder;
  private final List<Stateful> parts = new ArrayList<>();
  private final List<Recurrence> due = new ArrayList<>();
  private final Snapshot present = new Snapshot();
  private long skips;
  private long nested;
  private long cycles;
  private long latest;

  SteadyState(boolean wanted, Clock clock, Recorder recorder) {
    this.wanted = wanted;
    this.clock = clock;
    this.recorder = recorder;
    parts.add(clock);
  }

  /** Takes a part of the run into the state. */
  void add(Stateful part) {
    parts.add(part);
  }

  /** A part depends on more of what was before than it can name: so every cycle is executed. */
  void executeAll() {
    wanted = false;
  }

  /**
   * A loop has come to its next step.
   *
   * @param states those of the loop
   */
  void stepped(Loop loop, Ranges ranges, Recurrence states) {
    // Steps that take no time follow one another at once.
    if (wanted
        && ranges.hasStepsAhead(loop)
        && recorder.skippable(clock.now()) > 0
        && states.isWorthALook()
        && !due.contains(states)) {
      due.add(states);
    }
  }

  /** Between events: skips what repeats, if a loop has stepped to where it was before. */
  void skip() {
    if (due.isEmpty()) {
      return;
    }
    present.take(clock.now(), parts);
    boolean skipped = false;
    for (int i = 0; i < due.size() && !skipped; i++) {
      Optional<Snapshot> seen = due.get(i).lastSeen(present);
      skipped = seen.isPresent() && skip(seen.get());
    }
    due.clear();
  }

  /** What is recorded is executed: false when the next period would come into a window. */
  private boolean skip(Snapshot seen) {
    long now = clock.now();
    long fitting = recorder.skippable(now) / (now - seen.cycle());
    long periods = Math.min(present.periodsAhead(seen), fitting);
    if (periods == 0) {
      return false;
    }
    nested += latest > seen.cycle() ? 1 : 0;
    Advance advance = new Advance(seen, present, periods);
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).walk(advance);
    }
    skips++;
    cycles += advance.cycles();
    latest = clock.now();
    recorder.skipped(seen.cycle(), now, clock.now());
    clock.report();
    return true;
  }

  Skipped skipped() {
    return new Skipped(skips, nested, cycles);
  }
}
