package dev.weir.simulator.component;

import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.count.Counts;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.LevelStatistics;
import dev.weir.simulator.stats.StallReason;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** A memory level as a machine part: where words pass and how many fit. */
public sealed interface Memory extends Stateful permits Buffer, Dram, Region {

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

  /** Whether it matters where in it a word lies. */
  default boolean hasBanks() {
    return false;
  }

  /** What it asks of ports to read so many words. */
  default List<Service.Demand> reads(long words) {
    return readPort().map(port -> new Service.Demand(port, words)).stream().toList();
  }

  /** What it asks of ports to write so many words. */
  default List<Service.Demand> writes(long words) {
    return writePort().map(port -> new Service.Demand(port, words)).stream().toList();
  }

  /**
   * The part of it that a keep takes.
   *
   * @param start words in front of it
   */
  default Memory region(long start, long words) {
    return switch (this) {
      case Buffer buffer when buffer.hasBanks() -> new Region(buffer, start, words);
      case Buffer _, Dram _, Region _ -> this;
    };
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
        ? new Buffer(
            level.name(),
            level.capacityWords().get(),
            ports,
            level.latency(),
            PortPair.ofBanks(level))
        : new Dram(level.name(), ports, level.latency());
  }

  /** After a run of so many cycles that counted these words. */
  default LevelStatistics statistics(Counts counts, long allCycles) {
    OptionalDouble share = OptionalDouble.empty();
    for (Port port : ports()) {
      share = OptionalDouble.of(Math.max(share.orElse(0), port.share(allCycles)));
    }
    return new LevelStatistics(
        counts.words(name(), true), counts.words(name(), false), busyCycles(), share);
  }

  /** Its ports, each once. */
  default List<Port> ports() {
    return Stream.concat(readPort().stream(), writePort().stream()).distinct().toList();
  }
}
