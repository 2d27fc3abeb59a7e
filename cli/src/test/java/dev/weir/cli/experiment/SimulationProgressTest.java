package dev.weir.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SimulationProgressTest {

  private final StringWriter said = new StringWriter();
  private long seconds;

  private SimulationProgress progress(long cycles) {
    Progress lines = new Progress(new PrintWriter(said), () -> seconds * 1_000_000_000L);
    return new SimulationProgress(lines::elapsedSeconds, lines::say, cycles);
  }

  @Test
  void saysPercentAndTheTimeThatIsLeft() {
    SimulationProgress progress = progress(1_000_000);

    progress.reached(1);
    assertThat(said.toString()).isEmpty();
    seconds = 10;
    progress.reached(100_000);

    assertThat(said.toString())
        .isEqualTo(
            "[ 10.0 s] simulated 100,000 of at least 1,000,000 cycles, 10.0 %, 10.0 thousand"
                + " cycles/s, about 90 s left\n");
  }

  @Test
  void linesBecomeRarer() {
    SimulationProgress progress = progress(1_000_000_000);
    for (seconds = 0; seconds < 600; seconds++) {
      progress.reached(seconds * 1000);
    }

    assertThat(said.toString().lines().count()).isBetween(8L, 25L);
  }

  @Test
  void howMuchIsLeftBeyondTheBoundNobodyKnows() {
    SimulationProgress progress = progress(100);
    seconds = 5;
    progress.reached(150);

    assertThat(said.toString())
        .endsWith(
            "simulated 150 cycles so far, beyond the cost model's 100 and not at the end yet, 30.0"
                + " cycles/s\n");
  }

  @Test
  void theEndIsSaidWhereLinesWereSaidBefore() {
    SimulationProgress progress = progress(100);
    progress.finished(160);
    assertThat(said.toString()).isEmpty();

    seconds = 5;
    progress.reached(150);
    progress.finished(160);

    assertThat(said.toString()).endsWith("simulated all 160 cycles, to the end\n");
  }

  @Test
  void hopelessRunsAreSeenAsSuch() {
    SimulationProgress progress = progress(1_800_000_000_000L);
    seconds = 3;
    progress.reached(30_000_000);

    assertThat(said.toString()).contains("0.00167 %, 10.0 million cycles/s, about 2 days left");
  }

  @Test
  void ratesAreShort() {
    assertThat(SimulationProgress.rate(7.126)).isEqualTo("7.13");
    assertThat(SimulationProgress.rate(999)).isEqualTo("999");
    assertThat(SimulationProgress.rate(45_678)).isEqualTo("45.7 thousand");
    assertThat(SimulationProgress.rate(12_345_678_901.0)).isEqualTo("12,346 million");
  }
}
