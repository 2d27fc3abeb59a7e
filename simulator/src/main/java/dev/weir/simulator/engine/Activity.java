package dev.weir.simulator.engine;

import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;

/**
 * A node of the running tree. It is started by the one above it, starts those below it, and says
 * when it is done; both may happen within the call that started it when nothing takes time. No
 * activity runs twice at a time.
 */
abstract class Activity implements Stateful {

  /** Who waits for an activity. */
  interface Parent {
    void childDone();
  }

  /** Stands where no activity waits. */
  static final Activity NOBODY =
      new Activity() {
        @Override
        void begin() {
          throw new IllegalStateException("nobody is there to start");
        }
      };

  private Parent parent = () -> {};
  private boolean running;

  final void setParent(Parent waiting) {
    parent = waiting;
  }

  final <T extends Activity> T adopt(T child, Parent waiting) {
    child.setParent(waiting);
    return child;
  }

  final void start() {
    running = true;
    begin();
  }

  abstract void begin();

  /** Goes on after a wait for tiles. */
  void resume() {
    throw new IllegalStateException("does not wait for tiles");
  }

  /** Where it stands, for people. */
  String where() {
    return "work";
  }

  /** When it leaves an entry of a keep that it has entered, for people. */
  String leaving(Transfers keep) {
    return "its work is done";
  }

  final void finish() {
    running = false;
    parent.childDone();
  }

  @Override
  public final void walk(StateWalk walk) {
    walk.same(running);
    if (running) {
      walkRunning(walk);
    }
  }

  /** The state while it runs. */
  void walkRunning(StateWalk walk) {}
}
