package dev.weir.mapper.model;

import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.schedule.Problem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The least cycles in which a machine does so many operations and moves so many words, whatever
 * their order: all instances of every unit and level work all the time.
 *
 * @param unitCycles Σ operations × initiation interval ÷ instances
 * @param levelCycles words ÷ bandwidth of all instances; levels that never limit are missing
 */
public record Roofline(Map<UnitName, Long> unitCycles, Map<LevelName, Long> levelCycles) {

  public Roofline {
    unitCycles = Collections.unmodifiableMap(new LinkedHashMap<>(unitCycles));
    levelCycles = Collections.unmodifiableMap(new LinkedHashMap<>(levelCycles));
  }

  /** Of what was counted, each operation done in the unit's own way. */
  public static Roofline of(Architecture architecture, Counts counts) {
    return of(architecture, counts, work -> architecture.unit(work.unit()).orElseThrow());
  }

  /** Of what was counted in a run of a problem, with the variants that its schedule chooses. */
  public static Roofline of(Problem problem, Counts counts) {
    return of(problem.architecture(), counts, work -> problem.unitOf(work.einsum()).orElseThrow());
  }

  private static Roofline of(
      Architecture architecture, Counts counts, Function<Counts.Work, ComputeUnit> doing) {
    Map<UnitName, Long> units = new LinkedHashMap<>();
    for (ComputeUnit unit : architecture.units()) {
      long busy = busyCycles(unit.name(), counts, doing);
      units.put(unit.name(), Math.ceilDiv(busy, (long) unit.instances()));
    }
    Map<LevelName, Long> levels = new LinkedHashMap<>();
    for (MemoryLevel level : architecture.levels()) {
      level
          .bandwidth()
          .ifPresent(
              bandwidth -> {
                long cycles = movingCycles(level.name(), bandwidth, counts);
                levels.put(
                    level.name(), Math.ceilDiv(cycles, (long) architecture.instances(level)));
              });
    }
    return new Roofline(units, levels);
  }

  /** Of a single instance. */
  private static long busyCycles(
      UnitName unit, Counts counts, Function<Counts.Work, ComputeUnit> doing) {
    Rational busy = Rational.ZERO;
    for (Map.Entry<Counts.Work, Long> work : counts.operations().entrySet()) {
      if (work.getKey().unit().equals(unit)) {
        Rational interval =
            doing
                .apply(work.getKey())
                .operations()
                .get(work.getKey().kind())
                .initiationIntervalCycles();
        busy = busy.plus(interval.times(work.getValue()));
      }
    }
    return busy.ceiling();
  }

  private static long movingCycles(LevelName level, Bandwidth bandwidth, Counts counts) {
    return bandwidth.cycles(counts.words(level, true), counts.words(level, false));
  }

  /** The largest of all. */
  public long cycles() {
    return Stream.concat(unitCycles.values().stream(), levelCycles.values().stream())
        .reduce(0L, Math::max);
  }

  /** The level whose words take these; empty where operations do. */
  public Optional<LevelName> limitingLevel() {
    long operating = unitCycles.values().stream().reduce(0L, Math::max);
    return levelCycles.entrySet().stream()
        .filter(level -> level.getValue() > operating)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey);
  }

  /** The unit that the operations keep busy longest. */
  public UnitName busiestUnit() {
    return Collections.max(unitCycles.entrySet(), Map.Entry.comparingByValue()).getKey();
  }
}
