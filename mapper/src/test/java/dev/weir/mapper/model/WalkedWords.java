package dev.weir.mapper.model;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Words that move, counted one by one: what the phases of a walk are limited by. */
final class WalkedWords {

  private final Walk walk;
  private final List<Map<LevelName, long[]>> moved = new ArrayList<>();
  private final Set<List<Long>> contributed = new HashSet<>();
  private long entries;

  WalkedWords(Walk walk) {
    this.walk = walk;
  }

  /** From now on words are added up apart. */
  void open() {
    moved.add(new HashMap<>());
  }

  /** Words read and written by level since the matching {@link #open}. */
  Map<LevelName, long[]> close() {
    return moved.removeLast();
  }

  void add(Map<LevelName, long[]> words) {
    if (!moved.isEmpty()) {
      words.forEach((level, both) -> move(level, both[0], both[1]));
    }
  }

  private void move(LevelName level, long read, long written) {
    if (moved.isEmpty()) {
      return;
    }
    long[] both = moved.getLast().computeIfAbsent(level, _ -> new long[2]);
    both[0] += read;
    both[1] += written;
  }

  /** Where points can be absent, a phase is not limited by them. */
  void point(Node.Compute compute, Walk.Place place) {
    Einsum einsum = walk.einsum(compute.einsum());
    if (moved.isEmpty() || einsum.condition().isPresent()) {
      return;
    }
    for (Access access : einsum.value().reads().toList()) {
      Walk.Home home = walk.home(access.tensor(), place.frames());
      boolean served =
          home.below().stream()
              .anyMatch(
                  step ->
                      step.number() > 0
                          && step.loop() instanceof Node.Spatial s
                          && s.multicast().contains(access.tensor()));
      move(home.level(), served ? 0 : 1, 0);
    }
    TensorName output = compute.einsum();
    Walk.Home home = walk.home(output, place.frames());
    boolean merged =
        home.below().stream()
            .anyMatch(
                step ->
                    step.number() > 0
                        && step.loop() instanceof Node.Spatial s
                        && s.reduce().contains(output));
    if (merged) {
      return;
    }
    List<Long> element = new ArrayList<>(List.of((long) output.hashCode(), home.entry()));
    einsum.output().ranks().forEach(rank -> element.add(place.ranges().get(rank)[0]));
    boolean first = contributed.add(element);
    boolean accumulates = !einsum.reducedRanks().isEmpty() && (!first || home.partial());
    move(home.level(), accumulates ? 1 : 0, 1);
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
        move(level.name(), 0, words);
      } else if (!Walk.isProducedIn(keep, tensor)) {
        boolean served =
            next.below().stream()
                .anyMatch(
                    step ->
                        step.number() > 0
                            && step.loop() instanceof Node.Spatial s
                            && s.multicast().contains(tensor));
        move(next.level(), served ? 0 : words, 0);
        move(level.name(), 0, words);
      } else if (unfinished(tensor, next).stream().anyMatch(step -> step.number() > 0)) {
        partial = true;
        move(next.level(), words, 0);
        move(level.name(), 0, words);
      }
      inside = inside.with(new Walk.Frame.Entry(tensor, level, ++entries, partial));
    }
    return inside;
  }

  void exit(Node.Keep keep, Walk.Place inside) {
    for (TensorName tensor : keep.tensors()) {
      if (leaves(keep, tensor, inside)) {
        long words = walk.tile(tensor, inside.ranges());
        move(keep.level(), words, 0);
        move(next(keep, tensor, inside).level(), 0, words);
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

  private List<Walk.Frame.Step> unfinished(TensorName tensor, Walk.Home next) {
    Set<RankName> reduced = walk.einsum(tensor).reducedRanks();
    if (next.level().text().equals("nowhere")) {
      return List.of();
    }
    return next.below().stream().filter(step -> reduced.contains(step.rank())).toList();
  }
}
