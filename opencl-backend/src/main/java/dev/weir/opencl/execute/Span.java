package dev.weir.opencl.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Coordinates of a rank in one iteration of the loops around: from {@code base + lane} on, {@code
 * extent} of them.
 *
 * @param base where the vector begins, or the only lane there is
 * @param lane from there to this lane
 * @param soft limits beyond which loops run on; see {@code docs/kernels.md}, "Tails"
 * @param hard limits beyond which another tile lies
 */
record Span(long base, long lane, long extent, List<Long> soft, List<Long> hard) {

  Span {
    soft = List.copyOf(soft);
    hard = List.copyOf(hard);
  }

  static Span whole(long extent) {
    return new Span(0, 0, extent, List.of(), List.of());
  }

  Span at(long newBase, long newExtent) {
    return new Span(newBase, lane, newExtent, soft, hard);
  }

  Span onLane(long offset, long newExtent) {
    return new Span(base, offset, newExtent, soft, hard);
  }

  Span withLimit(long limit, boolean isHard) {
    List<Long> more = new ArrayList<>(isHard ? hard : soft);
    more.add(limit);
    return isHard
        ? new Span(base, lane, extent, soft, more)
        : new Span(base, lane, extent, more, hard);
  }

  Span withoutLimits() {
    return new Span(base, lane, extent, List.of(), List.of());
  }

  /** The same where some limits have been made sure of. */
  Span without(List<Long> limits) {
    return new Span(
        base,
        lane,
        extent,
        soft.stream().filter(limit -> !limits.contains(limit)).toList(),
        hard.stream().filter(limit -> !limits.contains(limit)).toList());
  }

  Stream<Long> limits() {
    return Stream.concat(soft.stream(), hard.stream());
  }

  /**
   * Whether its vector begins before all limits behind which another tile lies.
   *
   * @param isOwn whether before the others, too
   */
  boolean beginsInside(boolean isOwn) {
    return hard.stream().allMatch(limit -> base < limit)
        && (!isOwn || soft.stream().allMatch(limit -> base < limit));
  }

  /** Whether its first coordinate is before all limits. */
  boolean isInside() {
    return limits().allMatch(limit -> base + lane < limit);
  }

  /** Whether its first coordinate is before all limits behind which another tile lies. */
  boolean isInsideHard() {
    return hard.stream().allMatch(limit -> base + lane < limit);
  }
}
