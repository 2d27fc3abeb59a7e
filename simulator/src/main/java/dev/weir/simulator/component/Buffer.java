package dev.weir.simulator.component;

import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.arch.LevelName;
import dev.weir.simulator.state.StateWalk;
import java.util.List;
import java.util.Optional;

/** On-chip memory of a fixed size. All its instances do alike; this is the fullest and busiest. */
public final class Buffer implements Memory {

  private final LevelName name;
  private final long capacityWords;
  private final PortPair ports;
  private final Latency latency;
  private final List<PortPair> banks;
  private long peakWords;
  private long busyCycles;

  Buffer(
      LevelName name, long capacityWords, PortPair ports, Latency latency, List<PortPair> banks) {
    this.name = name;
    this.capacityWords = capacityWords;
    this.ports = ports;
    this.latency = latency;
    this.banks = List.copyOf(banks);
  }

  @Override
  public LevelName name() {
    return name;
  }

  @Override
  public boolean hasBanks() {
    return !banks.isEmpty();
  }

  List<PortPair> banks() {
    return banks;
  }

  /** Words of each bank. */
  long bankWords() {
    return capacityWords / banks.size();
  }

  @Override
  public Optional<Port> readPort() {
    return ports.read();
  }

  @Override
  public Optional<Port> writePort() {
    return ports.write();
  }

  @Override
  public Latency latency() {
    return latency;
  }

  @Override
  public long peakWords() {
    return peakWords;
  }

  @Override
  public void hold(long words) {
    if (words > capacityWords) {
      throw new IllegalStateException(
          name + " holds " + capacityWords + " words, not " + words + ": schedule is not legal");
    }
    peakWords = Math.max(peakWords, words);
  }

  @Override
  public long busyCycles() {
    return busyCycles;
  }

  @Override
  public void pass(long cycles) {
    if (ports.isInUse()) {
      busyCycles += cycles;
    }
  }

  @Override
  public void walk(StateWalk walk) {
    busyCycles = walk.total(busyCycles);
    ports.walk(walk);
    for (int i = 0; i < banks.size(); i++) {
      banks.get(i).walk(walk);
    }
  }
}
