package dev.weir.mapper.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.random.RandomProblems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;

/** The closed form against a run through all iterations that puts every word into its instance. */
class OccupancyTest {

  private Problem problem;
  private CascadeFacts facts;
  private Residence residence;

  @Test
  void closedFormIsWhatEnumerationFinds() {
    int compared = 0;
    for (long seed = 0; seed < 200; seed++) {
      problem = RandomProblems.legal(seed);
      facts = new CascadeFacts(problem.cascade());
      if (hasPadding() || keepsMapped()) {
        continue;
      }
      compared++;
      residence = new Residence(problem, facts);
      Map<LevelName, Long> expected =
          peak(
              Site.root(problem.schedule().root()),
              Ranges.whole(problem.cascade(), problem.shapes()));

      assertThat(Occupancy.peak(problem))
          .as("seed %s %s", seed, RandomProblems.describe(problem))
          .isEqualTo(expected);
    }
    assertThat(compared).isGreaterThan(120);
  }

  /** A tile over several steps of a split rank has room for whole steps, which no word fills. */
  private boolean hasPadding() {
    return problem.cascade().partitions().stream()
        .anyMatch(
            split ->
                problem.shapes().of(split.outer()) > 1
                    && problem.shapes().of(split.parent()) % problem.shapes().of(split.inner())
                        != 0);
  }

  /** A window has room for what a border clips and for what strides leave out. */
  private boolean keepsMapped() {
    return Site.root(problem.schedule().root()).all().stream()
        .filter(site -> site.node() instanceof Node.Keep)
        .flatMap(site -> ((Node.Keep) site.node()).tensors().stream())
        .anyMatch(tensor -> facts.projection(tensor).isMapped());
  }

  @Test
  void tileOverAllStepsOfASplitRankIsPadded() {
    var cascade = Examples.cascade("attention_1pass");
    var schedule = Examples.schedule("schedule s for c compute AV on Array1D").schedule();
    var small = ExampleArchitectures.fuseMax(4, 4096);
    Problem ragged =
        Problem.of(cascade, schedule, small, Examples.shapes("B=1 H=1 P=1 M=7 M0=3 E=1 F=1"));
    Ranges whole = Ranges.whole(cascade, ragged.shapes());
    Residence held = new Residence(ragged, new CascadeFacts(cascade));

    assertThat(held.tileWords(new TensorName("BQK"), whole)).isEqualTo(3 * 3);
    assertThat(held.tileWords(new TensorName("K"), whole)).isEqualTo(7);
    Ranges last = whole.with(new RankName("M1"), new Ranges.Range(2, 3));
    assertThat(held.tileWords(new TensorName("BQK"), last)).isEqualTo(1);
    assertThat(held.tileWords(new TensorName("K"), last)).isEqualTo(1);
  }

  private Map<LevelName, Long> peak(Site site, Ranges ranges) {
    Map<LevelName, Long> words = new TreeMap<>();
    if (site.node() instanceof Node.Keep keep) {
      for (TensorName tensor : keep.tensors()) {
        if (!keep.level().equals(problem.architecture().top().name())) {
          words.merge(keep.level(), allocated(site, keep, tensor, ranges), Math::addExact);
        }
      }
      merge(words, peak(site.body(), ranges), Math::addExact);
    } else if (site.node() instanceof Node.Last last) {
      if (ranges.of(last.rank()).to() == problem.shapes().of(last.rank())) {
        merge(words, peak(site.body(), ranges), Math::max);
      }
    } else if (Loop.at(site, problem).isPresent()) {
      for (Ranges inside : iterations(Loop.at(site, problem).get(), ranges)) {
        merge(words, peak(site.body(), inside), Math::max);
      }
    } else {
      boolean adds = site.node() instanceof Node.Par;
      for (Site part : site.children()) {
        merge(words, peak(part, ranges), adds ? Math::addExact : Math::max);
      }
    }
    return words;
  }

