package dev.weir.mapper.search;

import dev.weir.mapper.model.Cost;
import java.util.ArrayList;
import java.util.List;

/**
 * Points than which no other one seen is at least as good in latency and in energy. Points must be
 * added in the order of their numbers; of equals the first stays.
 */
final class ParetoFront {

  /** Ascending latency, descending energy. */
  private final List<Candidate> points = new ArrayList<>();

  /** Whether a point with this cost, or a worse one, would not change the front. */
  boolean covers(double seconds, double picojoules) {
    return points.stream()
        .map(Candidate::cost)
        .anyMatch(c -> c.seconds() <= seconds && c.energy().totalPicojoules() <= picojoules);
  }

  void add(Candidate candidate) {
    Cost cost = candidate.cost();
    double picojoules = cost.energy().totalPicojoules();
    if (covers(cost.seconds(), picojoules)) {
      return;
    }
    points.removeIf(
        point ->
            cost.seconds() <= point.cost().seconds()
                && picojoules <= point.cost().energy().totalPicojoules());
    int place = 0;
    while (place < points.size() && points.get(place).cost().seconds() < cost.seconds()) {
      place++;
    }
    points.add(place, candidate);
  }

  List<Candidate> points() {
    return List.copyOf(points);
  }
}
