package dev.weir.mapper.model;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.MemoryLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sizes and transfers of the tiles of a keep. The instances that work at the same time are served
 * together.
 */
final class KeepPlan {

  private final KeepSite site;
  private final int level;
  private final Architecture architecture;
  private final Share[] shares;

  /** Groups of ranks of which every tile has all. */
  private final Set<Integer> whole;

  private final List<PathSum> fullest;
  private final List<MappedWords> mapped;
  private final Optional<MemoryLevel> next;
  private final List<PlannedLoop> readers;
  private final List<PlannedLoop> writers;
  private final boolean isProducedInside;
  private final boolean stores;
  private final long unfinishedMarks;

  /** Of these loops, those that do not decide what is visited. */
  private final long alwaysUnfinishedMarks;

  private final long generations;

  KeepPlan(KeepSite site, Plan plan) {
    this.site = site;
    this.architecture = plan.architecture();
    this.level = architecture.levels().indexOf(site.level());
    this.shares = plan.ranks().shares(site.tensor().name());
    this.whole = plan.ranks().whole(site.tensor().name());
    this.fullest = fullest(plan.ranks());
    this.mapped =
        plan.ranks().mapped(site.tensor().name()).stream()
            .flatMap(part -> part.parts().stream())
            .map(part -> new MappedWords(plan.ranks(), part))
            .toList();
    this.next = site.nextHome(architecture.top());
    this.readers = served(true);
    this.writers = served(false);
    this.isProducedInside = site.producer().isPresent();
    this.stores = site.stores(architecture.top());
    this.unfinishedMarks = site.unfinishedMarks();
    this.alwaysUnfinishedMarks = alwaysUnfinishedMarks(plan.ranks());
    this.generations = heldGenerations();
  }

  /** Whether its tiles ever come from, or go to, another level in a time that is not 0. */
  boolean moves() {
    boolean limits =
        site.level().bandwidth().isPresent()
            || next.filter(level -> level.bandwidth().isPresent()).isPresent();
    boolean loads =
        next.isPresent() && !site.isGenerational() && (!isProducedInside || unfinishedMarks != 0);
    return limits && (loads || stores);
  }

  KeepSite site() {
    return site;
  }

  /** Where its tiles come from and go to; empty for what never leaves. */
  Optional<MemoryLevel> next() {
    return next;
  }

  /** What its tensor has, by group; not to be modified. */
  Share[] shares() {
    return shares;
  }

  /** Factors of the words of a tile in the fullest instance. */
  List<PathSum> fullest() {
    return fullest;
  }

  /** Whether the words of a tile depend on where it is. */
  boolean isMapped() {
    return !mapped.isEmpty();
  }

  /** Spatial loops whose instances load tiles of their own. */
  List<PlannedLoop> readers() {
    return readers;
  }

  /** Spatial loops whose instances store tiles of their own. */
  List<PlannedLoop> writers() {
    return writers;
  }

  /** Whether a tile goes to the next home. */
  boolean stores() {
    return stores;
  }

  long generations() {
    return generations;
  }

  /** Whether a tile is loaded where some loops are in their first iteration. */
  boolean loads(long first) {
    return next.isPresent()
        && !site.isGenerational()
        && (!isProducedInside || (alwaysUnfinishedMarks & ~first) != 0);
  }

  /** What its loads and stores depend on. */
  Relevance relevance() {
    Relevance all = new Relevance(0, 0, isProducedInside ? alwaysUnfinishedMarks : 0, 0);
    for (int group = 0; group < shares.length; group++) {
      all = shares[group] == Share.NONE ? all : all.and(Relevance.ofGroup(group));
    }
    for (PathSum sum : fullest) {
      all = all.and(Relevance.ofGroup(sum.group()));
    }
    for (PlannedLoop loop : readers) {
      all = all.and(Relevance.ofWave(loop));
    }
    for (PlannedLoop loop : writers) {
      all = all.and(Relevance.ofWave(loop));
    }
    return all;
  }

  /** Position of its level. */
  int level() {
    return level;
  }

