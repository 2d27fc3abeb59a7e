package dev.weir.mapper.model;

/** A place of the tree where something is counted. */
sealed interface Site permits KeepSite, ComputeSite {
  PlanScope scope();
}
