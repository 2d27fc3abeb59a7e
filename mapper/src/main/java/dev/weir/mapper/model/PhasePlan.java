package dev.weir.mapper.model;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.MemoryLevel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The words that a phase moves at the levels that can limit it. Which points are absent in a phase
 * inside loops, and how much of a window lies in its tensor, depends on where it is, so that the
 * operands of Einsums with a condition and what is read through maps do not limit it; they limit
 * the phase around the loops.
 */
final class PhasePlan {

  private final Work.Phase phase;
  private final List<MemoryLevel> levels;
  private final long[] instances;
  private final Formula formula;

  /** Level by output; -1 for operations and levels that never limit. */
  private final int[] levelOf;

  private final boolean[] isRead;

  PhasePlan(
      Work.Phase phase,
      Architecture architecture,
      RankTable ranks,
      List<Output> outputs,
      List<List<Term>> termsBySite) {
    this.phase = phase;
    this.levels = architecture.levels();
    this.instances =
        levels.stream().mapToLong(level -> instances(phase, level, architecture)).toArray();
    this.levelOf = new int[outputs.size()];
    this.isRead = new boolean[outputs.size()];
    for (int output = 0; output < levelOf.length; output++) {
      levelOf[output] = -1;
      if (outputs.get(output) instanceof Output.Words(var traffic)) {
        MemoryLevel level = architecture.level(traffic.level()).orElseThrow();
        levelOf[output] = level.bandwidth().isPresent() ? levels.indexOf(level) : -1;
        isRead[output] = traffic.movement().isRead();
      }
    }
    boolean isWhole = phase.number() == 0;
    List<Term> terms =
        termsBySite.subList(phase.fromSite(), phase.toSite()).stream()
            .flatMap(List::stream)
            .filter(term -> isWhole || levelOf[term.output()] >= 0)
            .filter(term -> phase.scope().depth() == 0 || term.isAlikeEverywhere())
            .toList();
    this.formula = new Formula(terms, phase.scope().depth(), ranks);
  }

  Work.Phase phase() {
    return phase;
  }

  /** Counts of the phase; of the whole schedule all of them, else of levels that can limit. */
  Formula formula() {
    return formula;
  }

  /**
   * Least cycles in which each level can move words, evenly spread over its instances.
   *
   * @param counts by output
   * @param cycles filled by level; 0 where a level never limits
   * @param read overwritten, by level
   * @param written overwritten, by level
   */
  void cycles(long[] counts, long[] cycles, long[] read, long[] written) {
    Arrays.fill(read, 0);
    Arrays.fill(written, 0);
    for (int output = 0; output < levelOf.length; output++) {
      int level = levelOf[output];
      if (level >= 0) {
        long[] words = isRead[output] ? read : written;
        words[level] = Math.addExact(words[level], counts[output]);
      }
    }
    for (int level = 0; level < cycles.length; level++) {
      Optional<Bandwidth> bandwidth = levels.get(level).bandwidth();
      cycles[level] =
          bandwidth.isEmpty()
              ? 0
              : Math.ceilDiv(bandwidth.get().cycles(read[level], written[level]), instances[level]);
    }
  }

  /**
   * The same as an expression, of the level that needs the most.
   *
   * @param counts by output
   */
  int cycles(int[] counts, Symbols symbols) {
    int most = symbols.constant(0);
    for (int level = 0; level < levels.size(); level++) {
      int read = symbols.constant(0);
      int written = symbols.constant(0);
      for (int output = 0; output < levelOf.length; output++) {
        if (levelOf[output] == level && isRead[output]) {
          read = symbols.expressions.plus(read, counts[output]);
        } else if (levelOf[output] == level) {
          written = symbols.expressions.plus(written, counts[output]);
        }
      }
      int cycles = symbols.cycles(read, written, levels.get(level).bandwidth());
      int each = symbols.expressions.ceiling(cycles, symbols.constant(instances[level]));
      most = symbols.expressions.most(most, each);
    }
    return most;
  }

  /** Instances of a level that a phase can use: not those that a loop around it has chosen. */
  private static long instances(Work.Phase phase, MemoryLevel level, Architecture architecture) {
    long instances = 1;
    if (level.bandwidth().isEmpty()) {
      return instances;
    }
    for (AxisName axis : level.instanceAxes()) {
      boolean chosen =
          phase.scope().loops().stream()
              .flatMap(loop -> loop.axis().stream())
              .anyMatch(used -> stands(used.name(), axis, architecture));
      if (!chosen) {
        long along = architecture.axis(axis).map(Axis::instances).orElse(1L);
        instances = Math.multiplyExact(instances, along);
      }
    }
    return instances;
  }

  private static boolean stands(AxisName used, AxisName axis, Architecture architecture) {
    return used.equals(axis) || architecture.links().contains(new Architecture.Link(used, axis));
  }
}
