package dev.weir.mapper.model.mutants;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.random.ProblemText;
import dev.weir.mapper.schedule.Problem;
import java.util.List;
import java.util.Optional;

/** Pipelines and loops in which first and last iterations, neighbours and stages differ in time. */
public final class HandMadeFlows {

  private static final String SQUARES =
      """
      cascade squares
      ranks Q, P, M
      inputs A[Q,P,M]
      empty T = 0, U = 0
      T[q,p,m] = A[q,p,m] * A[q,p,m]
      U[q,p] = T[q,p,m]
      outputs U
      """;

  private static final String SUMS =
      """
      cascade sums
      ranks P, M
      inputs A[P,M]
      empty T = 0, U = 0
      T[p,m] = A[p,m] * A[p,m]
      U[p] = T[p,m]
      outputs U
      """;

  private HandMadeFlows() {}

  public static List<Problem> all() {
    return List.of(
        betweenFlows(),
        lateStore(),
        inHead(),
        sumsInPipeline(),
        sumsBetweenFlows("2"),
        sumsBetweenFlows("1"),
        manyStages(),
        sumsBetweenPhases(),
        sumsOverOuterPart(),
        fillOfTile());
  }

  /** Words are read and written at the same time, so that waiting takes longer than moving. */
  private static Architecture slow(long read, long written) {
    return HandMade.limitedBy(
        "DRAM",
        new Bandwidth(new Rational(1, read), new Rational(1, written), false),
        ExampleArchitectures.fuseMax(4, 4096));
  }

  /** What comes next is loaded and what was before is stored beside the work. */
  private static Problem betweenFlows() {
    return ProblemText.read(
        SQUARES,
        """
        schedule squares for squares
          for q by 1 flow
          for p by 2 flow
          keep A, U at GlobalBuffer double
          pipeline m by 1 {
            keep T at GlobalBuffer copies 2
            stage 0  for p by 1  compute T on Array2D
            stage 1  for p by 1  compute U on Array1D
          }
        """,
        slow(4, 16),
        "Q=3 P=5 M=3");
  }

  /** What only the last stage works on is stored at the very end. */
  private static Problem lateStore() {
    return ProblemText.read(
        SQUARES,
        """
        schedule squares for squares
          for q by 1 flow
          for p by 2 flow
          keep A at GlobalBuffer double
          keep U at GlobalBuffer double
          pipeline m by 1 {
            keep T at GlobalBuffer copies 2
            stage 0  for p by 1  compute T on Array2D
            stage 1  for p by 1  compute U on Array1D
          }
        """,
        slow(4, 3),
        "Q=2 P=3 M=3");
  }

  /** What arrives and leaves with the tiles of a pipeline, beside what does with outer steps. */
  private static Problem inHead() {
    return ProblemText.read(
        """
        cascade heads
        ranks Q, P, M, N
        inputs A[Q,P,M], B[Q,P,M,N]
        empty T = 0, U = 0
        T[q,p,m] = A[q,p,m] * B[q,p,m,n]
        U[q,p,m] = T[q,p,m] * A[q,p,m]
        outputs T, U
        """,
        """
        schedule heads for heads
          for q by 1 flow
          for p by 2 flow
          keep B at GlobalBuffer double
          pipeline m by 2 {
            keep A, T at GlobalBuffer copies 2
            stage 0  for p by 1  for m by 1  for n by 1  compute T on Array2D
            stage 1  for p by 1  for m by 1  compute U on Array1D
          }
        """,
        slow(4, 3),
        "Q=2 P=3 M=5 N=2");
  }

  /** Partial sums come back with all tiles but the first. */
  private static Problem sumsInPipeline() {
    return ProblemText.read(
        SUMS,
        """
        schedule sums for sums
          for p by 2 flow
          pipeline m by 2 {
            keep T, U at GlobalBuffer copies 2
            stage 0  for p by 1  for m by 1  compute T on Array2D
            stage 1  for p by 1  for m by 1  compute U on Array1D
          }
        """,
        slow(4, 3),
        "P=5 M=5");
  }

  /** They come back in all steps but the first. */
  private static Problem sumsBetweenFlows(String step) {
    return ProblemText.read(
        SUMS,
        """
        schedule sums for sums
          for m by STEP flow
          keep U at GlobalBuffer
          pipeline p by 1 {
            keep A, T at GlobalBuffer copies 2
            stage 0  for m by 1  compute T on Array2D
            stage 1  for m by 1  compute U on Array1D
          }
        """
            .replace("STEP", step),
        slow(4, 3),
        "P=4 M=5");
  }

