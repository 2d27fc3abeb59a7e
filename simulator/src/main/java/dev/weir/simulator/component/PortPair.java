package dev.weir.simulator.component;

import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.Rational;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The ports of a memory.
 *
 * @param read where words leave; empty when that never limits
 * @param write where words enter; the same object when both directions share ports
 */
record PortPair(Optional<Port> read, Optional<Port> write) implements Stateful {

  static PortPair of(MemoryLevel level) {
    return of(level, 1);
  }

  /** Those of one bank each; none where words are spread over all banks. */
  static List<PortPair> ofBanks(MemoryLevel level) {
    return level.banks() == 1
        ? List.of()
        : IntStream.range(0, level.banks()).mapToObj(_ -> of(level, level.banks())).toList();
  }

  private static PortPair of(MemoryLevel level, int parts) {
    Optional<Port> read =
        level.bandwidth().map(rate -> port(level, rate.readWordsPerCycle(), parts));
    Optional<Port> write =
        level
            .bandwidth()
            .filter(rate -> !rate.shared())
            .map(rate -> port(level, rate.writeWordsPerCycle(), parts));
    return new PortPair(read, write.isPresent() ? write : read);
  }

  private static Port port(MemoryLevel level, Rational wordsPerCycle, int parts) {
    return new Port(
        level.name(),
        new Rational(
            wordsPerCycle.numerator(), Math.multiplyExact(wordsPerCycle.denominator(), parts)),
        parts > 1);
  }

  @Override
  public void walk(StateWalk walk) {
    read.ifPresent(port -> port.walk(walk));
    if (!write.equals(read)) {
      write.ifPresent(port -> port.walk(walk));
    }
  }

  boolean isInUse() {
    return (read.isPresent() && read.get().isInUse())
        || (write.isPresent() && write.get().isInUse());
  }
}
