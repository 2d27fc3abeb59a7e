package dev.weir.simulator.machine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How long a nest issues its steps where a step that adds to an element has to wait for the result
 * of the step before that did. Steps are issued in order. Times are in parts of a cycle of which
 * the interval is a whole number.
 */
final class IssueTime {

  private final Ranks ranks;
  private final List<NestLoops.NestLoop> loops;
  private final Set<Integer> outputRanks;
  private final long interval;
  private final long spacing;

  /**
   * For a nest.
   *
   * @param outputRanks ranks that tell elements of the result apart
   * @param interval from a step to the next one
   * @param spacing from a step to the next one that adds to the same element
   */
  IssueTime(
      Ranks ranks,
      List<NestLoops.NestLoop> loops,
      Set<Integer> outputRanks,
      long interval,
      long spacing) {
    this.ranks = ranks;
    this.loops = loops;
    this.outputRanks = outputRanks;
    this.interval = interval;
    this.spacing = spacing;
  }

  /** From the first step until the interval of the last one is over; ranges are left as found. */
  long parts(Ranges ranges) {
    return isEven(ranges.copy()) ? even(ranges, 0).length() : new StepByStep().parts(ranges);
  }

  /**
   * What some loops take together.
   *
   * @param length from the first step until the interval of the last one is over
   * @param revisit from the first to the last step that adds to an element; the same for each
   */
  private record Span(long length, long revisit) {}

  /** Whether every iteration of a loop is as long as its first one. */
  private boolean isEven(Ranges ranges) {
    for (int at = 0; at < loops.size(); at++) {
      NestLoops.NestLoop loop = loops.get(at);
      long extent = ranges.extent[loop.rank()];
      boolean isSplit = loop.tile() < extent;
      boolean isShort = extent % loop.tile() != 0 || ranks.hasShortLastStep(loop.rank());
      if (isSplit && isShort) {
        return false;
      }
      ranges.narrow(loop.rank(), ranges.low[loop.rank()], Math.min(loop.tile(), extent));
    }
    return true;
  }

  /**
   * Iterations over a rank of the result add to other elements each, and just follow one another.
   * All others add to the same elements in the same order, so one begins when the first element is
   * ready again.
   */
  private Span even(Ranges ranges, int at) {
    if (at == loops.size()) {
      return new Span(interval, 0);
    }
    NestLoops.NestLoop loop = loops.get(at);
    long low = ranges.low[loop.rank()];
    long extent = ranges.extent[loop.rank()];
    ranges.narrow(loop.rank(), low, Math.min(loop.tile(), extent));
    Span one = even(ranges, at + 1);
    ranges.narrow(loop.rank(), low, extent);
    long more = steps(loop, extent) - 1;
    if (outputRanks.contains(loop.rank())) {
      return new Span(Math.multiplyExact(more + 1, one.length()), one.revisit());
    }
    long apart = Math.max(one.length(), Math.addExact(one.revisit(), spacing));
    long before = Math.multiplyExact(more, apart);
    return new Span(Math.addExact(before, one.length()), Math.addExact(before, one.revisit()));
  }

  private static long steps(NestLoops.NestLoop loop, long extent) {
    return Math.ceilDiv(Math.ceilDiv(extent, loop.tile()), loop.instances());
  }

  /** Every step of a nest whose tiles differ. */
  private final class StepByStep {
    private final Map<Long, Long> begun = new HashMap<>();
    private long next;

    long parts(Ranges ranges) {
      visit(ranges, 0, 0);
      return next;
    }

    private void visit(Ranges ranges, int at, long element) {
      if (at == loops.size()) {
        Long before = begun.get(element);
        long start = before == null ? next : Math.max(next, before + spacing);
        begun.put(element, start);
        next = start + interval;
        return;
      }
      NestLoops.NestLoop loop = loops.get(at);
      long low = ranges.low[loop.rank()];
      long extent = ranges.extent[loop.rank()];
      long most = Math.ceilDiv(ranks.shape(loop.rank()), loop.tile());
      for (long step = 0; step < steps(loop, extent); step++) {
        long start = step * loop.instances() * loop.tile();
        ranges.narrow(loop.rank(), low + start, Math.min(loop.tile(), extent - start));
        boolean isOther = outputRanks.contains(loop.rank());
        visit(
            ranges,
            at + 1,
            isOther ? Math.addExact(Math.multiplyExact(element, most), step) : element);
      }
      ranges.narrow(loop.rank(), low, extent);
    }
  }
}
