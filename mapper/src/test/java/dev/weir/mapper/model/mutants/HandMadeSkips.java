package dev.weir.mapper.model.mutants;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.random.ProblemText;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loops that skip what has no present point, over longer ranges than those of random problems. */
final class HandMadeSkips {

  private static final List<String> CONDITIONS =
      List.of("k <= m", "k >= m", "m - k <= 2 and k - m < 4", "m%3 == 1 and k <= m", "k == m + 5");

  private static final List<String> TREES =
      List.of(
          """
          for k by 3 skip  for m by 2 skip {
            keep Z at GlobalBuffer
            for m by 1  for k by 1  compute Z on Array2D
          }
          """,
          """
          for m by 4 {
            keep Z at GlobalBuffer
            for k by 6 skip  for k by 3 skip {
              keep A at GlobalBuffer
              spatial m by 1 on Array2D.columns  for k by 1 skip  compute Z on Array2D
            }
          }
          """,
          """
          for m by 1 {
            keep Z at GlobalBuffer
            for k by 4 skip {
              keep Z at GlobalBuffer
              spatial k by 1 on Array2D.rows reduce Z  compute Z on Array2D
            }
          }
          """,
          """
          spatial m by 5 on Array2D.columns multicast B
          spatial k by 6 on Array2D.rows reduce Z
          for k by 2 skip {
            keep B at RegisterFile2D
            for m by 1  for k by 1  compute Z on Array2D
          }
          """,
          """
          for m by 2 skip  for k by 4 skip  for m by 1
          spatial k by 1 on Array2D.rows reduce Z  compute Z on Array2D
          """);

  private HandMadeSkips() {}

  static List<Problem> all() {
    List<Problem> problems = new ArrayList<>();
    for (String condition : CONDITIONS) {
      for (String tree : TREES) {
        problems.add(masked(condition, tree, true));
      }
    }
    problems.addAll(List.of(twoConditions(), partsOfARank(), nothing()));
    return problems;
  }

  /**
   * In which nothing waits for a transfer.
   *
   * @param hidden whether arrays fill in no time
   */
  private static Architecture machine(boolean hidden) {
    Architecture machine = ExampleArchitectures.fuseMax(5, 4096);
    return new Architecture(
        machine.name(),
        machine.description(),
        machine.clockHertz(),
        machine.wordBits(),
        machine.levels().stream()
            .map(
                level ->
                    new MemoryLevel(
                        level.name(),
                        level.capacityWords(),
                        level.instanceAxes(),
                        Optional.empty(),
                        level.readPicojoules(),
                        level.writePicojoules()))
            .toList(),
        machine.units().stream().map(unit -> filling(unit, hidden)).toList(),
        machine.links(),
        machine.sources());
  }

  private static ComputeUnit filling(ComputeUnit unit, boolean hidden) {
    return new ComputeUnit(
        unit.name(),
        unit.axes().stream()
            .map(
                a ->
                    new Axis(
                        a.name(),
                        a.kind(),
                        a.width(),
                        a.instances(),
                        1,
                        hidden ? Axis.Fill.HIDDEN : Axis.Fill.USED))
            .toList(),
        unit.operations(),
        unit.variants(),
        unit.reads(),
        unit.writes());
  }

  private static Problem masked(String condition, String tree, boolean hidden) {
    return ProblemText.read(
        """
        cascade masked
        ranks M, K
        inputs A[M,K], B[K]
        empty Z = 0
        Z[m] = A[m,k] * B[k] | %s
        outputs Z
        """
            .formatted(condition),
        "schedule masked for masked " + tree,
        machine(hidden),
        "M=17 K=19");
  }

  /** Nobody sees at a glance that no point is present; then no axis is filled either. */
  private static Problem nothing() {
    return masked(
        "(m - k)%2 == 1 and (m - k)%2 == 0",
        """
        spatial m by 4 on Array2D.columns
        for k by 5 skip  for m by 1  for k by 1  compute Z on Array2D
        """,
        false);
  }

  /** A tile is visited for the sake of either. */
  private static Problem twoConditions() {
    return ProblemText.read(
        """
        cascade two
        ranks M, K
        inputs A[M,K]
        empty S = 0, Z = 0
        S[m,k] = A[m,k] | k <= m
        Z[m] = S[m,k] * A[m,k] | k >= m + 3
        outputs Z
        """,
        """
        schedule two for two
        for m by 3 {
          keep Z at GlobalBuffer
          for k by 2 skip {
            keep S, A at GlobalBuffer
            for m by 1  for k by 1  compute S on Array2D
            for m by 1  for k by 1  compute Z on Array2D
          }
        }
        """,
        ExampleArchitectures.fuseMax(5, 4096),
        "M=13 K=16");
  }

  /** The last step has fewer coordinates, so not every sum goes on in it. */
  private static Problem partsOfARank() {
    return ProblemText.read(
        """
        cascade parts
        ranks P, M
        partition M = M1 * M0
        inputs A[P,M]
        empty Z = 0
        Z[p,m0] = A[p,m1*M0+m0] | m1*M0+m0 <= p
        outputs Z
        """,
        """
        schedule parts for parts
          shape M0 = 4
          for p by 3
          for m1 by 1 skip
          for m0 by 2 skip {
            keep Z at GlobalBuffer
            for p by 1  for m0 by 1  compute Z on Array2D
          }
        """,
        machine(true),
        "P=14 M=14");
  }
}
