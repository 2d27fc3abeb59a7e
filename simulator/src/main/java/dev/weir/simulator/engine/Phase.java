package dev.weir.simulator.engine;

import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.StallReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A part of the schedule that is over only when all transfers that it began are. */
final class Phase implements Stateful {

  private final Clock clock;
  private final long unitSet;
  private final List<Transfers> transfers = new ArrayList<>();
  private int pending;
  private final List<StallReason> delayed = new ArrayList<>();
  private Optional<Activity> waiting = Optional.empty();
  private StallReason reason = StallReason.Cause.STORE;

  Phase(Clock clock, long unitSet) {
    this.clock = clock;
    this.unitSet = unitSet;
  }

  void register(Transfers process) {
    transfers.add(process);
  }

  /** A transfer begins. */
  void begin() {
    pending++;
    look();
  }

  /** A transfer begins or stops to wait for a memory to answer. */
  void delay(StallReason.Latency latency, boolean begins) {
    if (begins) {
      delayed.add(latency);
    } else {
      delayed.remove(latency);
    }
    look();
  }

  /** The end waits for a memory when nothing but that goes on. */
  private void look() {
    if (waiting.isPresent() && pending > 0) {
      clock.wait(reason, unitSet, false);
      reason = pendingReason();
      clock.wait(reason, unitSet, true);
    }
  }

  private StallReason pendingReason() {
    return delayed.size() == pending ? clock.first(delayed) : StallReason.Cause.STORE;
  }

  /** A transfer ends. */
  void end() {
    pending--;
    look();
    if (pending == 0 && waiting.isPresent()) {
      clock.wait(reason, unitSet, false);
      Activity activity = waiting.get();
      waiting = Optional.empty();
      reset();
      activity.resume();
    }
  }

  /** Whether it is over; if not, the activity goes on when it is. */
  boolean isOver(Activity activity) {
    if (pending == 0) {
      reset();
      return true;
    }
    reason = pendingReason();
    clock.wait(reason, unitSet, true);
    waiting = Optional.of(activity);
    return false;
  }

  private void reset() {
    for (int i = 0; i < transfers.size(); i++) {
      transfers.get(i).reset();
    }
  }

  @Override
  public void walk(StateWalk walk) {
    walk.same(pending);
    walk.same(waiting.isPresent());
    walk.same(delayed.size());
    for (int i = 0; i < delayed.size(); i++) {
      walk.same(delayed.get(i));
    }
  }
}
