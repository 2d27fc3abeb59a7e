package dev.weir.mapper.model;

import dev.weir.mapper.model.Symbols.Extent;
import java.util.ArrayList;
import java.util.List;

/**
 * A kind of iterations as expressions over the arguments, so that it stands for kinds of all
 * tilings.
 *
 * @param extents by group
 * @param together by spatial loop outside of nests: instances at the same time; -1 outside
 * @param first marks of the loops around that are in their first iteration
 * @param last marks of those that are in their last one
 */
record SymbolicKind(List<Extent> extents, List<Integer> together, long first, long last) {

  private static final int OUTSIDE = -1;

  /** Every range whole. */
  static SymbolicKind whole(Plan plan, Symbols symbols) {
    List<Extent> extents = new ArrayList<>();
    for (int group = 0; group < plan.ranks().groups().size(); group++) {
      extents.add(symbols.whole(group));
    }
    List<Integer> together = new ArrayList<>();
    for (int wave = 0; wave < plan.waveCount(); wave++) {
      together.add(OUTSIDE);
    }
    return new SymbolicKind(extents, together, 0, 0);
  }

  Extent extent(PlannedLoop loop) {
    return extents.get(loop.group());
  }

  /** With another extent of the group of a loop. */
  SymbolicKind with(PlannedLoop loop, Extent extent) {
    List<Extent> inside = new ArrayList<>(extents);
    inside.set(loop.group(), extent);
    return new SymbolicKind(inside, together, first, last);
  }

  /** With so many instances of a spatial loop. */
  SymbolicKind together(PlannedLoop loop, int instances) {
    List<Integer> waves = new ArrayList<>(together);
    waves.set(loop.wave(), instances);
    return new SymbolicKind(extents, waves, first, last);
  }

  SymbolicKind isFirst(PlannedLoop loop) {
    return new SymbolicKind(extents, together, first | loop.bit(), last);
  }

  SymbolicKind isLast(PlannedLoop loop) {
    return new SymbolicKind(extents, together, first, last | loop.bit());
  }

  /** What of it matters; the rest as if it were whole. */
  SymbolicKind only(Relevance relevance, SymbolicKind whole) {
    List<Extent> inside = new ArrayList<>();
    for (int group = 0; group < extents.size(); group++) {
      inside.add((relevance.hasGroup(group) ? this : whole).extents.get(group));
    }
    List<Integer> waves = new ArrayList<>();
    for (int wave = 0; wave < together.size(); wave++) {
      waves.add(relevance.hasWave(wave) ? together.get(wave) : OUTSIDE);
    }
    return new SymbolicKind(inside, waves, first & relevance.first(), last & relevance.last());
  }
}
