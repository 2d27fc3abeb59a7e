package dev.weir.simulator.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotTest {

  /** A process in a loop of so many steps and a loop inside it, with a count and a cycle. */
  private static final class Walker implements Stateful {
    private final long steps;
    private long outer;
    private long inner;
    private long count;
    private long startedAt;
    private long fixed;

    Walker(long steps) {
      this.steps = steps;
    }

    Walker at(long newOuter, long newInner) {
      outer = newOuter;
      inner = newInner;
      return this;
    }

    @Override
    public void walk(StateWalk walk) {
      walk.same(fixed);
      walk.same(List.of(fixed));
      count = walk.total(count);
      startedAt = walk.moment(startedAt);
      outer = walk.position(0, outer, steps - 2);
      inner = walk.position(1, inner, steps - 2);
    }
  }

  private static Snapshot snapshot(long cycle, Walker... processes) {
    Snapshot snapshot = new Snapshot();
    snapshot.take(cycle, List.of(processes));
    return snapshot.copy();
  }

  private final Walker process = new Walker(100);

  @Test
  void aLoopRepeatsUntilItsLastStep() {
    Snapshot earlier = snapshot(0, process.at(1, 7));

    // Step 99 is the last: 4 + 31 × 3 = 97 is the last one from which 3 steps stay before it.
    assertThat(snapshot(0, process.at(4, 7)).periodsAhead(earlier)).isEqualTo(31);
    assertThat(snapshot(0, process.at(98, 7)).periodsAhead(earlier)).isZero();
    assertThat(snapshot(0, process.at(99, 7)).periodsAhead(earlier)).isZero();
  }

  @Test
  void aLoopInsideRepeatsToo() {
    Snapshot earlier = snapshot(0, process.at(0, 7));

    assertThat(snapshot(0, process.at(0, 8)).periodsAhead(earlier)).isEqualTo(90);
  }

  @Test
  void theFirstStepIsNotLikeTheOthers() {
    Snapshot earlier = snapshot(0, process.at(0, 7));

    assertThat(snapshot(0, process.at(1, 7)).periodsAhead(earlier)).isZero();
  }

  @Test
  void aProcessMovesInOneLoopOnly() {
    Snapshot earlier = snapshot(0, process.at(1, 7));

    assertThat(snapshot(0, process.at(2, 8)).periodsAhead(earlier)).isZero();
    assertThat(snapshot(0, process.at(2, 6)).periodsAhead(earlier)).isZero();
    assertThat(snapshot(0, process.at(1, 7)).periodsAhead(earlier)).isZero();
  }

  @Test
  void theProcessThatComesToItsLastStepFirstDecides() {
    Walker other = new Walker(10);
    Snapshot earlier = snapshot(0, process.at(1, 0), other.at(2, 2));
    Snapshot later = snapshot(0, process.at(2, 0), other.at(2, 4));

    assertThat(later.periodsAhead(earlier)).isEqualTo(2);
  }

  @Test
  void whatMustBeTheSameDecides() {
    Snapshot earlier = snapshot(0, process.at(1, 0));
    process.fixed = 1;

    assertThat(snapshot(0, process.at(2, 0)).periodsAhead(earlier)).isZero();
  }

  @Test
  void aMomentIsAsLongAgo() {
    process.startedAt = 5;
    Snapshot earlier = snapshot(8, process.at(1, 0));
    process.startedAt = 25;

    assertThat(snapshot(28, process.at(2, 0)).periodsAhead(earlier)).isPositive();
    assertThat(snapshot(29, process.at(2, 0)).periodsAhead(earlier)).isZero();
  }

  @Test
  void anAdvanceAddsPeriods() {
    process.startedAt = 5;
    process.count = 1_000;
    Snapshot earlier = snapshot(8, process.at(1, 3));
    process.startedAt = 25;
    process.count = 1_007;
    Snapshot later = snapshot(28, process.at(3, 3));

    Advance advance = new Advance(earlier, later, 40);
    process.walk(advance);

    assertThat(advance.cycles()).isEqualTo(40 * 20);
    assertThat(process.count).isEqualTo(1_007 + 40 * 7);
    assertThat(process.startedAt).isEqualTo(25 + 40 * 20);
    assertThat(process.outer).isEqualTo(3 + 40 * 2);
    assertThat(process.inner).isEqualTo(3);
  }

  @Test
  void whatIsOnlyToldMovesOnIfItLiesInThePeriod() {
    Snapshot earlier = snapshot(100, process.at(1, 7));
    Advance advance = new Advance(earlier, snapshot(110, process.at(2, 7)), 5);

    assertThat(advance.since(100)).isEqualTo(100);
    assertThat(advance.since(101)).isEqualTo(151);
    assertThat(earlier.since(99)).isEqualTo(99);
  }
}
