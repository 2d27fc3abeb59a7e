package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Loop;
import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.Recurrence;

/** Runs its body once a step of a loop. */
final class Repeat extends Activity {

  private final SteadyState steadyState;
  private final Recurrence states = new Recurrence();
  private final Loop loop;
  private final Ranges ranges;
  private final Activity body;
  private boolean stepping;
  private boolean bodyDone;

  Repeat(SteadyState steadyState, Loop loop, Ranges ranges, Activity body) {
    this.steadyState = steadyState;
    this.loop = loop;
    this.ranges = ranges;
    this.body = adopt(body, this::bodyDone);
  }

  @Override
  void begin() {
    ranges.enter(loop);
    step();
  }

  private void bodyDone() {
    bodyDone = true;
    if (!stepping) {
      if (next()) {
        step();
      } else {
        end();
      }
    }
  }

  /** A loop, not a recursion: bodies that take no time are done before they return. */
  private void step() {
    stepping = true;
    boolean more = true;
    while (more) {
      bodyDone = false;
      body.start();
      more = bodyDone && next();
    }
    stepping = false;
    if (bodyDone) {
      end();
    }
  }

  private boolean next() {
    boolean goesOn = ranges.next(loop);
    if (goesOn) {
      steadyState.stepped(loop, ranges, states);
    }
    return goesOn;
  }

  private void end() {
    ranges.leave(loop);
    finish();
  }
}
