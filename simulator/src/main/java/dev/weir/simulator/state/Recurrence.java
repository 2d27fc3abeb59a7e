package dev.weir.simulator.state;

import java.util.Optional;

/**
 * Looks for a state that has been there before, at the steps of one loop. The states of some steps
 * in a row are kept, and all of them are compared with that of the present step and then with those
 * of every so many steps: every period is found, up to the distance of the two. As a run may first
 * have to settle, other states are kept after twice as many steps (after R. P. Brent, An improved
 * Monte Carlo factorization algorithm, BIT 20, 1980, section 2). So where no state comes again, but
 * few steps in a hundred are looked at.
 */
public final class Recurrence {

  private static final int KEPT = 32;

  private final Snapshot[] kept = new Snapshot[KEPT];
  private int keptCount;
  private long steps;
  // The step from which on states were kept.
  private long from = 1;

  /** The loop comes to its next step: whether its state is worth a look. */
  public boolean isWorthALook() {
    steps++;
    if (steps >= Math.max(2 * from, from + KEPT)) {
      from = steps;
      keptCount = 0;
    }
    return isKeeping() || (steps - from) % KEPT == 0;
  }

  private boolean isKeeping() {
    return steps - from < KEPT;
  }

  /** The latest state kept that is the present one again, with periods ahead. */
  public Optional<Snapshot> lastSeen(Snapshot present) {
    for (int i = keptCount - 1; i >= 0; i--) {
      if (present.periodsAhead(kept[i]) > 0) {
        Snapshot seen = kept[i];
        forget();
        return Optional.of(seen);
      }
    }
    if (isKeeping()) {
      kept[keptCount++] = present.copy();
    }
    return Optional.empty();
  }

  /** It paid to look, so the next steps are looked at again. */
  private void forget() {
    steps = 0;
    from = 1;
    keptCount = 0;
  }
}
