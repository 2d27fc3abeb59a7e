package dev.weir.mapper.model;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Words that move, counted one by one: what the phases of a walk are limited by. */
final class WalkedWords {

  private final Walk walk;
  private final List<Map<LevelName, long[]>> moved = new ArrayList<>();
  private final List<Boolean> outsideLoops = new ArrayList<>();
  private final Set<List<Long>> contributed = new HashSet<>();
  private final Set<List<Long>> served = new HashSet<>();

  /** The first of the entries in which the same sums go on. */
  private final Map<List<Object>, List<Long>> begun = new HashMap<>();

  private long entries;

  WalkedWords(Walk walk) {
    this.walk = walk;
  }

  /** From now on words are added up apart. */
  void open(boolean isOutsideLoops) {
    moved.add(new HashMap<>());
    outsideLoops.add(isOutsideLoops);
  }

  /** Words read and written by level since the matching {@link #open}. */
  Map<LevelName, long[]> close() {
    outsideLoops.removeLast();
    return moved.removeLast();
  }

  void add(Map<LevelName, long[]> words) {
    if (!moved.isEmpty()) {
      words.forEach((level, both) -> move(level, both[0], both[1]));
    }
  }

  private void move(LevelName level, long read, long written) {
    if (!moved.isEmpty()) {
      move(moved.getLast(), level, read, written);
    }
  }

  /** Below a loop that skips, words limit no phase inside loops, but the one around these. */
  private void move(Walk.Place place, LevelName level, long read, long written) {
    int at = moved.size() - 1;
    while (at >= 0 && WalkedVisits.isBelowSkip(place) && !outsideLoops.get(at)) {
      at--;
    }
    if (at >= 0) {
      move(moved.get(at), level, read, written);
    }
  }

  private static void move(Map<LevelName, long[]> frame, LevelName level, long read, long written) {
    long[] both = frame.computeIfAbsent(level, _ -> new long[2]);
    both[0] += read;
    both[1] += written;
  }

  void point(Node.Compute compute, Walk.Place place) {
    Einsum einsum = walk.einsum(compute.einsum());
    Map<LevelName, long[]> frame = frameFor(einsum);
    if (frame == null || !isPresent(einsum, place)) {
      return;
    }
    List<Access> reads = einsum.value().reads().toList();
    for (int read = 0; read < reads.size(); read++) {
      TensorName tensor = reads.get(read).tensor();
      Walk.Home home = walk.home(tensor, place.frames());
      if (isFirst(einsum, read, home, s -> s.multicast().contains(tensor))) {
        move(frame, home.level(), 1, 0);
      }
    }
    TensorName output = compute.einsum();
    Walk.Home home = walk.home(output, place.frames());
    if (!isFirst(einsum, reads.size(), home, s -> s.reduce().contains(output))) {
      return;
    }
    List<Long> element = new ArrayList<>(List.of((long) output.hashCode(), home.entry()));
    einsum.output().ranks().forEach(rank -> element.add(place.ranges().get(rank)[0]));
    boolean first = contributed.add(element);
    boolean accumulates = !einsum.reducedRanks().isEmpty() && (!first || home.partial());
    move(frame, home.level(), accumulates ? 1 : 0, 1);
  }

  /** Where points can be absent, they limit no phase inside loops, but the one around these. */
  private Map<LevelName, long[]> frameFor(Einsum einsum) {
    for (int at = moved.size() - 1; at >= 0; at--) {
      if (einsum.condition().isEmpty() || outsideLoops.get(at)) {
        return moved.get(at);
      }
    }
    return null;
  }

  private boolean isPresent(Einsum einsum, Walk.Place place) {
    WalkedConditions conditions = new WalkedConditions(walk.problem().shapes(), place.ranges());
    return einsum.condition().filter(condition -> !conditions.holds(condition)).isEmpty();
  }

