package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Allocation;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.trace.Recorder;

/**
 * Tells the recorder when a keep takes room and when it gives it back. Nothing of it is walked: it
 * has no state but whether it runs, and what room is taken follows from what runs.
 */
final class InRoom extends Activity {

  private final Recorder.Room room;
  private final Ranges ranges;
  private final Activity body;

  InRoom(Run run, Allocation allocation, Ranges ranges, Activity body) {
    this.room = run.recorder().room(allocation);
    this.ranges = ranges;
    this.body = adopt(body, this::bodyDone);
  }

  @Override
  void begin() {
    room.entered(ranges);
    body.start();
  }

  private void bodyDone() {
    room.left();
    finish();
  }
}
