package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.StateWalk;
import java.util.List;

/** Runs branches at the same time, each with ranges of its own. */
final class Concurrent extends Activity {

  /** A branch and where its process stands. */
  record Branch(Activity activity, Ranges ranges) {}

  private final Ranges ranges;
  private final List<Branch> branches;
  private int running;

  Concurrent(Ranges ranges, List<Branch> branches) {
    this.ranges = ranges;
    this.branches = branches;
    branches.forEach(branch -> adopt(branch.activity(), this::branchDone));
  }

  @Override
  void begin() {
    running = branches.size();
    for (int i = 0; i < branches.size(); i++) {
      branches.get(i).ranges().take(ranges);
      branches.get(i).activity().start();
    }
  }

  private void branchDone() {
    if (--running == 0) {
      finish();
    }
  }

  @Override
  void walkRunning(StateWalk walk) {
    walk.same(running);
    for (int i = 0; i < branches.size(); i++) {
      branches.get(i).ranges().walk(walk);
    }
  }
}
