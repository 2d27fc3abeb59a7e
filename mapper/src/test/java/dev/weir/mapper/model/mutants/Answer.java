package dev.weir.mapper.model.mutants;

import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import java.util.Map;

/**
 * What a cost model says about a problem.
 *
 * @param counts words, operations and occupancy
 * @param isDense whether it says that it counts absent points as present
 * @param cycles latency
 * @param picojoules energy, by what uses it
 * @param utilisation of every unit
 */
record Answer(
    Counts counts,
    boolean isDense,
    long cycles,
    Map<String, Double> picojoules,
    Map<UnitName, Double> utilisation) {}
