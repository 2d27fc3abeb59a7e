package dev.weir.mapper.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The least traffic of a space at the top level never rises with the capacity of the buffer below.
 * The machine spends 1 pJ on a word at its top level and nothing on anything else, so the least
 * energy is the least traffic.
 */
class CapacityTest {

  private static final long SIZE = 4;

  private static final String PRODUCT =
      """
      schedule tiled "a matrix product, tiles kept in the global buffer" for gemm
        parameter MT = 2
        parameter NT = 3
        parameter KT = 4
        for m by MT  for n by NT  keep C at GlobalBuffer
        for k by KT  keep A, B at GlobalBuffer
        for m by 1  for n by 1  for k by 1  compute C on Array2D
      """;

  @Test
  void ofMatrixProducts() {
    Cascade gemm = Examples.cascade("gemm");
    Map<RankName, Long> workload = Examples.shapes("M=12 N=10 K=8");
    Template tiled = Choices.derived(gemm, Examples.schedule(PRODUCT).schedule(), workload);

    List<Long> least = leastTraffic(capacity -> space(List.of(tiled), capacity, workload), 1, 512);

    neverRises(least);
    assertThat(least.getLast()).isEqualTo(12 * 8 + 8 * 10 + 12 * 10);
  }

  /** Fused and unfused: what fits decides which of them is best. */
  @Test
  void ofAttention() {
    Map<RankName, Long> workload = Examples.shapes("B=1 H=2 P=15 M=11 E=3 F=2");
    Template fused = attention("fusemax/binding", Map.of("P1", List.of(1L, 2L, 3L, 4L, 8L, 15L)));
    Template unfused = attention("attention_3pass_unfused", Map.of());

    List<Long> least =
        leastTraffic(capacity -> space(List.of(fused, unfused), capacity, workload), 16, 1 << 12);

    neverRises(least);
    assertThat(least.getLast()).isEqualTo(2 * (15 * 3 + 11 * 3 + 11 * 2 + 15 * 2));
  }

  private static Template attention(String name, Map<String, List<Long>> choices) {
    var schedule = Examples.shipped(name, "WIDTH = 256", "WIDTH = " + SIZE).schedule();
    List<Long> widths = List.of(1L, 2L, 3L, SIZE);
    Map<String, List<Long>> all = new HashMap<>(choices);
    all.put("WIDTH", widths);
    return new Template(Examples.cascade(schedule.cascade()), schedule, all);
  }

  /** Not for nothing: something gets better on the way. */
  private static void neverRises(List<Long> least) {
    assertThat(least).isSortedAccordingTo((a, b) -> Long.compare(b, a)).hasSizeGreaterThan(2);
    assertThat(least.getLast()).isLessThan(least.getFirst());
  }

  /** By capacity, from the smallest one with which anything is legal, each a third larger. */
  private static List<Long> leastTraffic(
      LongFunction<SearchSpace> spaces, long fromWords, long toWords) {
    List<Long> least = new ArrayList<>();
    for (long words = fromWords; words <= toWords; words += Math.ceilDiv(words, 3)) {
      SearchSpace space = spaces.apply(words);
      Optional<Candidate> best = TileSearch.run(space, Objective.ENERGY, Progress.NONE, 2).best();
      OptionalLong expected = ofAllPoints(space);

      assertThat(best.map(CapacityTest::traffic).map(OptionalLong::of).orElse(OptionalLong.empty()))
          .as("%d words", words)
          .isEqualTo(expected);
      expected.ifPresent(least::add);
    }
    return least;
  }

  /** Without a search. */
  private static OptionalLong ofAllPoints(SearchSpace space) {
    return LongStream.range(0, space.size())
        .mapToObj(space::at)
        .filter(problem -> Legality.judge(problem).isLegal())
        .mapToLong(CapacityTest::traffic)
        .min();
  }

  private static long traffic(Candidate candidate) {
    return traffic(candidate.problem());
  }

  private static long traffic(Problem problem) {
    var counts = CostModel.evaluate(problem).counts();
    LevelName top = problem.architecture().top().name();
    return counts.words(top, true) + counts.words(top, false);
  }

  private static ComputeUnit free(ComputeUnit unit) {
    Map<OperationKind, OperationCost> costs = new EnumMap<>(OperationKind.class);
    unit.operations()
        .forEach(
            (kind, cost) -> costs.put(kind, new OperationCost(cost.initiationIntervalCycles(), 0)));
    return new ComputeUnit(unit.name(), unit.axes(), costs, unit.reads(), unit.writes());
  }

  private static SearchSpace space(
      List<Template> templates, long capacity, Map<RankName, Long> workload) {
    Architecture machine = ExampleArchitectures.fuseMax(SIZE, capacity);
    List<MemoryLevel> levels =
        machine.levels().stream()
            .map(
                level ->
                    new MemoryLevel(
                        level.name(),
                        level.capacityWords(),
                        level.instanceAxes(),
                        level.bandwidth(),
                        level.equals(machine.top()) ? 1 : 0,
                        level.equals(machine.top()) ? 1 : 0))
            .toList();
    return new SearchSpace(
        templates,
        new Architecture(
            machine.name(),
            machine.description(),
            machine.clockHertz(),
            machine.wordBits(),
            levels,
            machine.units().stream().map(CapacityTest::free).toList(),
            machine.links(),
            machine.sources()),
        workload);
  }
}
