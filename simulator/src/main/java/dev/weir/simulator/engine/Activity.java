package dev.weir.simulator.engine;

/**
 * A node of the running tree. It is started by the one above it, starts those below it, and says
 * when it is done; both may happen within the call that started it when nothing takes time. No
 * activity runs twice at a time.
 */
abstract class Activity {

  /** Who waits for an activity. */
  interface Parent {
    void childDone();
  }

  /** Stands where no activity waits. */
  static final Activity NOBODY =
      new Activity() {
        @Override
        void start() {
          throw new IllegalStateException("nobody is there to start");
        }
      };

  private Parent parent = () -> {};

  final void setParent(Parent waiting) {
    parent = waiting;
  }

  final <T extends Activity> T adopt(T child, Parent waiting) {
    child.setParent(waiting);
    return child;
  }

  abstract void start();

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
    parent.childDone();
  }
}
