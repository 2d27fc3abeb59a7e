package dev.weir.simulator.stats;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import java.util.List;

/**
 * What ran when, for a picture or a trace.
 *
 * @param segments in order of their start; on every lane the first ones only
 */
public record Timeline(List<Segment> segments) {

  /** Where something runs. */
  public sealed interface Lane {

    /** A compute unit. */
    record Unit(UnitName name) implements Lane {}

    /** The ports of a memory level, on the side that a tile comes to or leaves. */
    record Level(LevelName name) implements Lane {}
  }

  /** What runs. */
  public enum Activity {
    COMPUTE,
    LOAD,
    STORE,
    /** Generation 0 is written. */
    INITIALISE
  }

  /**
   * One activity.
   *
   * @param lane where
   * @param tensors the Einsum that computes (several when they are interleaved), or the tensors
   *     that move
   * @param activity what
   * @param startCycle first cycle
   * @param endCycle the cycle after the last
   */
  public record Segment(
      Lane lane, List<TensorName> tensors, Activity activity, long startCycle, long endCycle) {
    public Segment {
      tensors = List.copyOf(tensors);
    }
  }

  public Timeline {
    segments = List.copyOf(segments);
  }
}
