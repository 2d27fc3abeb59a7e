package dev.weir.simulator.engine;

import dev.weir.simulator.component.ComputeArray;
import dev.weir.simulator.machine.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Explains why a run goes on no more. */
final class Waits {

  private final Prepared prepared;
  private final List<DoubleTransfers> keeps = new ArrayList<>();

  Waits(Prepared prepared) {
    this.prepared = prepared;
  }

  /** A keep that work may wait for; others always come to their end. */
  void register(DoubleTransfers keep) {
    keeps.add(keep);
  }

  /** Who waits for whom when nothing takes time any more, although the run is not over. */
  DeadlockException deadlock(long now) {
    return new DeadlockException(
        keeps.stream()
            .flatMap(keep -> keep.stuck().stream())
            .collect(
                Collectors.joining(
                    "; ", "waits for itself from cycle %,d on: ".formatted(now), "")));
  }

  /** The units of a set, by name. */
  String units(long unitSet) {
    StringJoiner names = new StringJoiner(" and ");
    List<ComputeArray> units = prepared.machine().units();
    for (int unit = 0; unit < units.size(); unit++) {
      if ((unitSet >> unit & 1) != 0) {
        names.add(units.get(unit).name().text());
      }
    }
    return names.toString();
  }
}
