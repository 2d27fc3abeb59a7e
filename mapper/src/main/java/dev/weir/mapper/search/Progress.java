package dev.weir.mapper.search;

import java.util.Optional;

/** Hears how far a search is; called in the thread that searches. */
@FunctionalInterface
public interface Progress {

  /** Of no interest. */
  Progress NONE = (_, _, _) -> {};

  /**
   * Called now and then.
   *
   * @param done points that were evaluated or excluded
   * @param spaceSize points of the space
   * @param best the best so far
   */
  void report(long done, long spaceSize, Optional<Candidate> best);
}
