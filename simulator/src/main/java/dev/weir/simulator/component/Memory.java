package dev.weir.simulator.component;

import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.StallReason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A memory level as a machine part: where words pass and how many fit. */
public sealed interface Memory extends Stateful permits Buffer, Dram {

  LevelName name();

  /** Where words leave; empty when that never limits. */
  Optional<Port> readPort();

  /** Where words enter; the same object as {@link #readPort} when both directions share ports. */
  Optional<Port> writePort();

  /** How long it takes to answer. */
  Latency latency();

  /** From a request to its first word. */
  default Delay readDelay() {
    return new Delay(new StallReason.Latency(name()), latency().readCycles());
  }

  /** From the last word that is written until it can be read. */
  default Delay writeDelay() {
    return new Delay(new StallReason.Latency(name()), latency().writeCycles());
  }

  /** Words that one instance holds at the same time at most. */
  long peakWords();

  /**
   * Takes note that so many words are allocated in the fullest instance.
   *
   * @throws IllegalStateException when they do not fit: the schedule is not legal
   */
  void hold(long words);

  /** Cycles in which a word passed. */
  long busyCycles();

  /** Time passes, in which words may move. */
  void pass(long cycles);

  /** A buffer, or main memory when the level holds everything. */
  static Memory of(MemoryLevel level) {
    PortPair ports = PortPair.of(level);
    return level.capacityWords().isPresent()
        ? new Buffer(level.name(), level.capacityWords().get(), ports, level.latency())
        : new Dram(level.name(), ports, level.latency());
  }

  /** Its ports, each once. */
  default List<Port> ports() {
    return Stream.concat(readPort().stream(), writePort().stream()).distinct().toList();
  }
}
