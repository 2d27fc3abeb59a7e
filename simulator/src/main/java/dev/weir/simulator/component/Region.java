package dev.weir.simulator.component;

import dev.weir.mapper.arch.Latency;
import dev.weir.mapper.arch.LevelName;
import dev.weir.simulator.state.StateWalk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Consecutive words of a buffer with banks. What moves there is spread evenly over them, in whole
 * words, and passes the ports of the banks that they lie in besides those of the whole buffer.
 *
 * @param start words of the buffer in front of it; what is beyond the last bank counts as in it
 * @param words at least 1
 */
record Region(Buffer buffer, long start, long words) implements Memory {

  @Override
  public LevelName name() {
    return buffer.name();
  }

  @Override
  public Optional<Port> readPort() {
    return buffer.readPort();
  }

  @Override
  public Optional<Port> writePort() {
    return buffer.writePort();
  }

  @Override
  public Latency latency() {
    return buffer.latency();
  }

  @Override
  public List<Service.Demand> reads(long moved) {
    return demands(moved, readPort(), PortPair::read);
  }

  @Override
  public List<Service.Demand> writes(long moved) {
    return demands(moved, writePort(), PortPair::write);
  }

  private List<Service.Demand> demands(
      long moved, Optional<Port> whole, Function<PortPair, Optional<Port>> direction) {
    List<Service.Demand> demands = new ArrayList<>();
    List<PortPair> banks = buffer.banks();
    long before = 0;
    for (int bank = bankOf(start); bank <= bankOf(start + words - 1); bank++) {
      boolean isLast = bank == banks.size() - 1;
      long end = isLast ? words : Math.min(words, (bank + 1) * buffer.bankWords() - start);
      long upTo = share(moved, end);
      if (upTo > before) {
        demands.add(
            new Service.Demand(direction.apply(banks.get(bank)).orElseThrow(), upTo - before));
      }
      before = upTo;
    }
    whole.ifPresent(port -> demands.add(new Service.Demand(port, moved)));
    return demands;
  }

  private int bankOf(long word) {
    return (int) Math.min(word / buffer.bankWords(), buffer.banks().size() - 1L);
  }

  /** How many of the words that move lie in the first ones of the region. */
  private long share(long moved, long first) {
    return Math.addExact(
        Math.multiplyExact(moved / words, first), Math.multiplyExact(moved % words, first) / words);
  }

  @Override
  public long peakWords() {
    return buffer.peakWords();
  }

  @Override
  public void hold(long held) {
    buffer.hold(held);
  }

  @Override
  public long busyCycles() {
    return buffer.busyCycles();
  }

  @Override
  public void pass(long cycles) {
    buffer.pass(cycles);
  }

  @Override
  public void walk(StateWalk walk) {
    buffer.walk(walk);
  }
}
