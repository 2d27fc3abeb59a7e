package dev.weir.mapper.interpret;

import dev.weir.einsum.ir.TensorName;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Elements in whose place a keep has put something else. */
final class Overwritten {

  private record Word(TensorName tensor, long entry, List<Long> at) {}

  private final Set<Word> words = new HashSet<>();

  /**
   * Notes that an element is gone.
   *
   * @param entry of its home; another entry has it again
   */
  void add(TensorName tensor, long entry, long[] at) {
    words.add(word(tensor, entry, at));
  }

  boolean contains(TensorName tensor, long entry, long[] at) {
    return !words.isEmpty() && words.contains(word(tensor, entry, at));
  }

  private static Word word(TensorName tensor, long entry, long[] at) {
    return new Word(tensor, entry, Arrays.stream(at).boxed().toList());
  }
}
