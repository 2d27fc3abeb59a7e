package dev.weir.simulator.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.Rational;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryTest {

  private static Memory memory(Optional<Long> capacityWords, boolean shared) {
    Bandwidth bandwidth = new Bandwidth(Rational.of(4), Rational.of(4), shared);
    return Memory.of(
        new MemoryLevel(
            new LevelName("L"), capacityWords, List.of(), Optional.of(bandwidth), 1, 1));
  }

  @Test
  void aBufferHoldsItsCapacityAndNotAWordMore() {
    Memory buffer = memory(Optional.of(10L), true);

    buffer.hold(10);

    assertThat(buffer.peakWords()).isEqualTo(10);
    assertThatThrownBy(() -> buffer.hold(11))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("L holds 10 words, not 11: schedule is not legal");
  }

  @Test
  void mainMemoryHoldsEverything() {
    Memory dram = memory(Optional.empty(), true);

    dram.hold(Long.MAX_VALUE);

    assertThat(dram.peakWords()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void directionsShareOnePortOrHaveOneEach() {
    assertThat(memory(Optional.empty(), true).ports()).hasSize(1);
    assertThat(memory(Optional.empty(), false).ports()).hasSize(2);
  }

  @Test
  void cyclesCountAsBusyWhileAPortIsInUse() {
    Memory dram = memory(Optional.empty(), false);
    Service service = Service.of(0, List.of(new Service.Demand(dram.readPort().orElseThrow(), 8)));

    dram.pass(5);
    service.begin();
    dram.pass(2);
    service.end();
    dram.pass(1);

    assertThat(dram.busyCycles()).isEqualTo(2);
    assertThat(dram.readPort().orElseThrow().share(8)).isEqualTo(0.25);
  }

  @Test
  void aDirectionOfItsOwnIsBusyByItself() {
    Memory buffer = memory(Optional.of(10L), false);
    Port in = buffer.writePort().orElseThrow();
    Service service = Service.of(0, List.of(new Service.Demand(in, 8)));

    service.begin();
    buffer.pass(2);
    service.end();
    buffer.pass(1);

    assertThat(buffer.busyCycles()).isEqualTo(2);
    assertThat(in.servedWords()).isEqualTo(8);
    assertThat(buffer.readPort().orElseThrow().servedWords()).isZero();
  }
}
