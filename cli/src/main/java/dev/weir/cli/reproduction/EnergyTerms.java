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
            (traffic, words) -> {
              MemoryLevel level = machine.level(traffic.level()).orElseThrow();
              boolean read = traffic.movement().isRead();
              double each = read ? level.readPicojoules() : level.writePicojoules();
              terms.merge(term(traffic, level), words * each, Double::sum);
            });
    return terms;
  }

  private static Quantity operation(Energy.Use use) {
    return use.action().equals(EXPONENTIAL) ? Quantity.EXPONENTIALS : Quantity.ARITHMETIC;
  }

  private Quantity term(Counts.Traffic traffic, MemoryLevel level) {
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
