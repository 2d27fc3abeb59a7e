package dev.weir.mapper.model.mutants;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.random.ProblemText;
import dev.weir.mapper.schedule.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Problems of forms that no random one has. */
public final class HandMade {

  private HandMade() {}

  /**
   * A partitioned rank without generations: loops over steps that are longer than one, spatial ones
   * among them, tiles of several steps, a size that names the outer part.
   */
  public static Problem partitioned() {
    return ProblemText.read(
        """
        cascade split
        ranks P, M
        partition M = M1 * M0
        inputs A[P,M], B[P]
        empty T = 0, U = 0
        T[m1,p] = A[p,m1*M0+m0] * B[p]
        U[p] = T[m1,p]
        outputs U
        """,
        """
        schedule steps for split
          shape M0 = 3
          keep T at GlobalBuffer
          {
            for m1 by 2 {
              keep A at GlobalBuffer double
              for p by 2 {
                keep A at GlobalBuffer
                spatial m1 by 1 on Array2D.rows multicast B
                for p by 1  for m0 by 2  for m0 by 1  compute T on Array2D
              }
            }
            for p by 1  for m1 by M1  spatial m1 by 1 on Array1D.lanes reduce U  compute U on Array1D
          }
        """,
        ExampleArchitectures.fuseMax(4, 4096),
        "M=11 P=3");
  }

  /** The old generation is read again after a part of the new one is written: both are held. */
  public static Problem comingBack() {
    return ProblemText.read(
        """
        cascade back
        ranks I, P, F
        inputs V[I,F,P]
        empty W = 0, S = 0, O = 0
        S[0,p] = 1
        W[i,p,f] = S[i,p] * V[i,f,p]
        S[i+1,p] = W[i,p,f]
        O[p] = S[I,p]
        outputs O
        """,
        """
        schedule back for back
          keep S at GlobalBuffer
          {
            iterate i {
              keep W at GlobalBuffer
              for f by 1 {
                for p by 1  compute W on Array2D
                for p by 1  compute S on Array2D
              }
            }
            for p by 1  compute O on Array1D
          }
        """,
        ExampleArchitectures.fuseMax(4, 4096),
        "I=2 P=3 F=2");
  }

  /** The last of the long steps of a flowing loop waits for the load of the short one only. */
  public static Problem flowingIntoTail() {
    return ProblemText.read(
        """
        cascade flowing
        ranks P, M
        inputs A[P,M]
        empty T = 0, U = 0
        T[p,m] = A[p,m] * A[p,m]
        U[p] = T[p,m]
        outputs U
        """,
        """
        schedule flowing for flowing
          keep U at GlobalBuffer
          for p by 2 flow
          keep A at GlobalBuffer double
          pipeline m by 1 {
            keep T at GlobalBuffer copies 2
            stage 0  for p by 1  compute T on Array2D
            stage 1  for p by 1  compute U on Array1D
          }
        """,
        limitedBy("DRAM", new Rational(1, 4), ExampleArchitectures.fuseMax(4, 4096)),
        "P=5 M=3");
  }

  /** A machine whose lanes' registers move one word a cycle, and nothing else limits. */
  private static Architecture slowRegisters() {
    return limitedBy("RegisterFile1D", Rational.of(1), ExampleArchitectures.fuseMax(4, 4096));
  }

  private static Architecture limitedBy(
      String limit, Rational wordsPerCycle, Architecture machine) {
    return limitedBy(limit, new Bandwidth(wordsPerCycle, wordsPerCycle, true), machine);
  }

  /** A machine on which one level alone limits. */
  public static Architecture limitedBy(String limit, Bandwidth bandwidth, Architecture machine) {
    List<MemoryLevel> levels =
        machine.levels().stream()
            .map(
                level ->
                    new MemoryLevel(
                        level.name(),
                        level.capacityWords(),
                        level.instanceAxes(),
                        Optional.of(bandwidth).filter(_ -> level.name().text().equals(limit)),
                        1,
                        1))
            .toList();
    return new Architecture(
        machine.name(),
        machine.description(),
        machine.clockHertz(),
        machine.wordBits(),
        levels,
        machine.units().stream().map(HandMade::exponential).toList(),
        machine.links(),
        machine.sources());
  }

  private static ComputeUnit exponential(ComputeUnit unit) {
    Map<OperationKind, OperationCost> costs = new HashMap<>(unit.operations());
    costs.put(OperationKind.EXPONENTIAL, new OperationCost(Rational.of(7), 1));
    return new ComputeUnit(unit.name(), unit.axes(), costs, unit.reads(), unit.writes());
  }

  /**
   * Four lanes take two words each, which their registers write once and read twice: 24 words on
   * four instances take 6 cycles, the load of a tile and two steps only 2 + 2.
   */
  public static Problem bandwidthOfInstances() {
    return ProblemText.read(
        """
        cascade square
        ranks P
        inputs A[P]
        empty T = 0
        T[p] = A[p] * A[p]
        outputs T
        """,
        """
        schedule square for square
          keep A at RegisterFile1D
          for p by 4  spatial p by 1 on Array1D.lanes  compute T on Array1D
        """,
        slowRegisters(),
        "P=8");
  }

  public static final long BANDWIDTH_OF_INSTANCES_CYCLES = 6;

  /**
   * In each of four lanes, which a loop around the phases has chosen, the first phase writes two
   * words of A, reads them twice and writes two of T: 8 cycles, although structure asks for 2 + 2.
   * In the second one two exponentials take 14.
   */
  public static Problem bandwidthOfChosenInstances() {
    return ProblemText.read(
        """
        cascade twice
        ranks P
        inputs A[P]
        empty T = 0, U = 0
        T[p] = A[p] * A[p]
        U[p] = exp(T[p])
        outputs U
        """,
        """
        schedule twice for twice
          spatial p by 2 on Array1D.lanes {
            keep T at RegisterFile1D
            {
              {
                keep A at RegisterFile1D
                for p by 1  compute T on Array1D
              }
              for p by 1  compute U on Array1D
            }
          }
        """,
        slowRegisters(),
        "P=8");
  }

  public static final long BANDWIDTH_OF_CHOSEN_INSTANCES_CYCLES = 22;

  /**
   * Each of four groups copies its two words to local memory, which moves one a cycle, and its two
   * items take one each from there, at the same time: 2 + 2 cycles, and 1 for the product.
   */
  public static Problem servedByItsOwnInstance() {
    return ProblemText.read(
        """
        cascade square
        ranks P
        inputs A[P]
        empty T = 0
        T[p] = A[p] * A[p]
        outputs T
        """,
        """
        schedule square for square
          keep A at Local
          spatial p by 2 on groups.x
          spatial p by 1 on items.x {
            keep A at Private
            compute T on Core
          }
        """,
        limitedBy("Local", Rational.of(1), ExampleArchitectures.openCl(2, 2, 64, 64)),
        "P=8");
  }

  public static final long SERVED_BY_ITS_OWN_INSTANCE_CYCLES = 5;
}
