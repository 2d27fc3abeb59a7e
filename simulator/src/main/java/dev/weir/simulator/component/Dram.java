package dev.weir.simulator.component;

import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.arch.LevelName;
import dev.weir.simulator.state.StateWalk;
import java.util.Optional;

/** Main memory: holds everything, limited only by its bandwidth. */
public final class Dram implements Memory {

  private final LevelName name;
  private final PortPair ports;
  private final Latency latency;
  private long peakWords;
  private long busyCycles;

  Dram(LevelName name, PortPair ports, Latency latency) {
    this.name = name;
    this.ports = ports;
    this.latency = latency;
  }

  @Override
  public LevelName name() {
    return name;
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
  }
}
