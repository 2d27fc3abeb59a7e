package dev.weir.simulator.component;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.Rational;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A flow is done in the cycle that it names, and not in the one before. */
class FlowTest {

  private static Port port(String level, long numerator, long denominator) {
    return new Port(new LevelName(level), new Rational(numerator, denominator), false);
  }

  private static Flow flow(Flow.Urgency urgency, long leastCycles, Service.Demand... demands) {
    Flow flow = new Flow(urgency);
    flow.restart(Service.of(leastCycles, List.of(demands)));
    return flow;
  }

  /** Alone or beside others, as long as nothing begins or ends. */
  private static void isDoneAfter(long cycles, Flow flow, Flow... beside) {
    List<Flow> all = new ArrayList<>(List.of(beside));
    all.add(flow);
    PortSharing.share(all);
    assertThat(flow.cyclesLeft()).isEqualTo(cycles);
    flow.advance(cycles - 1);
    assertThat(flow.isDone()).isFalse();
    assertThat(flow.cyclesLeft()).isEqualTo(1);
    flow.advance(1);
    assertThat(flow.isDone()).isTrue();
  }

  private final Port dram = port("DRAM", 4, 1);

  @Test
  void atFullRateItTakesItsWorkOrItsWords() {
    isDoneAfter(13, flow(Flow.Urgency.OPERAND, 13));
    isDoneAfter(13, flow(Flow.Urgency.OPERAND, 13, new Service.Demand(dram, 52)));
    isDoneAfter(14, flow(Flow.Urgency.OPERAND, 13, new Service.Demand(dram, 53)));
  }

  @Test
  void atASharedPortItTakesItsWordsAtWhatIsLeft() {
    Flow.Urgency tile = Flow.Urgency.TILE;

    isDoneAfter(20, flow(tile, 0, new Service.Demand(dram, 40)), flow(tile, 0, demand(400)));
    // 41 words take 11 cycles alone and 400 take 100: each is half as fast.
    isDoneAfter(22, flow(tile, 0, new Service.Demand(dram, 41)), flow(tile, 0, demand(400)));
    // Three of them at a third of a rate that no double has.
    isDoneAfter(
        30, flow(tile, 0, demand(40)), flow(tile, 0, demand(40)), flow(tile, 0, demand(40)));
  }

  private Service.Demand demand(long words) {
    return new Service.Demand(dram, words);
  }

  /** Work leaves 100 words in 100 cycles. */
  @Test
  void aTileIsHeldUpByTheFirstWordThatDoesNotFit() {
    Flow work = flow(Flow.Urgency.OPERAND, 100, demand(300));

    isDoneAfter(100, flow(Flow.Urgency.TILE, 100, demand(100)), work);
    isDoneAfter(101, flow(Flow.Urgency.TILE, 100, demand(101)), work);
    isDoneAfter(100, work, flow(Flow.Urgency.TILE, 0, demand(1000)));
  }

  @Test
  void aFlowThatGetsNothingStandsStill() {
    Flow work = flow(Flow.Urgency.OPERAND, 10, demand(40));
    Flow tile = flow(Flow.Urgency.TILE, 0, demand(4));
    PortSharing.share(List.of(work, tile));

    assertThat(tile.cyclesLeft()).isEqualTo(Long.MAX_VALUE);
    tile.advance(1000);
    assertThat(tile.progress()).isZero();
    assertThat(tile.worstPort()).hasValue(dram);
    PortSharing.share(List.of(tile));
    assertThat(tile.cyclesLeft()).isEqualTo(1);
  }

  /** The buffer takes a third of its pace for six cycles, DRAM half of it for six. */
  @Test
  void itBlamesThePortAtWhichItLostMost() {
    Port buffer = port("Buffer", 4, 1);
    Flow flow =
        flow(Flow.Urgency.TILE, 0, new Service.Demand(buffer, 80), new Service.Demand(dram, 80));
    Flow atBuffer = flow(Flow.Urgency.OPERAND, 100, new Service.Demand(buffer, 133));
    Flow atDram = flow(Flow.Urgency.OPERAND, 100, new Service.Demand(dram, 200));

    PortSharing.share(List.of(atBuffer, flow));
    flow.advance(6);
    assertThat(flow.worstPort()).hasValue(buffer);
    PortSharing.share(List.of(atDram, flow));
    flow.advance(3);
    assertThat(flow.worstPort()).hasValue(buffer);
    flow.advance(3);
    assertThat(flow.worstPort()).hasValue(dram);
  }
}
