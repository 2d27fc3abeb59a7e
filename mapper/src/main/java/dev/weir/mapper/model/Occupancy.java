package dev.weir.mapper.model;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rule 9: words that are allocated at a time in the fullest instance of each level. */
final class Occupancy {

  private record Key(int work, Ranges ranges) {}

  private final Plan plan;
  private final Transfers transfers;
  private final List<MemoryLevel> levels;
  private final Map<Key, long[]> known = new HashMap<>();

  Occupancy(Plan plan, Transfers transfers) {
    this.plan = plan;
    this.transfers = transfers;
    this.levels = plan.architecture().levels();
  }

  /** Words by level, the top level left out. */
  SortedMap<LevelName, Long> peak() {
    long[] words = of(plan.root(), plan.whole());
    SortedMap<LevelName, Long> result = new TreeMap<>();
    for (int level = 1; level < words.length; level++) {
      result.put(levels.get(level).name(), words[level]);
    }
    return result;
  }

  private long[] of(Work work, Ranges ranges) {
    if (work instanceof Work.Nest) {
      return new long[levels.size()];
    }
    Key key = new Key(work.id(), ranges);
    long[] result = known.get(key);
    if (result == null) {
      result = fresh(work, ranges);
      known.put(key, result);
    }
    return result;
  }

  private long[] fresh(Work work, Ranges ranges) {
    long[] words = new long[levels.size()];
    switch (work) {
      case Work.Nest _ -> {}
      case Work.Loop loop ->
          plan.runs(loop.loop(), ranges).forEach(run -> most(words, of(loop.body(), run.ranges())));
      case Work.Pipeline pipeline ->
          plan.runs(pipeline.loop(), ranges)
              .forEach(run -> most(words, of(pipeline.body(), run.ranges())));
      case Work.Waves waves ->
          plan.waves(waves.loop(), ranges).stream()
              .flatMap(wave -> wave.alternatives().stream())
              .forEach(tile -> most(words, of(waves.body(), tile)));
      case Work.OnlyLast last -> {
        if (ranges.areLast(last.loop().bit())) {
          add(words, of(last.body(), ranges));
        }
      }
      case Work.Residence keep -> {
        add(words, of(keep.body(), ranges));
        keep.sites().forEach(site -> add(words, site, ranges));
      }
      case Work.Sequence sequence ->
          sequence.parts().forEach(part -> most(words, of(part, ranges)));
      case Work.Branches branches -> branches.parts().forEach(part -> add(words, of(part, ranges)));
      case Work.Stage stage -> add(words, of(stage.body(), ranges));
      case Work.Phase phase -> add(words, of(phase.body(), ranges));
    }
    return words;
  }

  private void add(long[] words, KeepSite site, Ranges ranges) {
    long tiles = Math.multiplyExact(site.copies(), generations(site));
    int level = levels.indexOf(site.level());
    words[level] =
        Math.addExact(
            words[level], Math.multiplyExact(tiles, transfers.wordsInFullest(site, ranges)));
  }

  /** Two if the old generation is read after the new one is written within a step. */
  private long generations(KeepSite site) {
    if (!site.isGenerational() || site.producer().isEmpty()) {
      return 1;
    }
    ComputeSite producer = site.producer().get();
    return site.users().stream()
            .filter(user -> readsOld(user, site))
            .anyMatch(user -> runsAfter(user, producer, site))
        ? 2
        : 1;
  }

  private static boolean readsOld(ComputeSite user, KeepSite site) {
    RankName generations = site.tensor().generations().orElseThrow();
    return user.einsum()
        .value()
        .reads()
        .filter(access -> access.tensor().equals(site.tensor().name()))
        .anyMatch(access -> access.indices().contains(new Index.Coordinate(generations)));
  }

  /** Later in the step, or again in a later iteration that comes back to the same element. */
  private boolean runsAfter(ComputeSite user, ComputeSite producer, KeepSite site) {
    int stages = Integer.compare(user.scope().stage(), producer.scope().stage());
    return stages > 0
        || (stages == 0 && user.number() > producer.number())
        || comesBack(user, producer, site);
  }

  private boolean comesBack(ComputeSite user, ComputeSite producer, KeepSite site) {
    int from = producer.scope().innermost(site.tensor().generations().orElseThrow()) + 1;
    Share[] shares = plan.ranks().shares(site.tensor().name());
    List<PlannedLoop> loops = producer.scope().loops();
    List<PlannedLoop> others = user.scope().loops();
    boolean same = user.number() == producer.number();
    for (int i = from; i < Math.min(loops.size(), others.size()); i++) {
      PlannedLoop loop = loops.get(i);
      if (!same && (loop.number() < 0 || loop.number() != others.get(i).number())) {
        return false;
      }
      if (!shares[loop.group()].changesWith(loop.inner())) {
        return true;
      }
    }
    return false;
  }

  private static void most(long[] words, long[] others) {
    for (int i = 0; i < words.length; i++) {
      words[i] = Math.max(words[i], others[i]);
    }
  }

  private static void add(long[] words, long[] others) {
    for (int i = 0; i < words.length; i++) {
      words[i] = Math.addExact(words[i], others[i]);
    }
  }
}