  /**
   * Words allocated in the fullest instance: all copies, both generations.
   *
   * @param from see {@link MappedWords#room}
   */
  long allocated(Numbers numbers, Kinds kinds, int kind, long[] from) {
    long words = Math.multiplyExact(numbers.value(site.copies()), generations);
    for (int i = 0; i < mapped.size(); i++) {
      words = Math.multiplyExact(words, mapped.get(i).room(numbers, kinds, kind, from));
    }
    return Math.multiplyExact(words, inFullest(numbers, kinds, kind));
  }

  /**
   * What is loaded of mapped parts at least, wherever the tile is; what is new in a tile that
   * slides may be nothing.
   */
  private long leastMapped(Numbers numbers, Kinds kinds, int kind) {
    long least = site.sliding().isPresent() ? 0 : 1;
    for (int i = 0; i < mapped.size(); i++) {
      least = Math.multiplyExact(least, mapped.get(i).least(numbers, kinds, kind));
    }
    return least;
  }

  /** Cycles of the load that comes before an entry. */
  long loadCycles(Numbers numbers, Kinds kinds, int kind) {
    if (!loads(kinds.first(kind))) {
      return 0;
    }
    Optional<Bandwidth> there = next.get().bandwidth();
    Optional<Bandwidth> here = site.level().bandwidth();
    long cycles = 0;
    long least = leastMapped(numbers, kinds, kind);
    if (there.isPresent()) {
      long each = Math.multiplyExact(least, tile(kinds, kind));
      long words = Math.multiplyExact(each, together(kinds, kind, readers));
      cycles = there.get().readWordsPerCycle().ceilingOfQuotient(words);
    }
    if (here.isPresent()) {
      long words = Math.multiplyExact(least, inFullest(numbers, kinds, kind));
      cycles = Math.max(cycles, here.get().writeWordsPerCycle().ceilingOfQuotient(words));
    }
    return cycles;
  }

  /** Cycles of the store that comes after. */
  long storeCycles(Numbers numbers, Kinds kinds, int kind) {
    if (!stores) {
      return 0;
    }
    Optional<Bandwidth> there = next.orElseThrow().bandwidth();
    Optional<Bandwidth> here = site.level().bandwidth();
    long cycles = 0;
    if (there.isPresent()) {
      long words = Math.multiplyExact(tile(kinds, kind), together(kinds, kind, writers));
      cycles = there.get().writeWordsPerCycle().ceilingOfQuotient(words);
    }
    if (here.isPresent()) {
      long words = inFullest(numbers, kinds, kind);
      cycles = Math.max(cycles, here.get().readWordsPerCycle().ceilingOfQuotient(words));
    }
    return cycles;
  }

  /** Whether sums were visited before is not known where that depends on positions. */
  private long alwaysUnfinishedMarks(RankTable ranks) {
    long marks = 0;
    for (int position : site.unfinishedBy()) {
      PlannedLoop loop = site.scope().loops().get(position);
      boolean decides =
          site.scope().visits().filter(v -> v.dependOn(loop.group(), ranks)).isPresent();
      marks |= decides ? 0 : loop.bit();
    }
    return marks;
  }

  private long tile(Kinds kinds, int kind) {
    long words = 1;
    for (int group = 0; group < shares.length; group++) {
      if (shares[group] != Share.NONE) {
        words = Math.multiplyExact(words, kinds.share(shares[group], group, kind));
      }
    }
    return words;
  }

  private static long together(Kinds kinds, int kind, List<PlannedLoop> loops) {
    long instances = 1;
    for (int i = 0; i < loops.size(); i++) {
      instances = Math.multiplyExact(instances, kinds.together(kind, loops.get(i)));
    }
    return instances;
  }

  /**
   * Words of a tile in the fullest instance of its level: spatial loops below that select instances
   * spread it.
   */
  private long inFullest(Numbers numbers, Kinds kinds, int kind) {
    long words = 1;
    for (int i = 0; i < fullest.size(); i++) {
      words = Math.multiplyExact(words, kinds.sum(fullest.get(i), numbers, kind));
    }
    return words;
  }

