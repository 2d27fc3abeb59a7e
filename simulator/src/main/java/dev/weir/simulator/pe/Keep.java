package dev.weir.simulator.pe;

import java.util.List;
import java.util.Optional;

/** A keep while the schedule runs. A process enters it, works, settles and leaves it. */
sealed interface Keep permits SingleKeep, DoubleKeep {

  /** Work begins that comes to the keep later, at first with these steps. */
  void announce(long[] steps);

  /** The process comes to the keep. */
  void enter(long[] steps);

  /** What it then waits for. */
  Optional<Wait> entering();

  /** What the end of a step waits for: all that moves beside it. */
  Optional<Wait> settling();

  /** The process is through with the keep. */
  void leave(long[] steps);

  /** What it then waits for. */
  Optional<Wait> leaving();

  /** Begins a transfer that may begin now, if there is one. */
  boolean act();

  /** What moves its tiles. */
  List<Mover> movers();

  /** Whether nothing moves. */
  boolean isIdle();

  /** The phase is over: the next entry is a first one. */
  void reset();

  /** Whether the entry after the one at hand has arrived. */
  boolean isAhead();
}
