package dev.weir.opencl.runtime;

import java.util.List;
import java.util.function.Function;

/** What became of something that a device was asked to do. */
public sealed interface Answer<T> {

  /** It was done. */
  record Given<T>(T value) implements Answer<T> {}

  /**
   * It was not: the device refuses the program, its driver reported an error or crashed, or it took
   * too long and was stopped. The next program meets a process that none of this has touched.
   *
   * @param reason what is wrong
   * @param log lines of the compiler's log, those that name a line of the source followed by it
   */
  record Failed<T>(String reason, List<String> log) implements Answer<T> {
    public Failed {
      log = List.copyOf(log);
    }
  }

  /** Goes on with what was given. */
  default <R> Answer<R> then(Function<T, Answer<R>> next) {
    return switch (this) {
      case Given<T> given -> next.apply(given.value());
      case Failed<T> failed -> new Failed<>(failed.reason(), failed.log());
    };
  }
}
