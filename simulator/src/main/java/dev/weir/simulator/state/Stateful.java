package dev.weir.simulator.state;

/** A part of a run whose state changes while it runs. */
public interface Stateful {

  /**
   * Names everything that the part's future depends on and everything that it counts, always in the
   * same order, and takes back what the walk answers. What is no longer or not yet read is left
   * out.
   */
  void walk(StateWalk walk);
}
