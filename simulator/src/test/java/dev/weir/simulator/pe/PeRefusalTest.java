package dev.weir.simulator.pe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Legal problems that the engine does not run, and what it says. */
class PeRefusalTest {

  private static Problem legal(String cascade, String schedule, String shapes) {
    Problem problem =
        Problem.of(
            Examples.cascadeFrom(cascade),
            Examples.schedule(schedule).schedule(),
            ExampleArchitectures.fuseMax(4, 1 << 20),
            Examples.shapes(shapes));
    assertThat(Legality.judge(problem).isLegal()).isTrue();
    return problem;
  }

  private static final String SUMS =
      """
      cascade sums
        ranks P, M
        inputs A[P,M]
        X[p] = A[p,m]
        outputs X
      """;

  @Test
  void refusesElementsThatGoOnByThemselves() {
    Problem hidden =
        legal(
            SUMS,
            "schedule s for sums  for p by 1  spatial m by 1 on Array1D.lanes reduce X  compute X"
                + " on Array1D",
            "P=3 M=4");

    assertThat(PeSimulator.refusal(hidden)).isEmpty();
    assertThat(PeSimulator.refusal(with(hidden, Axis.Fill.WHOLE))).isEmpty();
    assertThat(PeSimulator.refusal(with(hidden, Axis.Fill.SKEWED)))
        .hasValue("elements of Array2D.rows that are skewed");
  }

  private static Problem with(Problem problem, Axis.Fill fill) {
    Architecture given = problem.architecture();
    List<ComputeUnit> units =
        given.units().stream()
            .map(
                unit ->
                    new ComputeUnit(
                        unit.name(),
                        unit.axes().stream()
                            .map(a -> new Axis(a.name(), a.kind(), a.width(), a.width(), 1, fill))
                            .toList(),
                        unit.operations(),
                        unit.variants(),
                        unit.reads(),
                        unit.writes()))
            .toList();
    return new Problem(
        problem.cascade(),
        problem.schedule(),
        new Architecture(
            given.name(),
            given.description(),
            given.clockHertz(),
            given.wordBits(),
            given.levels(),
            units,
            given.links(),
            given.sources()),
        problem.shapes());
  }

  @Test
  void refusesWordsThatWavesShareWherePointsMayBeAbsent() {
    Problem problem =
        legal(
            """
            cascade masked
              ranks P, M
              inputs A[P], B[M]
              X[p,m] = A[p] * B[m] | m <= p
              outputs X
            """,
            """
            schedule s for masked
              for m by 1  spatial p by 1 on Array1D.lanes multicast B  compute X on Array1D
            """,
            "P=4 M=4");

    assertThat(PeSimulator.refusal(problem)).isEmpty();
    assertThat(PeSimulator.refusal(MachineVariants.WAVES.of(problem)))
        .hasValue("words that waves share where points may be absent");
  }
}
