package dev.weir.mapper.model;

import dev.weir.mapper.arch.LevelName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Time of phases: what must come after what, or the words that levels have to move. */
final class PhaseTime {

  private final Plan plan;
  private final Numbers numbers;
  private final Kinds kinds;
  private final long[][] counts;
  private final long[][] scratch;
  private final long[] read;
  private final long[] written;
  private final long[] bandwidth;

  /** Of each phase in its longest execution. */
  private final long[] longest;

  private final long[] structure;
  private final long[][] byLevel;

  PhaseTime(Plan plan, Numbers numbers, Kinds kinds) {
    this.plan = plan;
    this.numbers = numbers;
    this.kinds = kinds;
    int count = plan.phases().size();
    int levels = plan.architecture().levels().size();
    this.counts = new long[count][plan.outputs().size()];
    this.scratch = new long[count][];
    for (int phase = 0; phase < count; phase++) {
      scratch[phase] = new long[plan.phases().get(phase).formula().scratch()];
    }
    this.read = new long[levels];
    this.written = new long[levels];
    this.bandwidth = new long[levels];
    this.longest = new long[count];
    this.structure = new long[count];
    this.byLevel = new long[count][levels];
  }

  void start() {
    Arrays.fill(longest, -1);
  }

  /**
   * Cycles of a phase.
   *
   * @param inOrder of its body
   */
  long cycles(Work.Phase phase, int kind, long inOrder) {
    int number = phase.number();
    PhasePlan words = plan.phases().get(number);
    words.formula().evaluate(numbers, kinds, kind, counts[number], scratch[number]);
    words.cycles(counts[number], bandwidth, read, written);
    long cycles = inOrder;
    for (long ofLevel : bandwidth) {
      cycles = Math.max(cycles, ofLevel);
    }
    if (cycles > longest[number]) {
      longest[number] = cycles;
      structure[number] = inOrder;
      System.arraycopy(bandwidth, 0, byLevel[number], 0, bandwidth.length);
    }
    return cycles;
  }

  /** Counts of the whole schedule, by output; overwritten by the next evaluation. */
  long[] wholeCounts() {
    return counts[0];
  }

  /** What limits each phase, the whole schedule first. */
  List<Bound> bounds() {
    List<Bound> bounds = new ArrayList<>();
    for (PhasePlan phase : plan.phases()) {
      int number = phase.phase().number();
      SortedMap<LevelName, Long> limits = new TreeMap<>();
      for (int level = 0; level < bandwidth.length; level++) {
        if (plan.architecture().levels().get(level).bandwidth().isPresent()) {
          limits.put(plan.architecture().levels().get(level).name(), byLevel[number][level]);
        }
      }
      if (longest[number] >= 0) {
        bounds.add(new Bound(phase.phase().path(), structure[number], limits));
      }
    }
    return bounds;
  }
}
