package dev.weir.einsum.exact;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.GenerationLoop;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Stop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which steps iterations take: conditions of stops are decided when somebody asks for a step. */
final class EarlyStops {

  /** A stop and the ranks of the loops around its iteration. */
  private record Ending(Stop stop, List<RankName> outside) {}

  /** Decisions so far: how many steps do not end the iteration, and whether one does. */
  private static final class Progress {
    private long steps;
    private boolean isOver;
  }

  private final Shapes shapes;
  private final IdentityHashMap<Einsum, List<Ending>> endings = new IdentityHashMap<>();
  private final Map<Ending, Map<List<Long>, Progress>> progress = new HashMap<>();

  EarlyStops(Cascade cascade, Shapes shapes) {
    this.shapes = shapes;
    List<Einsum> einsums = cascade.einsums();
    List<List<GenerationLoop>> loops = GenerationLoop.around(einsums, cascade.iterativeRanks());
    for (int i = 0; i < einsums.size(); i++) {
      List<RankName> outside = new ArrayList<>();
      for (GenerationLoop loop : loops.get(i)) {
        for (Stop stop : cascade.stops()) {
          if (stop.ends(loop, einsums)) {
            endings
                .computeIfAbsent(einsums.get(i), _ -> new ArrayList<>())
                .add(new Ending(stop, List.copyOf(outside)));
          }
        }
        outside.add(loop.rank());
      }
    }
  }

  /** Whether an Einsum is evaluated at a point: no stop has held at an earlier step. */
  boolean isReached(Einsum einsum, ExactPoint point) {
    return endings.getOrDefault(einsum, List.of()).stream()
        .allMatch(
            ending ->
                stepsTaken(ending, point, point.coordinate(ending.stop.rank()))
                    >= point.coordinate(ending.stop.rank()));
  }

  /** The step that made the last generation along a rank, if a stop ended the iteration. */
  Optional<Long> lastStep(Einsum einsum, RankName rank, ExactPoint point) {
    return endings.getOrDefault(einsum, List.of()).stream()
        .filter(ending -> ending.stop.rank().equals(rank))
        .map(ending -> stepsTaken(ending, point, shapes.of(rank) - 1))
        .findFirst();
  }

  /** How many steps up to one of them go on: that many, or the place of the one that does not. */
  private long stepsTaken(Ending ending, ExactPoint point, long upTo) {
    List<Long> around = ending.outside.stream().map(point::coordinate).toList();
    Progress known =
        progress
            .computeIfAbsent(ending, _ -> new HashMap<>())
            .computeIfAbsent(around, _ -> new Progress());
    RankName rank = ending.stop.rank();
    long before = point.coordinate(rank);
    while (!known.isOver && known.steps < upTo) {
      point.moveTo(rank, known.steps);
      if (point.holds(ending.stop.condition())) {
        known.isOver = true;
      } else {
        known.steps++;
      }
    }
    point.moveTo(rank, before);
    return Math.min(known.steps, upTo);
  }
}
