package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Ranges;

/** Enters a keep, runs its body, leaves it. */
final class Resident extends Activity {

  private final Transfers transfers;
  private final Ranges ranges;
  private final Activity body;
  private boolean leaving;

  Resident(Transfers transfers, Ranges ranges, Activity body) {
    this.transfers = transfers;
    this.ranges = ranges;
    this.body = adopt(body, this::bodyDone);
  }

  @Override
  void start() {
    leaving = false;
    if (transfers.enter(ranges, this)) {
      body.start();
    }
  }

  private void bodyDone() {
    leaving = true;
    if (transfers.leave(ranges, this)) {
      finish();
    }
  }

  @Override
  void resume() {
    if (leaving) {
      finish();
    } else {
      body.start();
    }
  }
}
