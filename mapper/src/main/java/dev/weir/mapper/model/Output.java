package dev.weir.mapper.model;

import dev.weir.mapper.count.Counts;

/** Something that a plan counts. */
sealed interface Output {

  /** Words of a tensor at a level in a direction. */
  record Words(Counts.Traffic traffic) implements Output {}

  /** Operations of an Einsum on a unit. */
  record Operations(Counts.Work work) implements Output {}
}
