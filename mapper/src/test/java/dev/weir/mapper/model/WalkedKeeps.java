package dev.weir.mapper.model;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When tiles arrive and leave, by the number of every entry of every keep. */
final class WalkedKeeps {

  private final Walk walk;
  private final WalkedWords words;
  private final Map<Walk.Where, List<long[]>> transfers;
  private final Map<Walk.Where, Integer> totals;
  private final Map<Walk.Where, Integer> visits = new HashMap<>();

  private WalkedKeeps(
      Walk walk,
      WalkedWords words,
      Map<Walk.Where, List<long[]>> transfers,
      Map<Walk.Where, Integer> totals) {
    this.walk = walk;
    this.words = words;
    this.transfers = transfers;
    this.totals = totals;
  }

  /** For the first walk, which only notes. */
  static WalkedKeeps noting(Walk walk, WalkedWords words) {
    return new WalkedKeeps(walk, words, new HashMap<>(), Map.of());
  }

  /** For the second walk, which knows what the first one noted. */
  WalkedKeeps knowing(WalkedWords newWords) {
    return new WalkedKeeps(walk, newWords, transfers, visits);
  }

  private boolean noting() {
    return totals.isEmpty();
  }

  int visit(Walk.Place place) {
    if (!place.timed()) {
      return -1;
    }
    return visits.merge(new Walk.Where(place.phase(), place.path()), 1, Integer::sum) - 1;
  }

  long transfer(Node.Keep keep, Walk.Place place, Walk.Place inside, boolean load) {
    MemoryLevel level = walk.problem().architecture().level(keep.level()).orElseThrow();
    long cycles = 0;
    for (TensorName tensor : keep.tensors()) {
      Walk.Frame.Entry entry =
          inside.frames().stream()
              .filter(f -> f instanceof Walk.Frame.Entry e && e.tensor().equals(tensor))
              .map(Walk.Frame.Entry.class::cast)
              .reduce((_, last) -> last)
              .orElseThrow();
      boolean moves =
          load
              ? walk.tensor(tensor).generations().isEmpty()
                  && (!Walk.isProducedIn(keep, tensor) || entry.partial())
              : words.leaves(keep, tensor, inside);
      if (moves) {
        cycles += oneTransfer(tensor, level, walk.home(tensor, place.frames()), place, load);
      }
    }
    return cycles;
  }

  private long oneTransfer(
      TensorName tensor, MemoryLevel level, Walk.Home next, Walk.Place place, boolean load) {
    long words = walk.tile(tensor, place.ranges());
    MemoryLevel other = walk.problem().architecture().level(next.level()).orElseThrow();
    List<Walk.Frame.Step> instances = new ArrayList<>();
    for (Walk.Frame.Step step : next.below()) {
      if (step.loop() instanceof Node.Spatial spatial
          && !(load && spatial.multicast().contains(tensor))
          && !walk.problem().architecture().selectsInstance(spatial.axis(), other)) {
        instances.add(step);
      }
    }
    long served =
        words
            * (WalkedVisits.isBelowSkip(place)
                ? walk.visits().together(place, instances)
                : instances.stream()
                    .mapToLong(Walk.Frame.Step::together)
                    .reduce(1, Math::multiplyExact));
    if (level.bandwidth().isPresent() && !level.instanceAxes().isEmpty()) {
      throw new AssertionError("instances with a bandwidth are not calculated here");
    }
    return Math.max(rate(other, served, load), rate(level, words, !load));
  }

  private static long rate(MemoryLevel level, long words, boolean read) {
    return level
        .bandwidth()
        .map(b -> read ? b.readWordsPerCycle() : b.writeWordsPerCycle())
        .map(wordsPerCycle -> wordsPerCycle.ceilingOfQuotient(words))
        .orElse(0L);
  }

  long kept(Node.Keep keep, Walk.Place place, Walk.Place inside, long body) {
    long load = transfer(keep, place, inside, true);
    long store = transfer(keep, place, inside, false);
    if (!keep.doubleBuffered()) {
      return load + body + store;
    }
    if (!place.timed()) {
      return body;
    }
    int number = visit(place);
    Walk.Where where = new Walk.Where(place.phase(), place.path());
    if (noting()) {
      transfers.computeIfAbsent(where, _ -> new ArrayList<>()).add(new long[] {load, store});
      return body;
    }
    List<long[]> all = transfers.get(where);
    boolean waits = gates(place).isEmpty();
    boolean first = number == 0 && gates(place).stream().allMatch(gate -> visits.get(gate) == 1);
    boolean last =
        number == all.size() - 1
            && gates(place).stream().allMatch(gate -> visits.get(gate).equals(totals.get(gate)));
    long beside = 0;
    if (waits) {
      beside += number + 1 < all.size() ? all.get(number + 1)[0] : 0;
      beside += number > 0 ? all.get(number - 1)[1] : 0;
    }
    return Math.max(body, beside) + (first ? load : 0) + (last ? store : 0);
  }

  /** A double keep of late stages: only its last store is waited for. */
  long keptLate(Node.Keep keep, Walk.Place place, Walk.Place inside, long body) {
    if (!place.timed()) {
      return body;
    }
    int number = visit(place);
    boolean last = isLast(number, new Walk.Where(place.phase(), place.path()));
    return body + (last ? transfer(keep, place, inside, false) : 0);
  }

  /** Places around, in the phase, that are visited without always reaching what is inside. */
  private List<Walk.Where> gates(Walk.Place place) {
    List<Walk.Where> gates = new ArrayList<>();
    List<Integer> steps = place.path().steps();
    for (int depth = 0; depth < steps.size(); depth++) {
      Walk.Where above = new Walk.Where(place.phase(), new NodePath(steps.subList(0, depth)));
      if (visits.containsKey(above) && !(at(above.path()) instanceof Node.Keep)) {
        gates.add(above);
      }
    }
    return gates;
  }

  private Node at(NodePath path) {
    Node node = walk.problem().schedule().root();
    for (int step : path.steps()) {
      node = node.children().get(step);
    }
    return node;
  }

  /** Whether a visit with this number, from 0, is the last one of its kind. */
  boolean isLast(int number, Walk.Where where) {
    return !noting() && totals.get(where) == number + 1;
  }
}
