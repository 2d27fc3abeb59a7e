package dev.weir.simulator.pe;

import dev.weir.simulator.stats.StallReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A part of the schedule that ends with all its transfers. */
final class Phase {

  private final List<Keep> keeps = new ArrayList<>();

  void add(Keep keep) {
    keeps.add(keep);
  }

  boolean isQuiet() {
    return keeps.stream().allMatch(Keep::isIdle);
  }

  /** Memories that are waited for, if nothing else goes on. */
  Set<StallReason.Latency> pauses() {
    List<Mover> moving =
        keeps.stream()
            .flatMap(keep -> keep.movers().stream())
            .filter(mover -> !mover.isIdle())
            .toList();
    return moving.stream().allMatch(mover -> mover.pausesFor().isPresent())
        ? moving.stream().flatMap(mover -> mover.pausesFor().stream()).collect(Collectors.toSet())
        : Set.of();
  }

  void end() {
    keeps.forEach(Keep::reset);
  }
}
