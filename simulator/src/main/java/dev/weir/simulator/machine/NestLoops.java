package dev.weir.simulator.machine;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The loops of a nest, which are not walked but counted: at most two sizes of tiles a loop. */
final class NestLoops {

  /**
   * One loop.
   *
   * @param instances tiles that run at the same time; 1 for a temporal loop
   * @param fillCyclesPerHop of its axis, 0 when the nest takes no longer for it, or fills as a
   *     whole
   * @param lateCyclesPerHop of its axis when what passes along it arrives late instead, else 0
   * @param fixedCycles of its axis, if it fills as a whole, merges contributions there, or both
   * @param binding of a spatial loop
   */
  record NestLoop(
      int rank,
      long tile,
      long instances,
      long fillCyclesPerHop,
      long lateCyclesPerHop,
      long fixedCycles,
      Optional<SpatialBinding> binding) {
    boolean spatial() {
      return binding.isPresent();
    }
  }

  /** How much of a loop counts. */
  enum Mode {
    /** All tiles. */
    ALL,
    /** The first tile, which is the largest. */
    FIRST,
    /** Tiles at the same time as one, as large as the largest; all of a temporal loop. */
    WAVES
  }

  private final Ranks ranks;
  private final List<NestLoop> loops;

  NestLoops(Ranks ranks, List<NestLoop> loops) {
    this.ranks = ranks;
    this.loops = List.copyOf(loops);
  }

  List<NestLoop> loops() {
    return loops;
  }

  /** Most tiles that a loop can have anywhere. */
  long mostTiles(int at) {
    NestLoop loop = loops.get(at);
    long around = ranks.shape(loop.rank());
    for (NestLoop outer : loops.subList(0, at)) {
      around = outer.rank() == loop.rank() ? Math.min(around, outer.tile()) : around;
    }
    return Math.ceilDiv(around, loop.tile());
  }

  /** Σ over all counted iterations of 1. */
  long count(Ranges ranges, List<Mode> modes) {
    return count(ranges, modes, 0);
  }

  private long count(Ranges ranges, List<Mode> modes, int at) {
    if (at == loops.size()) {
      return 1;
    }
    NestLoop loop = loops.get(at);
    long low = ranges.low[loop.rank()];
    long extent = ranges.extent[loop.rank()];
    long tiles = Math.ceilDiv(extent, loop.tile());
    long step = modes.get(at) == Mode.WAVES && loop.spatial() ? loop.instances() : 1;
    long steps = Math.ceilDiv(tiles, step);
    long first = tile(ranges, modes, at, low, Math.min(loop.tile(), extent));
    long sum = first;
    if (modes.get(at) != Mode.FIRST && steps > 1) {
      long lastLow = low + (steps - 1) * step * loop.tile();
      long lastExtent = Math.min(loop.tile(), low + extent - lastLow);
      boolean alike = lastExtent == loop.tile() && !ranks.hasShortLastStep(loop.rank());
      long last = alike ? first : tile(ranges, modes, at, lastLow, lastExtent);
      sum = Math.addExact(Math.multiplyExact(steps - 1, first), last);
    }
    ranges.narrow(loop.rank(), low, extent);
    return sum;
  }

  private long tile(Ranges ranges, List<Mode> modes, int at, long low, long extent) {
    ranges.narrow(loops.get(at).rank(), low, extent);
    return count(ranges, modes, at + 1);
  }

  /**
   * Cycles until the last processing element has its operands, and until merged contributions have
   * left, once a nest.
   */
  long fillCycles(Ranges ranges) {
    long fixed = 0;
    for (NestLoop loop : loops) {
      fixed += loop.fixedCycles();
    }
    return fixed + passingCycles(ranges, NestLoop::fillCyclesPerHop);
  }

  /** Cycles that pass along loops from the first instance to the last one, of so many a hop. */
  long passingCycles(Ranges ranges, ToLongFunction<NestLoop> cyclesPerHop) {
    long cycles = 0;
    for (NestLoop loop : loops) {
      long hop = cyclesPerHop.applyAsLong(loop);
      if (hop > 0) {
        long tiles = Math.ceilDiv(ranges.extent[loop.rank()], loop.tile());
        cycles += (Math.min(tiles, loop.instances()) - 1) * hop;
      }
      // Nested loops on one rank see the first tile; it is restored by the caller.
      ranges.narrow(
          loop.rank(), ranges.low[loop.rank()], Math.min(loop.tile(), ranges.extent[loop.rank()]));
    }
    return cycles;
  }
}
