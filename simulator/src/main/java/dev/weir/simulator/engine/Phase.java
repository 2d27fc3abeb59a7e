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
  private Optional<Activity> waiting = Optional.empty();

  Phase(Clock clock, long unitSet) {
    this.clock = clock;
    this.unitSet = unitSet;
  }

  void register(Transfers process) {
    transfers.add(process);
  }

  void begin() {
    pending++;
  }

  void end() {
    pending--;
    if (pending == 0 && waiting.isPresent()) {
      clock.wait(StallReason.Cause.STORE, unitSet, false);
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
    clock.wait(StallReason.Cause.STORE, unitSet, true);
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
  }
}
