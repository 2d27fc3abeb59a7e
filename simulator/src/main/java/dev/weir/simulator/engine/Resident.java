package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.StateWalk;

/** Enters a keep, runs its body, leaves it. */
final class Resident extends Activity {

  private final Transfers transfers;
  private final Ranges ranges;
  private final Activity body;
  private final boolean stepsAreWhole;
  private Step step = Step.ENTER;

  private enum Step {
    ENTER,
    SETTLE,
    LEAVE
  }

  /**
   * A keep.
   *
   * @param stepsAreWhole whether a step lasts until what moves beside it has moved; in a pipeline
   *     it does not, as that may take many epochs
   */
  Resident(Transfers transfers, Ranges ranges, boolean stepsAreWhole, Activity body) {
    this.transfers = transfers;
    this.ranges = ranges;
    this.stepsAreWhole = stepsAreWhole;
    this.body = adopt(body, this::bodyDone);
  }

  @Override
  void begin() {
    step = Step.ENTER;
    if (transfers.enter(ranges, this)) {
      body.start();
    }
  }

  private void bodyDone() {
    step = Step.SETTLE;
    if (!stepsAreWhole || transfers.settle(this)) {
      leave();
    }
  }

  private void leave() {
    step = Step.LEAVE;
    if (transfers.leave(ranges, this)) {
      finish();
    }
  }

  @Override
  void resume() {
    switch (step) {
      case ENTER -> body.start();
      case SETTLE -> leave();
      case LEAVE -> finish();
    }
  }

  @Override
  void walkRunning(StateWalk walk) {
    walk.same(step);
  }
}
