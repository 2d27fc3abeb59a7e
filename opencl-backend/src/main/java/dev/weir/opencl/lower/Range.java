package dev.weir.opencl.lower;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a rank stands: coordinates from {@code base} on, {@code extent} of them, those at or beyond
 * a limit excepted.
 *
 * <p>Beyond a <em>soft</em> limit a loop may run all the same when nothing reduces over the rank:
 * every tile in memory has room for it, loads are clamped, and what is stored outside is masked.
 * That keeps loops short of branches and work-items together. Beyond a <em>hard</em> one lies
 * another tile, or nothing: where no loop made sure of it, {@link Tail} does; of lanes reads are
 * clamped and stores masked.
 */
record Range(AffineForm base, long extent, List<AffineForm> soft, List<AffineForm> hard) {

  Range {
    soft = List.copyOf(soft);
    hard = List.copyOf(hard);
  }

  static Range whole(long shape) {
    return new Range(AffineForm.of(0), shape, List.of(), List.of());
  }

  boolean isSingle() {
    return extent == 1;
  }

  List<AffineForm> limits() {
    List<AffineForm> all = new ArrayList<>(soft);
    all.addAll(hard);
    return all;
  }

  boolean isLimited() {
    return !soft.isEmpty() || !hard.isEmpty();
  }

  Range at(AffineForm newBase, long newExtent) {
    return new Range(newBase, newExtent, soft, hard);
  }

  Range withSoft(AffineForm limit) {
    if (soft.contains(limit)) {
      return this;
    }
    List<AffineForm> more = new ArrayList<>(soft);
    more.add(limit);
    return new Range(base, extent, more, hard);
  }

  Range withHard(AffineForm limit) {
    if (hard.contains(limit)) {
      return this;
    }
    List<AffineForm> more = new ArrayList<>(hard);
    more.add(limit);
    return new Range(base, extent, soft, more);
  }

  /** The same with hard limits only. */
  Range hardened() {
    return new Range(base, extent, List.of(), limits());
  }

  /** The same place when a guard has made sure of some limits. */
  Range without(List<AffineForm> limits) {
    List<AffineForm> softLeft = soft.stream().filter(limit -> !limits.contains(limit)).toList();
    List<AffineForm> hardLeft = hard.stream().filter(limit -> !limits.contains(limit)).toList();
    return new Range(base, extent, softLeft, hardLeft);
  }
}
