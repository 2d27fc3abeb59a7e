package dev.weir.simulator.pe;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.SimulationResult;
import dev.weir.simulator.stats.StallReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * DRAM, a buffer, and an array of 4 × 4 elements with registers, beside a unit V of four lanes;
 * small enough to work out a run by hand.
 *
 * @param dramWordsPerCycle for both directions together; 0 when it never limits
 * @param hopCycles from element to element; 0 when fill is hidden
 * @param interval of a multiply-accumulate in cycles; other operations take one
 * @param drainCycles that merged sums take to leave the rows
 */
record SmallArray(long dramWordsPerCycle, long hopCycles, Rational interval, long drainCycles) {

  static final UnitName ARRAY = new UnitName("Array");
  static final UnitName V = new UnitName("V");
  static final TensorName C = new TensorName("C");

  private static final String PRODUCT =
      """
      cascade gemm "a matrix product"
        ranks M, N, K
        inputs A[M,K], B[K,N]
        C[m,n] = A[m,k] * B[k,n]
        outputs C
      """;

  private static final String SQUARES =
      """
      cascade squares "squares and squares of squares"
        ranks H, N, W
        inputs A[H,N,W]
        X[h,n,w] = A[h,n,w] * A[h,n,w]
        Z[h,n,w] = X[h,n,w] * X[h,n,w]
        outputs X, Z
      """;

  static SmallArray withHops(long hopCycles) {
    return new SmallArray(0, hopCycles, Rational.of(1), 0);
  }

  static SmallArray withDram(long wordsPerCycle) {
    return new SmallArray(wordsPerCycle, 0, Rational.of(1), 0);
  }

  Problem product(String shapes, String schedule) {
    return problem(PRODUCT, "schedule s for gemm\n" + schedule, shapes);
  }

  Problem squares(String shapes, String schedule) {
    return problem(SQUARES, "schedule s for squares\n" + schedule, shapes);
  }

  Problem problem(String cascade, String schedule, String shapes) {
    return Problem.of(
        Examples.cascadeFrom(cascade),
        Examples.schedule(schedule).schedule(),
        architecture(),
        Examples.shapes(shapes));
  }

  static Map<TensorName, DenseTensor> inputs(Problem problem) {
    return Examples.wholeInputs(problem.cascade(), problem.shapes(), 3);
  }

  static long stall(SimulationResult result, UnitName unit, StallReason reason) {
    return result.units().get(unit).stallCycles().getOrDefault(reason, 0L);
  }

  private Architecture architecture() {
    Optional<Bandwidth> dram =
        dramWordsPerCycle == 0
            ? Optional.empty()
            : Optional.of(
                new Bandwidth(
                    Rational.of(dramWordsPerCycle), Rational.of(dramWordsPerCycle), true));
    Axis rows = axis("Array.rows", Map.of(OperationKind.ADD, drainCycles));
    Axis columns = axis("Array.columns", Map.of());
    return new Architecture(
        "small",
        "an array at a buffer",
        1e9,
        16,
        List.of(
            level("DRAM", Optional.empty(), List.of(), dram),
            level("Buffer", Optional.of(1L << 20), List.of(), Optional.empty()),
            level(
                "Registers",
                Optional.of(64L),
                List.of(rows.name(), columns.name()),
                Optional.empty())),
        List.of(unit(ARRAY, List.of(rows, columns)), unit(V, List.of(axis("V.lanes", Map.of())))),
        List.of(),
        Map.of());
  }

  private static MemoryLevel level(
      String name, Optional<Long> words, List<AxisName> axes, Optional<Bandwidth> bandwidth) {
    return new MemoryLevel(new LevelName(name), words, axes, bandwidth, 1, 1);
  }

  private Axis axis(String name, Map<OperationKind, Long> drain) {
    return new Axis(new AxisName(name), Axis.Kind.ARRAY, 4, 4, hopCycles, Axis.Fill.USED, drain);
  }

  private ComputeUnit unit(UnitName name, List<Axis> axes) {
    Set<LevelName> levels =
        name.equals(ARRAY)
            ? Set.of(new LevelName("DRAM"), new LevelName("Buffer"), new LevelName("Registers"))
            : Set.of(new LevelName("DRAM"), new LevelName("Buffer"));
    return new ComputeUnit(
        name,
        axes,
        Map.of(
            OperationKind.MULTIPLY_ACCUMULATE,
            new OperationCost(interval, 1),
            OperationKind.MULTIPLY,
            new OperationCost(Rational.of(1), 1),
            OperationKind.DIVIDE,
            new OperationCost(Rational.of(1), 1),
            OperationKind.SUBTRACT,
            new OperationCost(Rational.of(1), 1),
            OperationKind.ADD,
            new OperationCost(Rational.of(1), 1)),
        levels,
        levels);
  }
}
