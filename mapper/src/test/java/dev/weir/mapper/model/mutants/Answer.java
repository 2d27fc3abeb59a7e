package dev.weir.mapper.model.mutants;

import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.count.Counts;
import java.util.Map;

/**
 * What a cost model says about a problem.
 *
 * @param counts words, operations and occupancy
 * @param accuracy what it says that its counts are, by the name of the case
 * @param cycles latency
 * @param picojoules energy, by what uses it
 * @param utilisation of every unit
 */
record Answer(
    Counts counts,
    String accuracy,
    long cycles,
    Map<String, Double> picojoules,
    Map<UnitName, Double> utilisation) {}
