package dev.weir.opencl.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.eval.InputData.Kind;
import dev.weir.mapper.random.RandomProblems;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.example.RandomKernels.Family;
import dev.weir.opencl.execute.Execution;
import dev.weir.opencl.execute.ExecutionOptions;
import dev.weir.opencl.execute.KernelExecutor;
import dev.weir.opencl.gate.ExecutedKernel.Judge;
import dev.weir.opencl.kernel.KernelProgram;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every clause of schedules in any combination: what becomes kernels has no races, stays inside its
 * arrays and computes what the cascade says. Many more seeds ran than a build has time for.
 */
class RandomSchedulesTest {

  private static final long FIRST_SEED = 20_001;
  private static final int SEEDS = 150;

  @ParameterizedTest
  @EnumSource
  void kernelsComputeWhatTheirCascadeSays(Family family) {
    int compared = 0;
    for (String name : CountRun.random(family, FIRST_SEED, SEEDS)) {
      compared += compared(family, name);
    }
    assertThat(compared).as("%s from seed %d on", family, FIRST_SEED).isGreaterThan(SEEDS / 8);
  }

  /** Kernels that were wrong once, the oldest first. */
  @ParameterizedTest
  @CsvSource({
    "CHAINS, 5 20 33 40 69 108 222 238 288 321 370 402 432 517 525 530 554 560 656 679 702 747 856",
    "CHAINS, 872 884 1180 1270 1440 1483 1512 1592 1663 1696 1734 1774 1837 1880 1943 2245 5737",
    "SKIPS, 70 86 165 223 348 378 451",
    "IRREGULAR, 32 120 151 433 485 563 576 612 650 1286 1529"
  })
  void kernelsThatWereWrongAreRight(Family family, String seeds) {
    for (String seed : seeds.split(" ", -1)) {
      compared(family, family.text() + " " + seed);
    }
  }

  /** Not even what is not used: contributions, orders and sums beyond an end are left alone. */
  @ParameterizedTest
  @CsvSource({"CHAINS, 368 742", "IRREGULAR, 88 576"})
  void kernelsThatReadWhatNothingWroteDoSoNoMore(Family family, String seeds) {
    ExecutionOptions strict = ExecutionOptions.plain().with(ExecutionOptions.Check.UNWRITTEN_READS);
    for (String seed : seeds.split(" ", -1)) {
      String name = family.text() + " " + seed;
      CountRun.Example example = CountRun.example(name).orElseThrow();
      assertThat(KernelExecutor.run(example.program(), example.inputs(), strict))
          .as(name)
          .isInstanceOf(Execution.Completed.class);
    }
  }

  /** 1 if there are kernels, which are right, and 0 if they are refused or nothing is bounded. */
  private static int compared(Family family, String seed) {
    Problem problem = CountRun.problem(seed);
    Optional<KernelProgram> program = CountRun.program(problem);
    if (program.isEmpty()) {
      return 0;
    }
    String name = seed + " " + RandomProblems.describe(problem);
    int points =
        switch (family) {
          case CHAINS, SKIPS ->
              points(name, problem, program.get(), Kind.EXACT_TIES, Judge.EXACT)
                  + points(name, problem, program.get(), Kind.RANDOM, Judge.BOUND);
          case EMPTY_VALUES ->
              points(name, problem, program.get(), Kind.EXACT_TIES, Judge.BOUND)
                  + points(name, problem, program.get(), Kind.RANDOM, Judge.BOUND);
          // Values decide what is read, so only exact ones can be compared.
          case IRREGULAR -> points(name, problem, program.get(), Kind.EXACT_TIES, Judge.EXACT);
        };
    return points > 0 ? 1 : 0;
  }

  private static int points(
      String name, Problem problem, KernelProgram program, Kind kind, Judge judge) {
    return ExecutedKernel.comparedPoints(name, problem, program, kind, judge);
  }
}
