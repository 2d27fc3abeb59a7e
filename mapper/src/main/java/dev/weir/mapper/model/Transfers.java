package dev.weir.mapper.model;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.MemoryLevel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cycles that the tiles of a keep take to arrive and to leave. Tensors of one keep move one after
 * another; the instances that work at the same time are served together.
 */
final class Transfers {

  private final Plan plan;
  private final Map<KeepSite, List<PathProduct>> fullest = new HashMap<>();

  Transfers(Plan plan) {
    this.plan = plan;
  }

  /** Cycles of the load that comes before an entry. */
  long loadCycles(List<KeepSite> sites, Ranges ranges) {
    long cycles = 0;
    for (KeepSite site : sites) {
      Optional<MemoryLevel> next = site.nextHome(plan.architecture().top());
      if (next.isPresent() && loads(site, ranges)) {
        long there =
            readCycles(next.get(), Math.multiplyExact(tile(site, ranges), readers(site, ranges)));
        long here = writeCycles(site.level(), wordsInFullest(site, ranges));
        cycles = Math.addExact(cycles, Math.max(there, here));
      }
    }
    return cycles;
  }

  /** Cycles of the store that comes after. */
  long storeCycles(List<KeepSite> sites, Ranges ranges) {
    long cycles = 0;
    for (KeepSite site : sites) {
      MemoryLevel top = plan.architecture().top();
      if (site.stores(top)) {
        long words = Math.multiplyExact(tile(site, ranges), writers(site, ranges));
        long there = writeCycles(site.nextHome(top).orElseThrow(), words);
        long here = readCycles(site.level(), wordsInFullest(site, ranges));
        cycles = Math.addExact(cycles, Math.max(there, here));
      }
    }
    return cycles;
  }

  private static boolean loads(KeepSite site, Ranges ranges) {
    return !site.isGenerational()
        && (site.producer().isEmpty() || !ranges.areFirst(site.unfinishedMarks()));
  }

  private static long readCycles(MemoryLevel level, long words) {
    return level.bandwidth().map(b -> b.readWordsPerCycle().ceilingOfQuotient(words)).orElse(0L);
  }

  private static long writeCycles(MemoryLevel level, long words) {
    return level.bandwidth().map(b -> b.writeWordsPerCycle().ceilingOfQuotient(words)).orElse(0L);
  }

  private long tile(KeepSite site, Ranges ranges) {
    Share[] shares = plan.ranks().shares(site.tensor().name());
    long words = 1;
    for (int group = 0; group < shares.length; group++) {
      words =
          Math.multiplyExact(
              words,
              shares[group].of(
                  plan.ranks().groups().get(group),
                  ranges.outer(group),
                  ranges.atEnd(group),
                  ranges.inner(group)));
    }
    return words;
  }

  /** Instances that read a tile of their own from one instance of the next home. */
  private long readers(KeepSite site, Ranges ranges) {
    return served(site, ranges, true);
  }

  private long writers(KeepSite site, Ranges ranges) {
    return served(site, ranges, false);
  }

  private long served(KeepSite site, Ranges ranges, boolean multicastOnce) {
    MemoryLevel next = site.nextHome(plan.architecture().top()).orElseThrow();
    Architecture architecture = plan.architecture();
    long instances = 1;
    for (int i = site.nextHomeDepth(); i < site.scope().depth(); i++) {
      PlannedLoop loop = site.scope().loops().get(i);
      boolean once = multicastOnce && loop.multicast().contains(site.tensor().name());
      if (loop.axis().isPresent()
          && !once
          && !architecture.selectsInstance(loop.axis().get().name(), next)) {
        instances = Math.multiplyExact(instances, ranges.together(loop));
      }
    }
    return instances;
  }

  /**
   * Words of a tile in the fullest instance of its level: spatial loops below that select instances
   * spread it.
   */
  long wordsInFullest(KeepSite site, Ranges ranges) {
    long words = 1;
    for (PathProduct factor : fullest.computeIfAbsent(site, this::factorsOfFullest)) {
      words = Math.multiplyExact(words, factor.value(ranges, 0));
    }
    return words;
  }

  /** Of two parts that a tensor has as ranks of their own, a tile has all combinations. */
  private List<PathProduct> factorsOfFullest(KeepSite site) {
    Share[] all = plan.ranks().shares(site.tensor().name());
    if (loopsToFirstUse(site).stream().noneMatch(loop -> selects(loop, site))) {
      return List.of(new PathProduct(plan.ranks().groups(), List.of(), new int[0], all));
    }
    Share[] outer = all.clone();
    Share[] inner = plan.ranks().noShares();
    for (int group = 0; group < all.length; group++) {
      if (all[group] == Share.BOTH) {
        outer[group] = Share.OUTER;
        inner[group] = Share.INNER;
      }
    }
    return List.of(factorOfFullest(site, outer), factorOfFullest(site, inner));
  }

  private PathProduct factorOfFullest(KeepSite site, Share[] shares) {
    List<PlannedLoop> loops =
        loopsToFirstUse(site).stream()
            .filter(loop -> has(shares[loop.group()], loop.inner()))
            .toList();
    int[] modes =
        loops.stream().mapToInt(loop -> selects(loop, site) ? PathProduct.FIRST_TILE : 0).toArray();
    return new PathProduct(plan.ranks().groups(), loops, modes, shares);
  }

  /** All uses lie below loops that spread the tile alike. */
  private static List<PlannedLoop> loopsToFirstUse(KeepSite site) {
    return site.directUses().stream()
        .limit(1)
        .map(Site::scope)
        .flatMap(use -> use.loops().subList(site.scope().depth(), use.depth()).stream())
        .toList();
  }

  private boolean selects(PlannedLoop loop, KeepSite site) {
    return loop.axis()
        .filter(axis -> plan.architecture().selectsInstance(axis.name(), site.level()))
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

  /** Least cycles in which instances of a level can move words, evenly spread. */
  static long cycles(Bandwidth bandwidth, long readWords, long writtenWords, long instances) {
    return Math.ceilDiv(bandwidth.cycles(readWords, writtenWords), instances);
  }
}
