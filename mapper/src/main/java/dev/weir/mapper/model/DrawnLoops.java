package dev.weir.mapper.model;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.RankName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Loops over the values of drawn entries, and over ranks that are compared with them. Where all
 * points of a rank count, it does not matter how the schedule tiles it: tiles of the same sizes
 * here and there lie at few distances from each other, so that few of them are looked at.
 */
final class DrawnLoops {

  private static final List<Long> BLOCKS = List.of(4096L, 64L, 1L);

  private final RankTable ranks;
  private final Draws draws;
  private final Map<Integer, List<PlannedLoop>> blocks = new HashMap<>();

  /**
   * @param loops of the plan; loops of its own are appended
   */
  DrawnLoops(Draws draws, RankTable ranks, List<PlannedLoop> loops) {
    this.ranks = ranks;
    this.draws = draws;
    if (!draws.all().isEmpty()) {
      draws.all().forEach(draw -> add(draw.rank(), loops));
      Set<RankName> own = ranks.ranks();
      own.stream().filter(this::isAlone).sorted().forEach(rank -> add(rank, loops));
    }
  }

  private boolean isAlone(RankName rank) {
    return !ranks.groups().get(ranks.place(rank).group()).isPartitioned();
  }

  private void add(RankName rank, List<PlannedLoop> loops) {
    int group = ranks.place(rank).group();
    if (blocks.containsKey(group)) {
      return;
    }
    List<PlannedLoop> ofRank = new ArrayList<>();
    for (long block : BLOCKS) {
      PlannedLoop loop =
          new PlannedLoop(
              loops.size(),
              rank,
              group,
              false,
              new Amount(block),
              -1,
              -1,
              -1,
              Optional.empty(),
              1,
              Set.of(),
              Set.of());
      loops.add(loop);
      ofRank.add(loop);
    }
    blocks.put(group, ofRank);
  }

  /**
   * The iterations of a path, each with all values of the entries.
   *
   * @param condition over coordinates, those of values among them
   */
  Path path(Path path, Condition condition) {
    Set<Integer> whole = groups(condition.ranks());
    whole.retainAll(blocks.keySet());
    for (int at = 0; at < path.depth(); at++) {
      if (path.mode(at) != 0) {
        whole.remove(path.loop(at).group());
      }
    }
    return path.inBlocks(whole.stream().sorted().map(blocks::get).toList());
  }

  /** Whether points of a path that are not told apart read different entries. */
  boolean mergesEntries(Path path, List<Draws.Draw> entries) {
    Set<Integer> reading = reading(entries);
    for (int at = 0; at < path.depth(); at++) {
      if ((path.mode(at) & PathSum.ANY_TILE) != 0 && reading.contains(path.loop(at).group())) {
        return true;
      }
    }
    return false;
  }

  /**
   * What such points are counted by.
   *
   * @return empty where the condition couples the ranks that entries are read by, or the entries
   *     depend on each other
   */
  Optional<OwnEntries.Key> ownEntries(Path path, List<Draws.Draw> entries, Condition condition) {
    Set<Integer> reading = reading(entries);
    Set<Integer> read = groups(condition.ranks());
    boolean[] coupled = new boolean[ranks.groups().size()];
    reading.forEach(group -> coupled[group] = true);
    read.forEach(group -> coupled[group] = true);
    if (reading.stream().anyMatch(read::contains)) {
      return Optional.empty();
    }
    OwnEntries.Key key =
        new OwnEntries.Key(path.present(condition, coupled), entries, Set.copyOf(reading));
    return OwnEntries.of(ranks, key).map(_ -> key);
  }

  private Set<Integer> reading(List<Draws.Draw> entries) {
    return groups(entries.stream().map(Draws.Draw::access).flatMap(Access::ranks));
  }

  private Set<Integer> groups(Stream<RankName> of) {
    Set<Integer> groups = new HashSet<>();
    of.forEach(rank -> groups.add(ranks.place(rank).group()));
    return groups;
  }

  /** What decides whether points are absent; empty where that is not known. */
  Optional<Condition> decided(Condition condition) {
    return draws.decided(condition);
  }

  /** Entries that decide it, besides coordinates. */
  List<Draws.Draw> entries(Condition condition) {
    return draws.of(condition);
  }
}
