package dev.weir.mapper.model;

/**
 * Of a kind of iterations, what the time of a node depends on.
 *
 * @param groups bits of the groups of ranks whose extents matter
 * @param waves bits of the spatial loops whose instances at the same time matter
 * @param first marks of the loops whose first iteration differs
 * @param last marks of those whose last one does, whatever its size
 */
record Relevance(long groups, long waves, long first, long last) {

  static final Relevance NOTHING = new Relevance(0, 0, 0, 0);

  static Relevance ofGroup(int group) {
    return new Relevance(1L << group, 0, 0, 0);
  }

  static Relevance ofWave(PlannedLoop loop) {
    return new Relevance(0, 1L << loop.wave(), 0, 0);
  }

  Relevance and(Relevance other) {
    return new Relevance(
        groups | other.groups, waves | other.waves, first | other.first, last | other.last);
  }

  boolean hasGroup(int group) {
    return (groups >> group & 1) != 0;
  }

  boolean hasWave(int wave) {
    return (waves >> wave & 1) != 0;
  }

  /** Whether iterations of a loop differ in more than their place to what is below it. */
  boolean tellsApart(PlannedLoop loop) {
    return hasGroup(loop.group()) || (loop.wave() >= 0 && hasWave(loop.wave())) || marks(loop);
  }

  /** Whether the first or the last iteration of a loop differs, whatever its size. */
  boolean marks(PlannedLoop loop) {
    return ((first | last) & loop.bit()) != 0;
  }

  /** What matters around a loop, if this matters below it. */
  Relevance around(PlannedLoop loop) {
    long waveBit = loop.wave() >= 0 ? 1L << loop.wave() : 0;
    return new Relevance(
        groups | 1L << loop.group(), waves & ~waveBit, first & ~loop.bit(), last & ~loop.bit());
  }
}