  /** Whether no other instance along the merged loops did this step before. */
  private boolean isFirst(
      Einsum einsum, int access, Walk.Home home, Predicate<Node.Spatial> isMerged) {
    List<Long> step =
        new ArrayList<>(
            List.of((long) einsum.output().tensor().hashCode(), (long) access, home.entry()));
    for (Walk.Frame.Step below : home.below()) {
      if (!(below.loop() instanceof Node.Spatial s && isMerged.test(s))) {
        step.add(below.number());
      }
    }
    return served.add(step);
  }

  Walk.Place enter(Node.Keep keep, Walk.Place place) {
    MemoryLevel level = walk.problem().architecture().level(keep.level()).orElseThrow();
    Walk.Place inside = place;
    for (TensorName tensor : keep.tensors()) {
      Walk.Home next = walk.home(tensor, place.frames());
      boolean generational = walk.tensor(tensor).generations().isPresent();
      long words = walk.tile(tensor, place.ranges());
      boolean partial = false;
      if (generational) {
        move(place, level.name(), 0, words);
      } else if (!Walk.isProducedIn(keep, tensor)) {
        Predicate<Walk.Frame.Step> isMulticast =
            step -> step.loop() instanceof Node.Spatial s && s.multicast().contains(tensor);
        boolean served = !isFirst(place.path(), tensor, next, isMulticast);
        move(place, next.level(), served ? 0 : words, 0);
        move(place, level.name(), 0, words);
      } else if (!next.level().text().equals("nowhere") && !isFirstToAddUp(tensor, place)) {
        partial = true;
        move(place, next.level(), words, 0);
        move(place, level.name(), 0, words);
      }
      inside = inside.with(new Walk.Frame.Entry(tensor, level, ++entries, partial));
    }
    return inside;
  }

  /** Whether no sums of these elements were begun before, since the outermost keep was entered. */
  private boolean isFirstToAddUp(TensorName tensor, Walk.Place place) {
    Set<RankName> reduced = walk.einsum(tensor).reducedRanks();
    List<Walk.Frame.Step> all = new ArrayList<>();
    long outermost = 0;
    for (Walk.Frame frame : place.frames().reversed()) {
      switch (frame) {
        case Walk.Frame.Step step -> all.add(step);
        case Walk.Frame.Entry entry ->
            outermost = entry.tensor().equals(tensor) ? entry.number() : outermost;
      }
    }
    boolean isAtTop = walk.tensor(tensor).role() != Tensor.Role.INTERMEDIATE;
    Walk.Home home = new Walk.Home(new LevelName("outermost"), isAtTop ? 0 : outermost, false, all);
    return isFirst(place.path(), tensor, home, step -> reduced.contains(step.rank()));
  }

  /** Whether this entry is the first of those that differ only in some steps. */
  private boolean isFirst(
      NodePath keep, TensorName tensor, Walk.Home next, Predicate<Walk.Frame.Step> differ) {
    List<Object> entry = new ArrayList<>(List.of(keep, tensor, next.entry()));
    List<Long> steps = new ArrayList<>();
    for (Walk.Frame.Step step : next.below()) {
      if (differ.test(step)) {
        steps.add(step.number());
      } else {
        entry.add(step.number());
      }
    }
    return begun.computeIfAbsent(entry, _ -> steps).equals(steps);
  }

  void exit(Node.Keep keep, Walk.Place inside) {
    for (TensorName tensor : keep.tensors()) {
      if (leaves(keep, tensor, inside)) {
        long words = walk.tile(tensor, inside.ranges());
        move(inside, keep.level(), words, 0);
        move(inside, next(keep, tensor, inside).level(), 0, words);
      }
    }
  }

  private Walk.Home next(Node.Keep keep, TensorName tensor, Walk.Place inside) {
    List<Walk.Frame> outside =
        inside.frames().subList(0, inside.frames().size() - keep.tensors().size());
    return walk.home(tensor, outside);
  }

  boolean leaves(Node.Keep keep, TensorName tensor, Walk.Place inside) {
    return walk.tensor(tensor).generations().isEmpty()
        && Walk.isProducedIn(keep, tensor)
        && !next(keep, tensor, inside).level().text().equals("nowhere");
  }
}
