package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Loop;
import dev.weir.simulator.machine.Ranges;

/** Runs its body in the last step of a loop. */
final class OnlyLast extends Activity {

  private final Loop loop;
  private final Ranges ranges;
  private final Activity body;

  OnlyLast(Loop loop, Ranges ranges, Activity body) {
    this.loop = loop;
    this.ranges = ranges;
    this.body = adopt(body, this::finish);
  }

  @Override
  void begin() {
    if (ranges.isLast(loop)) {
      body.start();
    } else {
      finish();
    }
  }
}