  /** Of two parts that a tensor has as ranks of their own, a tile has all combinations. */
  private List<PathSum> fullest(RankTable ranks) {
    if (loopsToFirstUse().stream().noneMatch(this::selects)) {
      return sums(List.of(), shares);
    }
    Share[] outer = shares.clone();
    Share[] inner = ranks.noShares();
    for (int group = 0; group < shares.length; group++) {
      if (shares[group] == Share.BOTH) {
        outer[group] = Share.OUTER;
        inner[group] = Share.INNER;
      }
    }
    List<PathSum> sums = new ArrayList<>(sums(loopsOf(outer), outer));
    sums.addAll(sums(loopsOf(inner), inner));
    return sums;
  }

  private List<PlannedLoop> loopsOf(Share[] wanted) {
    return loopsToFirstUse().stream()
        .filter(loop -> has(wanted[loop.group()], loop.inner()))
        .toList();
  }

  private List<PathSum> sums(List<PlannedLoop> loops, Share[] wanted) {
    int[] modes = loops.stream().mapToInt(loop -> selects(loop) ? PathSum.FIRST_TILE : 0).toArray();
    return new Path(loops, modes, wanted)
        .sums(0).stream().map(PathSum::of).filter(sum -> !sum.isOne()).toList();
  }

  /** All uses lie below loops that spread the tile alike. */
  private List<PlannedLoop> loopsToFirstUse() {
    return site.directUses().stream()
        .limit(1)
        .map(Site::scope)
        .flatMap(use -> use.loops().subList(site.scope().depth(), use.depth()).stream())
        .toList();
  }

  private boolean selects(PlannedLoop loop) {
    return loop.axis()
        .filter(axis -> architecture.selectsInstance(axis.name(), site.level()))
        .isPresent();
  }

  private static boolean has(Share share, boolean inner) {
    return switch (share) {
      case NONE -> false;
      case OUTER -> !inner;
      case INNER -> inner;
      case BOTH, JOINED -> true;
    };
  }

  /** Spatial loops whose instances take tiles of their own from one instance of the next home. */
  private List<PlannedLoop> served(boolean multicastOnce) {
    if (next.isEmpty()) {
      return List.of();
    }
    return site.scope().loops().subList(site.nextHomeDepth(), site.scope().depth()).stream()
        .filter(PlannedLoop::spatial)
        .filter(loop -> !(multicastOnce && loop.multicast().contains(site.tensor().name())))
        .filter(loop -> !architecture.selectsInstance(loop.axis().orElseThrow().name(), next.get()))
        .toList();
  }

  /** Two if the old generation is read after the new one is written within a step. */
  private long heldGenerations() {
    if (!site.isGenerational() || site.producer().isEmpty()) {
      return 1;
    }
    ComputeSite producer = site.producer().get();
    return site.users().stream().filter(this::readsOld).anyMatch(user -> runsAfter(user, producer))
        ? 2
        : 1;
  }

  private boolean readsOld(ComputeSite user) {
    RankName generationRank = site.tensor().generations().orElseThrow();
    return user.einsum().reads().stream()
        .filter(access -> access.tensor().equals(site.tensor().name()))
        .anyMatch(access -> access.indices().contains(new Index.Coordinate(generationRank)));
  }

  /** Later in the step, or again in a later iteration that comes back to the same element. */
  private boolean runsAfter(ComputeSite user, ComputeSite producer) {
    int stages =
        Integer.compare(
            user.scope().stageBelow(site.scope()), producer.scope().stageBelow(site.scope()));
    return stages > 0
        || (stages == 0 && user.number() > producer.number())
        || comesBack(user, producer);
  }

  private boolean comesBack(ComputeSite user, ComputeSite producer) {
    int from = producer.scope().innermost(site.tensor().generations().orElseThrow()) + 1;
    List<PlannedLoop> loops = producer.scope().loops();
    List<PlannedLoop> others = user.scope().loops();
    for (int i = from; i < Math.min(loops.size(), others.size()); i++) {
      PlannedLoop loop = loops.get(i);
      if (loop.number() != others.get(i).number()) {
        return false;
      }
      if (!shares[loop.group()].changesWith(loop.inner()) || whole.contains(loop.group())) {
        return true;
      }
    }
    return false;
  }
}
