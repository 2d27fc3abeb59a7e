package dev.weir.simulator.state;

import java.util.Optional;

/**
 * Looks for a state that has been there before, at the steps of one loop. The states of some steps
 * in a row are kept and compared with those of later steps, at first of each, then at growing
 * distances; as a run may first have to settle, others are kept after twice as many steps. (The
 * doubling is that of R. P. Brent, An improved Monte Carlo factorization algorithm, BIT 20, 1980,
 * section 2.) Periods up to the number of states kept are found at once, longer ones later. Where
 * no state comes again, the number of looks grows with the square root of the number of steps.
 */
public final class Recurrence {

  private static final int KEPT = 16;

  private final Snapshot[] kept = new Snapshot[KEPT];
  private int keptCount;
  private long steps;
  // The step from which on states were kept.
  private long from = 1;

  /** The loop comes to its next step: whether its state is worth a look. */
  public boolean isWorthALook() {
    steps++;
    if (steps >= from + Math.max(from, 2 * KEPT)) {
      from = steps;
      keptCount = 0;
    }
    long distance = Math.max(1, Math.min(from / KEPT, (long) Math.sqrt((double) from)));
    return isKeeping() || (steps - from) % distance == 0;
  }

  private boolean isKeeping() {
    return keptCount < KEPT;
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
