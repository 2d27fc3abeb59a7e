package dev.weir.simulator.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecurrenceTest {

  private static final long STEPS = 1_000_000_000;

  private int looks;

  /** The step at which a state is found to have come again, and how many steps ago it was. */
  private record Found(long step, long stepsAgo) {}

  private Optional<Found> found(long steps, LongUnaryOperator state) {
    Recurrence recurrence = new Recurrence();
    Snapshot present = new Snapshot();
    for (long step = 1; step < steps; step++) {
      if (recurrence.isWorthALook()) {
        looks++;
        long at = step;
        Stateful part =
            walk -> {
              walk.same(state.applyAsLong(at));
              walk.position(0, at, STEPS);
            };
        present.take(step, List.of(part));
        Optional<Snapshot> seen = recurrence.lastSeen(present);
        if (seen.isPresent()) {
          return Optional.of(new Found(step, step - seen.get().cycle()));
        }
      }
    }
    return Optional.empty();
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 3", "7, 8", "15, 16"})
  void shortPeriodsAreFoundAtOnce(long period, long expectedStep) {
    assertThat(found(STEPS, step -> step % period)).hasValue(new Found(expectedStep, period));
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "3, 5000", "16, 77", "17, 0", "100, 3", "101, 0", "997, 20000"})
  void everyPeriodIsFoundSomeTimeAfterTheRunHasSettled(long period, long settled) {
    Optional<Found> found = found(STEPS, step -> step < settled ? -step : step % period);

    assertThat(found).isPresent();
    assertThat(found.get().step()).isLessThan(8 * Math.max(settled, period * Math.max(period, 16)));
    assertThat(found.get().stepsAgo() % period).isZero();
  }

  @Test
  void looksGrowWithTheSquareRootOfTheSteps() {
    assertThat(found(10_000, step -> step)).isEmpty();
    int fewSteps = looks;
    looks = 0;
    assertThat(found(1_000_000, step -> step)).isEmpty();

    assertThat(looks).isLessThan(10 * fewSteps);
    assertThat(fewSteps).isLessThan(1_000);
  }
}
