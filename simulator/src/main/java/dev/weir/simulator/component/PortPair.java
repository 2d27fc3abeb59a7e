package dev.weir.simulator.component;

import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import java.util.Optional;

/**
 * The ports of a memory.
 *
 * @param read where words leave; empty when that never limits
 * @param write where words enter; the same object when both directions share ports
 */
record PortPair(Optional<Port> read, Optional<Port> write) implements Stateful {

  static PortPair of(MemoryLevel level) {
    Optional<Port> read =
        level.bandwidth().map(rate -> new Port(level.name(), rate.readWordsPerCycle()));
    Optional<Port> write =
        level
            .bandwidth()
            .filter(rate -> !rate.shared())
            .map(rate -> new Port(level.name(), rate.writeWordsPerCycle()));
    return new PortPair(read, write.isPresent() ? write : read);
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