  private static List<Ranges> iterations(Loop loop, Ranges ranges) {
    List<Ranges> all = new ArrayList<>();
    Ranges.Range range = ranges.of(loop.rank());
    for (long from = range.from(); from < range.to(); from += loop.tile()) {
      long to = Math.min(range.to(), from + loop.tile());
      all.add(ranges.with(loop.rank(), new Ranges.Range(from, to)));
    }
    return all;
  }

  private static void merge(
      Map<LevelName, Long> into, Map<LevelName, Long> more, LongBinaryOperator operator) {
    more.forEach((level, words) -> into.merge(level, words, operator::applyAsLong));
  }

  private long allocated(Site site, Node.Keep keep, TensorName tensor, Ranges ranges) {
    if (keep.inPlaceOf().isPresent()) {
      return 0;
    }
    Map<List<Integer>, Set<List<Long>>> byInstance = new HashMap<>();
    Site use = residence.uses(site, tensor).getFirst();
    List<Loop> loops = new ArrayList<>();
    for (Site between : site.between(use)) {
      Loop.at(between, problem).ifPresent(loops::add);
    }
    put(loops, List.of(), keep, tensor, ranges, byInstance);
    long fullest = byInstance.values().stream().mapToLong(Set::size).max().orElseThrow();
    return fullest
        * problem.value(keep.copies())
        * (keep.doubleBuffered() ? 2 : 1)
        * residence.generationsHeld(site, tensor);
  }

  private void put(
      List<Loop> loops,
      List<Integer> instance,
      Node.Keep keep,
      TensorName tensor,
      Ranges ranges,
      Map<List<Integer>, Set<List<Long>>> byInstance) {
    if (loops.isEmpty()) {
      Set<List<Long>> words = byInstance.computeIfAbsent(instance, _ -> new HashSet<>());
      coordinates(facts.projection(tensor).parts(), ranges, new ArrayList<>(), words);
      return;
    }
    Loop loop = loops.getFirst();
    List<Ranges> iterations = iterations(loop, ranges);
    var level = problem.architecture().level(keep.level()).orElseThrow();
    boolean selects =
        loop.site().node() instanceof Node.Spatial spatial
            && problem.architecture().selectsInstance(spatial.axis(), level);
    for (int i = 0; i < iterations.size(); i++) {
      List<Integer> longer = new ArrayList<>(instance);
      if (selects) {
        longer.add(i);
      }
      put(loops.subList(1, loops.size()), longer, keep, tensor, iterations.get(i), byInstance);
    }
  }

  private void coordinates(
      List<Projection.Part> parts, Ranges ranges, List<Long> so, Set<List<Long>> words) {
    if (parts.isEmpty()) {
      words.add(List.copyOf(so));
      return;
    }
    for (long at : coordinates(parts.getFirst(), ranges)) {
      List<Long> longer = new ArrayList<>(so);
      longer.add(at);
      coordinates(parts.subList(1, parts.size()), ranges, longer, words);
    }
  }

  private Set<Long> coordinates(Projection.Part part, Ranges ranges) {
    Set<Long> found = new HashSet<>();
    switch (part) {
      case Projection.Part.Plain plain -> {
        Ranges.Range range = ranges.of(plain.rank());
        for (long at = range.from(); at < range.to(); at++) {
          found.add(at);
        }
      }
      case Projection.Part.Joined joined -> {
        for (long outer : coordinates(new Projection.Part.Plain(joined.outer()), ranges)) {
          Ranges step = ranges.with(joined.outer(), new Ranges.Range(outer, outer + 1));
          for (long inner : coordinates(new Projection.Part.Plain(joined.inner()), step)) {
            found.add(outer * problem.shapes().of(joined.inner()) + inner);
          }
        }
      }
      case Projection.Part.Generation _ -> found.add(0L);
      case Projection.Part.HeadMap _, Projection.Part.Window _, Projection.Part.Whole _ ->
          throw new AssertionError("no random problem has " + part);
    }
    return found;
  }
}
