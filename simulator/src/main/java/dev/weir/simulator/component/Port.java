package dev.weir.simulator.component;

import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.Rational;
import dev.weir.simulator.state.StateWalk;
import dev.weir.simulator.state.Stateful;
import dev.weir.simulator.stats.StallReason;

/**
 * The ports through which one instance of a memory level reads, writes, or both. It serves words at
 * an exact rate; who may use how much of it at a time is decided by {@link PortSharing}.
 */
public final class Port implements Stateful {

  private final LevelName level;
  private final Rational wordsPerCycle;
  private final boolean isBank;
  private final double capacity;
  private long servedWords;
  private int users;

  // Scratch of PortSharing: kept here because it is indexed by port in the innermost loop.
  double wanted;
  double left;

  /**
   * Ports.
   *
   * @param isBank whether they are those of one bank, beside others
   */
  Port(LevelName level, Rational wordsPerCycle, boolean isBank) {
    this.level = level;
    this.isBank = isBank;
    this.wordsPerCycle = wordsPerCycle;
    this.capacity = wordsPerCycle.toDouble();
  }

  public LevelName level() {
    return level;
  }

  /**
   * Whether it is that of a bank: then it does not say how long anything takes at least, but may
   * slow it down.
   */
  public boolean isBank() {
    return isBank;
  }

  /** Why a unit waits whose words it holds back. */
  public StallReason reason() {
    return isBank ? new StallReason.BankConflict(level) : new StallReason.Bandwidth(level);
  }

  /** Words per cycle. */
  public double capacity() {
    return capacity;
  }

  /** ⌈words ÷ rate⌉: cycles that these words take when nothing else uses the port. */
  public long cycles(long words) {
    if (words == 0) {
      return 0;
    }
    long scaled = Math.multiplyHigh(words, wordsPerCycle.denominator());
    return scaled == 0
        ? Math.ceilDiv(words * wordsPerCycle.denominator(), wordsPerCycle.numerator())
        : wordsPerCycle.ceilingOfQuotient(words);
  }

  /** A flow begins to use it. */
  void beginUse() {
    users++;
  }

  /** A flow that used it is through with its words. */
  void endUse(long words) {
    users--;
    servedWords += words;
  }

  boolean isInUse() {
    return users > 0;
  }

  /** Words of all flows that are through. */
  public long servedWords() {
    return servedWords;
  }

  @Override
  public void walk(StateWalk walk) {
    walk.same(users);
    servedWords = walk.total(servedWords);
  }

  /** Words that passed ÷ words that could have passed. */
  public double share(long cycles) {
    return cycles == 0 ? 0 : servedWords / (capacity * cycles);
  }
}
