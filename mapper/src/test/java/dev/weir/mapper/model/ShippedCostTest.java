package dev.weir.mapper.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.schedule.Judgement;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped schedules on small machines, with tails everywhere. */
public class ShippedCostTest {

  /** Blocks of 8 queries and keys, register tiles of 2 by 2. */
  private static final String[] BLOCKS = {
    "by 4", "by 2", "by 16", "by 4", "64", "8", "128", "6", "= 17", "= 2", "= 16", "= 3"
  };

  /** Legal ones. */
  public static Stream<Problem> problems() {
    Architecture fuseMax = ExampleArchitectures.fuseMax(4, 4096);
    Architecture tpu =
        ArchitectureReader.readFile(Path.of("../configs/architectures/tpu_like.yaml"));
    Architecture systolic = Shipped.architecture("architectures/scalesim/scalesim_8x8");
    Architecture openCl = ExampleArchitectures.openCl(4, 8, 4096, 4096);
    Architecture gpu =
        ExampleArchitectures.openCl(List.of("items.x", "items.y", "items.z"), 4, 8, 4096, 4096);
    return Stream.of(
        problem("fusemax/binding", fuseMax, "B=1 H=2 P=15 M=11 E=3 F=2", "P1 = 16", "P1 = 2"),
        problem("fusemax/binding", fuseMax, "B=2 H=1 P=8 M=3 E=1 F=1", "P1 = 16", "P1 = 2"),
        problem("fusemax/binding", fuseMax, "B=2 H=1 P=29 M=13 E=2 F=1", "P1 = 16", "P1 = 4"),
        problem("fusemax/binding_skewed_64", fuseMax, "B=1 H=2 P=59 M=11 E=3 F=2"),
        problem("fusemax/binding_skewed_128", fuseMax, "B=1 H=2 P=45 M=7 E=2 F=3"),
        problem("fusemax/architecture", fuseMax, "B=1 H=2 P=15 M=11 E=3 F=2", "P1 = 16", "P1 = 2"),
        problem("fusemax/cascade", fuseMax, "B=1 H=1 P=29 M=11 E=3 F=2", "P1 = 16", "P1 = 4"),
        problem("fusemax/unfused", fuseMax, "B=1 H=2 P=15 M=11 E=3 F=2", "P1 = 16", "P1 = 2"),
        problem("fusemax/flat", fuseMax, "B=2 H=1 P=15 M=11 E=3 F=2"),
        problem("fusemax/flat_values", fuseMax, "B=1 H=2 P=10 M=11 E=3 F=2"),
        problem("fusemax/flat_queries", fuseMax, "B=1 H=2 P=10 M=11 E=3 F=2"),
        problem("fusemax/flat_spilled", fuseMax, "B=1 H=2 P=15 M=11 E=3 F=2"),
        problem("fusemax/flat_off_chip", fuseMax, "B=2 H=1 P=21 M=11 E=3 F=2", "P1 = 4", "P1 = 2"),
        problem("attention_3pass_unfused", fuseMax, "B=2 H=1 P=6 M=11 E=3 F=2"),
        problem(
            "attention_3pass_tpu", tpu, "B=1 H=2 P=11 M=7 E=3 F=5", "128", "2", "S = 4", "S = 3"),
        problem("attention_3pass_unfused", fuseMax, "B=2 H=2 P=14 M=13 E=5 F=4"),
        problem("opencl_1pass_cpu", openCl, "B=1 H=2 P=11 M=13 E=3 F=5", "16*", "4*", "64", "5"),
        problem("opencl_1pass_gpu", gpu, "B=1 H=2 P=11 M=13 E=3 F=5", BLOCKS),
        problem("opencl_3pass_cpu", openCl, "B=1 H=2 P=11 M=13 E=3 F=5", "16*", "4*"),
        problem("scalesim/output_stationary", systolic, "M=19 N=9 K=11"),
        problem("opencl_3pass_gpu", gpu, "B=2 H=1 P=11 M=13 E=3 F=5", BLOCKS),
        problem("opencl_gemm_gpu", gpu, "M=19 N=9 K=11", "16*", "2*", "= 8", "= 2", "= 17", "= 3"),
        problem(
            "opencl_3pass_unfused_cpu",
            openCl,
            "B=1 H=2 P=11 M=13 E=3 F=5",
            "by 16",
            "by 4",
            "= 16",
            "= 4",
            "64",
            "8"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void takesTheCyclesOfAllIterationsAtOtherRatesAndBuffers(Problem problem) {
    for (long seed = 0; seed < 4; seed++) {
      Problem variant = TimeVariants.of(problem, new Random(seed));

      assertThat(CostModel.evaluate(variant).latencyCycles())
          .as("seed %d %s", seed, variant.architecture())
          .isEqualTo(EveryIteration.cycles(variant));
    }
  }

  /** Where the whole keys of a block lie in the future of all its queries, they are not loaded. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "B=1 H=2 P=11 M=11 E=3 F=2",
        "B=2 H=1 P=15 M=6 E=2 F=2",
        "B=1 H=1 P=5 M=19 E=2 F=3"
      })
  void skippingScheduleIsCountedAndTimedExactly(String shapes) {
    Problem problem =
        problem("attention_1pass_causal_skip", ExampleArchitectures.fuseMax(4, 4096), shapes);
    var inputs = Examples.realInputs(problem.cascade(), problem.shapes(), 5);

    assertThat(CostModel.evaluate(problem).counts())
        .isEqualTo(ScheduleInterpreter.run(problem, inputs).counts());
    assertThat(CostModel.evaluate(problem).latencyCycles())
        .isEqualTo(EveryIteration.cycles(problem));
  }

  /** A corner of 3 × 2 of 8 × 8 elements, 11 steps, one hop a cycle to the far end of both axes. */
  @Test
  void aWholeFillPassesElementsWithoutWork() {
    Architecture systolic = Shipped.architecture("architectures/scalesim/scalesim_8x8");
    Problem corner = problem("scalesim/output_stationary", systolic, "M=3 N=2 K=11");

    assertThat(CostModel.evaluate(corner).latencyCycles()).isEqualTo(11 + 7 + 7);
  }

  /** 4096 blocks of queries and as many of keys, of which half are left out. */
  @Test
  void millionTokensSkipHalfOfTheirScores() {
    long length = 1 << 20;
    long blocks = length / 256;
    Problem problem =
        Shipped.problem(
            Shipped.schedule("attention_1pass_causal_skip"),
            Shipped.architecture("architectures/fusemax_cloud"),
            Shipped.attention(1, 1, length, 64));
    Cost cost = CostModel.evaluate(problem);

    Counts.Traffic keys =
        new Counts.Traffic(new TensorName("K"), new LevelName("DRAM"), Movement.READ);
    assertThat(cost.counts().trafficWords())
        .containsEntry(keys, blocks * (blocks + 1) / 2 * 256 * 64);
    assertThat(cost.accuracy()).isEqualTo(new Accuracy.Exact());
  }

  private static Problem problem(
      String name, Architecture architecture, String shapes, String... replacements) {
    List<String> all = Stream.concat(Stream.of(replacements), Stream.of("256", "4")).toList();
    Schedule schedule = Examples.shipped(name, all.toArray(String[]::new)).schedule();
    Problem problem =
        Problem.of(
            Examples.cascade(schedule.cascade()), schedule, architecture, Examples.shapes(shapes));
    assertThat(Legality.judge(problem)).isEqualTo(new Judgement.Legal());
    return problem;
  }

  @ParameterizedTest
  @MethodSource("problems")
  void countsWhatTheInterpreterCounts(Problem problem) {
    var inputs = Examples.realInputs(problem.cascade(), problem.shapes(), 5);

    assertThat(CostModel.evaluate(problem).counts())
        .isEqualTo(ScheduleInterpreter.run(problem, inputs).counts());
  }

  @ParameterizedTest
  @MethodSource("problems")
  void takesTheCyclesOfAllIterations(Problem problem) {
    assertThat(CostModel.evaluate(problem).latencyCycles())
        .isEqualTo(EveryIteration.cycles(problem));
  }
}
