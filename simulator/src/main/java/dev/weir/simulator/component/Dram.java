package dev.weir.simulator.component;

import dev.weir.mapper.arch.LevelName;
import java.util.Optional;

/** Main memory: holds everything, limited only by its bandwidth. */
public final class Dram implements Memory {

  private final LevelName name;
  private final Optional<Port> readPort;
  private final Optional<Port> writePort;
  private long peakWords;
  private long busyCycles;

  Dram(LevelName name, Optional<Port> readPort, Optional<Port> writePort) {
    this.name = name;
    this.readPort = readPort;
    this.writePort = writePort;
  }

  @Override
  public LevelName name() {
    return name;
  }

  @Override
  public Optional<Port> readPort() {
    return readPort;
  }

  @Override
  public Optional<Port> writePort() {
    return writePort;
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
  public void moveFor(long cycles) {
    busyCycles += cycles;
  }
}
