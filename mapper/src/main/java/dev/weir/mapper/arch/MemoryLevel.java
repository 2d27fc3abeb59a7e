package dev.weir.mapper.arch;

import java.util.List;
import java.util.Optional;

/**
 * A level of memory in which a schedule can keep tiles.
 *
 * @param name its name
 * @param capacityWords words that one instance holds; empty for the top level, which holds all
 * @param instanceAxes axes along which there is an instance each; none for a memory that there is
 *     once. The registers of a 2D array name both its axes
 * @param bandwidth of one instance; empty when it never limits (a register file beside its PE)
 * @param readPicojoules energy of reading a word
 * @param writePicojoules energy of writing a word
 * @param squareMillimetres area of one instance; empty when it is not known
 * @param latency how long it takes to answer
 * @param banks banks of an instance that are filled one after another, each with its part of
 *     capacity and bandwidth; 1 when words are spread over all that there are. Only simulators obey
 *     it
 */
public record MemoryLevel(
    LevelName name,
    Optional<Long> capacityWords,
    List<AxisName> instanceAxes,
    Optional<Bandwidth> bandwidth,
    double readPicojoules,
    double writePicojoules,
    Optional<Double> squareMillimetres,
    Latency latency,
    int banks) {

  public MemoryLevel {
    if (banks > 1
        && (bandwidth.isEmpty() || capacityWords.filter(words -> words % banks == 0).isEmpty())) {
      throw new IllegalArgumentException(banks + " banks without a bandwidth and whole words each");
    }
    instanceAxes = List.copyOf(instanceAxes);
  }

  /** A level of unknown area that answers at once. */
  public MemoryLevel(
      LevelName name,
      Optional<Long> capacityWords,
      List<AxisName> instanceAxes,
      Optional<Bandwidth> bandwidth,
      double readPicojoules,
      double writePicojoules) {
    this(
        name,
        capacityWords,
        instanceAxes,
        bandwidth,
        readPicojoules,
        writePicojoules,
        Optional.empty(),
        Latency.NONE,
        1);
  }

  /** The same level with another latency. */
  public MemoryLevel withLatency(Latency other) {
    return new MemoryLevel(
        name,
        capacityWords,
        instanceAxes,
        bandwidth,
        readPicojoules,
        writePicojoules,
        squareMillimetres,
        other,
        banks);
  }

  /** The same level with so many banks that are filled one after another. */
  public MemoryLevel withBanks(int count) {
    return new MemoryLevel(
        name,
        capacityWords,
        instanceAxes,
        bandwidth,
        readPicojoules,
        writePicojoules,
        squareMillimetres,
        latency,
        count);
  }
}
