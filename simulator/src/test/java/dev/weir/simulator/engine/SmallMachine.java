package dev.weir.simulator.engine;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
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
 * DRAM, a buffer, and two units U and V of four lanes each that multiply in one cycle; small enough
 * to work out a run by hand.
 *
 * @param dramWordsPerCycle for both directions together
 * @param bufferWordsPerCycle likewise; 0 when the buffer never limits
 * @param hopCycles from lane to lane; 0 when fill is hidden
 */
public record SmallMachine(long dramWordsPerCycle, long bufferWordsPerCycle, long hopCycles) {

  static final UnitName U = new UnitName("U");
  static final UnitName V = new UnitName("V");
  static final LevelName DRAM = new LevelName("DRAM");
  static final LevelName BUFFER = new LevelName("Buffer");

  /** X[n,w] = A[n,w]², Z[n,w] = X[n,w]², and Y[n,w] = B[n,w]², one multiplication a point. */
  private static final String CASCADE =
      """
      cascade squares "squares and squares of squares"
        ranks H, N, W
        inputs A[H,N,W], B[H,N,W]
        X[h,n,w] = A[h,n,w] * A[h,n,w]
        Z[h,n,w] = X[h,n,w] * X[h,n,w]
        Y[h,n,w] = B[h,n,w] * B[h,n,w]
        outputs X, Y, Z
      """;

  public Problem problem(String shapes, String schedule) {
    Diagnostics diagnostics = new Diagnostics();
    Cascade cascade =
        CascadeReader.read(new SourceFile("squares.edge", CASCADE), diagnostics).orElseThrow();
    diagnostics.throwIfErrors();
    return Problem.of(
        cascade,
        Examples.schedule("schedule s for squares\n" + schedule).schedule(),
        architecture(),
        Examples.shapes(shapes));
  }

  SimulationResult run(String shapes, String schedule) {
    return Simulator.simulate(problem(shapes, schedule), SimulationOptions.QUIET);
  }

  static long stall(SimulationResult result, UnitName unit, StallReason reason) {
    return result.units().get(unit).stallCycles().getOrDefault(reason, 0L);
  }

  private Architecture architecture() {
    return new Architecture(
        "small",
        "two units at a buffer",
        1e9,
        16,
        List.of(
            new MemoryLevel(DRAM, Optional.empty(), List.of(), bandwidth(dramWordsPerCycle), 1, 1),
            new MemoryLevel(
                BUFFER, Optional.of(1L << 40), List.of(), bandwidth(bufferWordsPerCycle), 1, 1)),
        List.of(unit(U), unit(V)),
        List.of(),
        Map.of());
  }

  private static Optional<Bandwidth> bandwidth(long wordsPerCycle) {
    Rational rate = Rational.of(wordsPerCycle);
    return wordsPerCycle == 0 ? Optional.empty() : Optional.of(new Bandwidth(rate, rate, true));
  }

  private ComputeUnit unit(UnitName name) {
    Axis lanes =
        new Axis(new AxisName(name + ".lanes"), Axis.Kind.ARRAY, 4, 4, hopCycles, Axis.Fill.USED);
    return new ComputeUnit(
        name,
        List.of(lanes),
        Map.of(OperationKind.MULTIPLY, new OperationCost(Rational.of(1), 1)),
        Set.of(DRAM, BUFFER),
        Set.of(DRAM, BUFFER));
  }
}
