package dev.weir.simulator.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PortSharingTest {

  private final Port port = port(4, 1);

  private static Port port(long numerator, long denominator) {
    return new Port(new LevelName("L"), new Rational(numerator, denominator), false);
  }

  private static Flow flow(Flow.Urgency urgency, long leastCycles, Port port, long words) {
    Flow flow = new Flow(urgency);
    flow.restart(Service.of(leastCycles, List.of(new Service.Demand(port, words))));
    return flow;
  }

  /** Runs flows that all begin together; the cycle in which each is done. */
  private static List<Long> run(List<Flow> flows) {
    List<Long> ends = new ArrayList<>();
    flows.forEach(_ -> ends.add(-1L));
    List<Flow> active = new ArrayList<>(flows);
    long now = 0;
    while (!active.isEmpty()) {
      PortSharing.share(active);
      long step = active.stream().mapToLong(Flow::cyclesLeft).min().orElseThrow();
      now += step;
      for (Flow flow : List.copyOf(active)) {
        flow.advance(step);
        if (flow.isDone()) {
          ends.set(flows.indexOf(flow), now);
          active.remove(flow);
        }
      }
    }
    return ends;
  }

  @Test
  void aFlowAloneTakesItsWordsOverTheRateRoundedUp() {
    assertThat(run(List.of(flow(Flow.Urgency.TILE, 0, port, 40)))).containsExactly(10L);
    assertThat(run(List.of(flow(Flow.Urgency.TILE, 0, port, 41)))).containsExactly(11L);
    assertThat(run(List.of(flow(Flow.Urgency.TILE, 0, port(10000, 47), 10000))))
        .containsExactly(47L);
    assertThat(run(List.of(flow(Flow.Urgency.TILE, 0, port(10000, 47), 10001))))
        .containsExactly(48L);
  }

  @Test
  void aFlowIsNotDoneACycleEarly() {
    Flow flow = flow(Flow.Urgency.TILE, 0, port, 40);
    PortSharing.share(List.of(flow));

    flow.advance(9);
    assertThat(flow.isDone()).isFalse();
    flow.advance(1);
    assertThat(flow.isDone()).isTrue();
  }

  @Test
  void equalFlowsShareEqually() {
    List<Flow> three =
        List.of(
            flow(Flow.Urgency.TILE, 0, port, 40),
            flow(Flow.Urgency.TILE, 0, port, 40),
            flow(Flow.Urgency.TILE, 0, port, 40));

    assertThat(run(three)).containsExactly(30L, 30L, 30L);
  }

  @Test
  void theRestOfALongFlowGoesOnAtFullRate() {
    // Until cycle 20 both move 2 words a cycle; then 80 words are left at 4 a cycle.
    List<Flow> two =
        List.of(flow(Flow.Urgency.TILE, 0, port, 40), flow(Flow.Urgency.TILE, 0, port, 120));

    assertThat(run(two)).containsExactly(20L, 40L);
  }

  @Test
  void operandsAreNotHeldUpByTiles() {
    // The work moves 3 words a cycle for 20 cycles; the tile gets the fourth: 20 + (40 - 20) / 4.
    List<Flow> both =
        List.of(flow(Flow.Urgency.OPERAND, 20, port, 60), flow(Flow.Urgency.TILE, 0, port, 40));

    assertThat(run(both)).containsExactly(20L, 25L);
  }

  @Test
  void aFlowThatFitsIsNotSlowedByOthersThatFit() {
    List<Flow> both =
        List.of(flow(Flow.Urgency.OPERAND, 20, port, 30), flow(Flow.Urgency.OPERAND, 10, port, 25));

    assertThat(run(both)).containsExactly(20L, 10L);
  }

  @Test
  void whatAFullPortCannotTakeIsLeftToOthersElsewhere() {
    Port other = port(4, 1);
    Flow here = flow(Flow.Urgency.TILE, 0, port, 40);
    Flow there = flow(Flow.Urgency.TILE, 0, other, 40);
    Flow across = new Flow(Flow.Urgency.TILE);
    across.restart(
        Service.of(0, List.of(new Service.Demand(port, 40), new Service.Demand(other, 20))));

    PortSharing.share(List.of(here, there, across));

    // The first port halves what crosses it; the second then has 3 of 4 words for its own flow.
    assertThat(here.rate).isCloseTo(0.5, within(1e-9));
    assertThat(across.rate).isCloseTo(0.5, within(1e-9));
    assertThat(there.rate).isCloseTo(0.75, within(1e-9));
  }

  @Test
  void noPortIsEverOverloadedAndNoCapacityIsWithheld() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      List<Port> ports = List.of(port(3, 1), port(7, 2), port(10, 1));
      List<Flow> flows = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        List<Service.Demand> demands = new ArrayList<>();
        for (Port each : ports) {
          if (random.nextBoolean()) {
            demands.add(new Service.Demand(each, 1 + random.nextInt(50)));
          }
        }
        Flow flow = new Flow(random.nextBoolean() ? Flow.Urgency.OPERAND : Flow.Urgency.TILE);
        flow.restart(Service.of(1 + random.nextInt(10), demands));
        flows.add(flow);
      }

      PortSharing.share(flows);

      for (Port each : ports) {
        assertThat(load(flows, each))
            .as("seed " + seed)
            .isLessThanOrEqualTo(each.capacity() + 1e-9);
      }
      for (Flow flow : flows) {
        boolean isLimited = false;
        for (int p = 0; p < flow.portCount(); p++) {
          isLimited |= load(flows, flow.port(p)) > flow.port(p).capacity() - 1e-9;
        }
        assertThat(flow.rate == 1 || isLimited).as("seed " + seed).isTrue();
      }
    }
  }

  private static double load(List<Flow> flows, Port port) {
    double load = 0;
    for (Flow flow : flows) {
      for (int p = 0; p < flow.portCount(); p++) {
        load += flow.port(p) == port ? flow.rate * flow.wordsPerCycle(p) : 0;
      }
    }
    return load;
  }
}
