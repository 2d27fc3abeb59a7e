package dev.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.ArchitectureReader;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compute cycles of SCALE-Sim v3, which shares no code with Weir, for all its runs that come with
 * Weir ({@code configs/reproductions/scalesim}). It reports the number of the last cycle, counted
 * from 0, so as many cycles pass and one more.
 */
class ScaleSimTest {

  private static final Path CONFIGS = Path.of("..", "configs");
  private static final UnitName ARRAY = new UnitName("Array");

  /** What stays in the array, by the names that the table has. */
  enum Dataflow {
    OS("output"),
    WS("weight"),
    IS("input");

    private final String stationary;

    Dataflow(String stationary) {
      this.stationary = stationary;
    }

    String schedule() {
      return "scalesim/" + stationary + "_stationary";
    }
  }

  /** A run of SCALE-Sim on a square array: M × K times K × N. */
  record Row(
      Dataflow dataflow,
      long side,
      long m,
      long n,
      long k,
      long cycles,
      double mappingEfficiencyPercent) {

    static Row of(String line) {
      String[] values = line.split(",", -1);
      return new Row(
          Dataflow.valueOf(values[1].toUpperCase(Locale.ROOT)),
          Long.parseLong(values[0].split("x", -1)[0]),
          Long.parseLong(values[3]),
          Long.parseLong(values[4]),
          Long.parseLong(values[5]),
          Long.parseLong(values[6]),
          Double.parseDouble(values[7]));
    }

    /** Times that the array is loaded anew, and the words that pass it each time. */
    long folds() {
      return switch (dataflow) {
        case OS -> tiles(m) * tiles(n);
        case WS -> tiles(k) * tiles(n);
        case IS -> tiles(k) * tiles(m);
      };
    }

    long streamed() {
      return switch (dataflow) {
        case OS -> k;
        case WS -> m;
        case IS -> n;
      };
    }

    /** What stays is loaded row by row, but for sums, which start from nothing. */
    long loadCycles() {
      return dataflow == Dataflow.OS ? 0 : side;
    }

    private long tiles(long extent) {
      return Math.ceilDiv(extent, side);
    }

    Problem problem(String machineSuffix, String scheduleSuffix) {
      String name = "scalesim_%dx%d%s".formatted(side, side, machineSuffix);
      Architecture machine =
          ArchitectureReader.readFile(CONFIGS.resolve("architectures/scalesim/" + name + ".yaml"));
      Schedule schedule = Examples.shipped(dataflow.schedule() + scheduleSuffix).schedule();
      Map<RankName, Long> shapes =
          Map.of(new RankName("M"), m, new RankName("N"), n, new RankName("K"), k);
      return Problem.of(Examples.cascade("gemm"), schedule, machine, shapes)
          .with(Map.of("SIDE", side));
    }

    Problem problem() {
      return problem("", "");
    }
  }

  static List<Row> rows() throws IOException {
    Path table = CONFIGS.resolve("reproductions/scalesim/gemm-cycles.csv");
    return Files.readAllLines(table).stream().skip(1).map(Row::of).toList();
  }

  static List<Row> rowsOfSeveralFolds() throws IOException {
    return rows().stream().filter(row -> row.folds() > 1).toList();
  }

  static List<Row> rowsOfFewPoints() throws IOException {
    return rows().stream().filter(row -> row.m() * row.n() * row.k() < 50_000).toList();
  }

  private static SimulationResult simulate(Problem problem) {
    assertThat(Legality.judge(problem).isLegal()).isTrue();
    return Simulator.simulate(problem, SimulationOptions.QUIET);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void takesOneCycleMoreThanTheNumberOfTheLast(Row row) {
    SimulationResult result = simulate(row.problem());

    assertThat(result.cycles()).isEqualTo(row.cycles() + 1);
  }

  /** SCALE-Sim: the share of array positions with work, over all folds. */
  @ParameterizedTest
  @MethodSource("rows")
  void usesAsManyElements(Row row) {
    SimulationResult result = simulate(row.problem());

    double positions = row.side() * row.side() * result.units().get(ARRAY).busyCycles();
    assertThat(100.0 * row.m() * row.n() * row.k() / positions)
        .isCloseTo(row.mappingEfficiencyPercent(), within(1e-9));
  }

  /**
   * Nothing contends here, so that all cycles above the roofline have a reason in the structure.
   */
  @ParameterizedTest
  @MethodSource("rows")
  void theCostModelSaysTheSameAndTheRooflineIsBelow(Row row) {
    Problem problem = row.problem();
    Cost cost = CostModel.evaluate(problem);
    SimulationResult result = simulate(problem);
    Map<StallReason, Long> stalls = result.units().get(ARRAY).stallCycles();
    long roofline = Math.ceilDiv(row.m() * row.n() * row.k(), row.side() * row.side());

    assertThat(roofline).isLessThan(cost.latencyCycles());
    assertThat(cost.latencyCycles()).isEqualTo(result.cycles());
    assertThat(cost.counts()).isEqualTo(result.counts());
    assertThat(result.units().get(ARRAY).busyCycles())
        .isEqualTo(row.folds() * row.streamed())
        .isGreaterThanOrEqualTo(roofline);
    assertThat(stalls.get(StallReason.Cause.FILL)).isEqualTo(row.folds() * 2 * (row.side() - 1));
    assertThat(stalls.getOrDefault(StallReason.Cause.LOAD, 0L))
        .isEqualTo(row.folds() * row.loadCycles());
  }

  @ParameterizedTest
  @MethodSource("rowsOfFewPoints")
  void countsWhatTheInterpreterCounts(Row row) {
    Problem problem = row.problem();

    assertThat(simulate(problem).counts())
        .isEqualTo(
            ScheduleInterpreter.run(
                    problem, Examples.realInputs(problem.cascade(), problem.shapes(), 17))
                .counts());
  }

  /** Operands and sums that pass every element of the array, cycle by cycle. */
  @ParameterizedTest
  @MethodSource("rows")
  void takesAsLongElementByElement(Row row) {
    assertThat(BothEngines.run(row.problem()).cycles()).isEqualTo(row.cycles() + 1);
  }

  @ParameterizedTest
  @MethodSource("rowsOfSeveralFolds")
  void overlapOfFoldsTakesFewerCycles(Row row) {
    long hidden = simulate(row.problem("_overlapped", "")).cycles();

    assertThat(hidden)
        .isLessThan(row.cycles())
        .isEqualTo(row.folds() * (row.loadCycles() + row.streamed()));
  }

  @ParameterizedTest
  @MethodSource("rowsOfSeveralFolds")
  void loadingBesideTheWorkTakesFewerStill(Row row) {
    if (row.dataflow() == Dataflow.OS) {
      return;
    }
    Problem problem = row.problem("_overlapped", "_double");
    long cycles = simulate(problem).cycles();

    assertThat(cycles)
        .isLessThan(simulate(row.problem("_overlapped", "")).cycles())
        .isEqualTo(CostModel.evaluate(problem).latencyCycles())
        .isEqualTo(
            row.loadCycles()
                + (row.folds() - 1) * Math.max(row.streamed(), row.loadCycles())
                + row.streamed());
  }

  @ParameterizedTest
  @EnumSource(
      value = Dataflow.class,
      names = {"WS", "IS"})
  void registersOfOneWordHoldNoSecondTile(Dataflow dataflow) {
    Row row = new Row(dataflow, 8, 16, 16, 16, 0, 0);

    assertThat(Legality.judge(row.problem("", "_double")).isLegal()).isFalse();
  }
}
