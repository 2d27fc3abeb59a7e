package dev.weir.simulator.engine;

import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.model.mutants.HandMade;
import dev.weir.mapper.random.ProblemText;
import dev.weir.mapper.schedule.Problem;

/** A first generation whose words pass when all work is done: only the buffer's port limits. */
public final class Generation0 {

  private Generation0() {}

  /** Eight points of S, then eight of O, with two words each through a port of one a cycle. */
  public static Problem problem() {
    Rational one = Rational.of(1);
    return ProblemText.read(
        """
        cascade products
        ranks I, P
        inputs V[I,P]
        empty S = 0, O = 0
        S[0,p] = 1
        S[i+1,p] = S[i,p] * V[i,p]
        O[p] = S[I,p] * S[I,p]
        outputs O
        """,
        """
        schedule products for products
          keep S at GlobalBuffer
          {
            iterate i  for p by 1  compute S on Array2D
            for p by 1  compute O on Array1D
          }
        """,
        HandMade.limitedBy(
            "GlobalBuffer", new Bandwidth(one, one, true), ExampleArchitectures.fuseMax(4, 4096)),
        "I=1 P=8");
  }
}
