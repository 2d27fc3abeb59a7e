package dev.weir.simulator.engine;

import dev.weir.simulator.machine.Ranges;
import dev.weir.simulator.state.Stateful;

/** The transfers of a keep. */
interface Transfers extends Stateful {

  /** Work begins that will come to the keep, later or never: its first tiles may already move. */
  void announce(Ranges ranges);

  /**
   * The keep is about to be entered.
   *
   * @return whether its tiles are there; if not, the activity goes on when they are
   */
  boolean enter(Ranges ranges, Activity activity);

  /**
   * The step of an entry ends: it lasts until what moves beside its work has moved too.
   *
   * @return whether that is so; if not, the activity goes on when it is
   */
  boolean settle(Activity activity);

  /**
   * The keep is left.
   *
   * @return whether work may go on; if not, the activity goes on when it may
   */
  boolean leave(Ranges ranges, Activity activity);

  /** The phase is over: the next entry is a first one. */
  void reset();

  /** Entries whose tiles have arrived, in this phase. */
  long loadedEntries();

  /** Entries that work has asked for, in this phase. */
  long requestedEntries();
}
