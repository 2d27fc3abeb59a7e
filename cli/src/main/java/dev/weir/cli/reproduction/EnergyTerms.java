package dev.weir.cli.reproduction;

import dev.weir.cli.reproduction.Study.Quantity;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.model.Cost;
import dev.weir.mapper.model.Energy;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Energy by what it is for, in picojoules; the terms add up to the whole. */
final class EnergyTerms {

  private static final String EXPONENTIAL = "exp";

  private final Architecture machine;
  private final Set<TensorName> inputs;

  EnergyTerms(Architecture machine, Cascade cascade) {
    this.machine = machine;
    this.inputs =
        cascade.tensors().stream()
            .filter(tensor -> tensor.role() == Tensor.Role.INPUT)
            .map(Tensor::name)
            .collect(Collectors.toSet());
  }

  Map<Quantity, Double> of(Cost cost) {
    Map<Quantity, Double> terms = new EnumMap<>(Quantity.class);
    cost.energy()
        .picojoules()
        .forEach(
            (use, picojoules) -> {
              if (machine.units().stream()
                  .anyMatch(unit -> unit.name().text().equals(use.component()))) {
                terms.merge(operation(use), picojoules, Double::sum);
              }
            });
    cost.counts()
        .trafficWords()
        .forEach(
            (traffic, words) ->
                terms.merge(term(traffic), picojoules(traffic, words), Double::sum));
    return terms;
  }

  /** What a paper's figures leave out of an energy. */
  double of(Omissions omissions, Cost cost) {
    double sum = 0;
    for (Map.Entry<Energy.Use, Double> use : cost.energy().picojoules().entrySet()) {
      sum += omissions.operations().contains(use.getKey().action()) ? use.getValue() : 0;
    }
    for (Map.Entry<Counts.Traffic, Long> own : cost.counts().trafficWords().entrySet()) {
      sum += picojoules(own.getKey(), own.getValue()) * share(omissions, own.getKey());
    }
    return sum;
  }

  private double picojoules(Counts.Traffic traffic, long words) {
    MemoryLevel level = machine.level(traffic.level()).orElseThrow();
    return words * (traffic.movement().isRead() ? level.readPicojoules() : level.writePicojoules());
  }

  private double share(Omissions omissions, Counts.Traffic traffic) {
    if (omissions.once().contains(traffic.level())) {
      return 1 - 1.0 / machine.instances(machine.level(traffic.level()).orElseThrow());
    }
    return omissions.words().stream()
        .filter(words -> words.tensor().equals(traffic.tensor()))
        .filter(words -> words.level().equals(traffic.level()))
        .filter(words -> words.isRead() == traffic.movement().isRead())
        .mapToDouble(Omissions.Words::share)
        .sum();
  }

  private static Quantity operation(Energy.Use use) {
    return use.action().equals(EXPONENTIAL) ? Quantity.EXPONENTIALS : Quantity.ARITHMETIC;
  }

  private Quantity term(Counts.Traffic traffic) {
    MemoryLevel level = machine.level(traffic.level()).orElseThrow();
    if (level.equals(machine.top())) {
      return Quantity.OFF_CHIP;
    }
    if (!level.instanceAxes().isEmpty()) {
      return Quantity.REGISTERS;
    }
    if (!traffic.movement().isRead()) {
      return Quantity.BUFFER_WRITES;
    }
    return inputs.contains(traffic.tensor()) ? Quantity.INPUTS : Quantity.BUFFER_READS;
  }
}
