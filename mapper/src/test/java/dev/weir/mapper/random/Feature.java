package dev.weir.mapper.random;

import java.util.Locale;

/** What a problem may exercise; {@link Features} finds which. */
public enum Feature {
  /** A loop whose last tile is shorter, as the tile does not divide the range. */
  IMPERFECT_FACTOR,
  /** The same for a spatial loop. */
  SPATIAL_TAIL,
  /** Producer and consumer of an intermediate below one loop, with a keep of it there. */
  FUSION,
  /** A pipeline with a stage later than 0. */
  PIPELINE,
  /** Stages under flow loops, which do not drain between steps. */
  FLOW,
  /** An Einsum with a condition. */
  PREDICATE,
  /** Conditions on several Einsums. */
  SEVERAL_PREDICATES,
  /** A condition that binds two coordinates to a band, or an affine index over several ranks. */
  WINDOW,
  /** A tensor read from above a level at which another one of the same compute is kept. */
  BYPASS,
  /** A double buffered keep. */
  DOUBLE,
  /** A keep of several tensors. */
  SHARED_KEEP,
  /** A keep with room for several tiles. */
  COPIES,
  /** A spatial loop, with several tiles, along which a tensor is read once. */
  MULTICAST,
  /** A spatial loop, with several tiles, along which results are merged. */
  SPATIAL_REDUCE,
  /** A keep to which unfinished sums come back. */
  PARTIAL_SUMS,
  /** A loop over generations. */
  ITERATE,
  /** A part that runs in the last of these steps only. */
  LAST,
  /** Computes that share a unit slot by slot. */
  INTERLEAVE,
  /** Parts at the same time on disjoint units. */
  PAR,
  /** A loop with several tiles in each of which something is produced again. */
  RECOMPUTE,
  /** A tensor that takes the room of another. */
  IN_PLACE,
  /** A tensor read through affine indices over several ranks, or several ones. */
  AFFINE_WINDOW,
  /** One that is kept. */
  KEPT_WINDOW,
  /** One that slides through its keep. */
  SLIDING,
  /** One that would slide, and is loaded whole. */
  REFETCH,
  /** A tensor read through a head map. */
  HEAD_MAP,
  /** One that is kept. */
  KEPT_HEAD_MAP;

  /** As it is printed. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
