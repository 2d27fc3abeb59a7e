package dev.weir.mapper.model.mutants;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which problems of a corpus killed mutants of one class. Faults of a class show in the same few
 * problems, so these come first for the next mutant; all others follow.
 */
public final class Killers {

  private final Map<Integer, Integer> kills = new HashMap<>();

  /** Notes that a problem showed a fault; nothing when it is negative. */
  public void add(int problem) {
    if (problem >= 0) {
      kills.merge(problem, 1, Integer::sum);
    }
  }

  /** The numbers of all problems: those that killed most first, then the others as they stand. */
  public List<Integer> order(int problems) {
    return IntStream.range(0, problems)
        .boxed()
        .sorted(Comparator.comparingInt((Integer problem) -> -kills.getOrDefault(problem, 0)))
        .toList();
  }
}
