package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.StateWalk;

/** Runs its body on the tile of its stage, if there is one in this epoch. */
final class Staged extends Activity {

  private final Epochs epochs;
  private final int stage;
  private final Ranges ranges;
  private final Activity body;

  Staged(Epochs epochs, int stage, Ranges ranges, Activity body) {
    this.epochs = epochs;
    this.stage = stage;
    this.ranges = ranges;
    this.body = adopt(body, this::finish);
  }

  @Override
  void begin() {
    if (epochs.isActive(stage)) {
      ranges.take(epochs.ranges(stage));
      body.start();
    } else {
      finish();
    }
  }

  @Override
  void walkRunning(StateWalk walk) {
    ranges.walk(walk);
  }
}