  /** More than tiles that are under way fit a number; the last stage works beside all others. */
  private static Problem manyStages() {
    StringBuilder einsums = new StringBuilder("T0[m] = A[m] * A[m]\n");
    StringBuilder stages = new StringBuilder("stage 0  for m by 1  compute T0 on Array2D\n");
    StringBuilder names = new StringBuilder("T0");
    StringBuilder empty = new StringBuilder("T0 = 0");
    for (int stage = 1; stage < 8; stage++) {
      int before = stage - 1;
      einsums.append("T%d[m] = T%d[m] * T%d[m]%n".formatted(stage, before, before));
      stages.append("stage %d  for m by 1  compute T%d on Array2D%n".formatted(stage, stage));
      names.append(", T" + stage);
      empty.append(", T%d = 0".formatted(stage));
    }
    return ProblemText.read(
        """
        cascade chain
        ranks M
        inputs A[M]
        empty %s, U = 0
        %sU[m] = exp(T7[m])
        outputs U
        """
            .formatted(empty, einsums),
        """
        schedule chain for chain
          pipeline m by 2 {
            keep %s at GlobalBuffer copies 2
            par {
              seq { %s }
              stage 8  for m by 1  compute U on Array1D
            }
          }
        """
            .formatted(names, stages),
        ExampleArchitectures.fuseMax(4, 4096),
        "M=21");
  }

  /** Sums come back but for the first time; to move words takes longest, each phase in its way. */
  private static Problem sumsBetweenPhases() {
    return ProblemText.read(
        """
        cascade phases
        ranks P, K, J
        inputs A[P,K], B[P,K], D[P,K,J]
        empty Z = 0, W = 0, X = 0
        Z[p] = A[p,k] * A[p,k]
        W[p,k,j] = B[p,k] * B[p,k]
        X[p,k] = D[p,k,j]
        outputs Z, W, X
        """,
        """
        schedule phases for phases
          for k by 3 {
            for p by 1  for k by 1  compute Z on Array2D
            {
              keep B at GlobalBuffer
              for p by 1  for k by 1  for j by 1  compute W on Array1D
            }
            {
              keep X at GlobalBuffer
              for p by 1  for k by 1  for j by 1  compute X on Array1D
            }
          }
        """,
        slow(4, 11),
        "P=4 K=2 J=6");
  }

  /** The last sums are fewer, as the last step is shorter. */
  private static Problem sumsOverOuterPart() {
    return ProblemText.read(
        """
        cascade parts
        ranks P, M
        partition M = M1 * M0
        inputs A[P,M]
        empty U = 0
        U[m0] = A[p,m1*M0+m0]
        outputs U
        """,
        """
        schedule parts for parts
          shape M0 = 3
          for p by 2
          for m1 by 1 {
            keep U at GlobalBuffer
            for p by 1  for m0 by 1  compute U on Array1D
          }
        """,
        slow(4, 3),
        "M=11 P=3");
  }

  /** Tiles have fewer lanes than there are, along which operands travel visibly. */
  private static Problem fillOfTile() {
    Architecture machine = slow(4, 3);
    return ProblemText.read(
        """
        cascade travelling
        ranks P
        inputs A[P]
        empty T = 0
        T[p] = A[p] * A[p]
        outputs T
        """,
        """
        schedule travelling for travelling
          for p by 2  spatial p by 1 on Array1D.lanes  compute T on Array1D
        """,
        new Architecture(
            machine.name(),
            machine.description(),
            machine.clockHertz(),
            machine.wordBits(),
            machine.levels().stream().map(HandMadeFlows::unlimited).toList(),
            machine.units().stream().map(HandMadeFlows::travelling).toList(),
            machine.links(),
            machine.sources()),
        "P=7");
  }

  private static MemoryLevel unlimited(MemoryLevel level) {
    return new MemoryLevel(
        level.name(), level.capacityWords(), level.instanceAxes(), Optional.empty(), 1, 1);
  }

  private static ComputeUnit travelling(ComputeUnit unit) {
    List<Axis> axes =
        unit.axes().stream()
            .map(
                axis ->
                    new Axis(
                        axis.name(), axis.kind(), axis.width(), axis.width(), 1, Axis.Fill.USED))
            .toList();
    return new ComputeUnit(
        unit.name(), axes, unit.operations(), unit.variants(), unit.reads(), unit.writes());
  }
}
