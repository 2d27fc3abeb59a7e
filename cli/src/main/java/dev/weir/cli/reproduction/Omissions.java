package dev.weir.cli.reproduction;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.LevelName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the published energies of a design leave out of what it does.
 *
 * @param once memories of which only one instance is charged
 * @param operations whose energy is missing, as architecture files call them
 * @param words that are not charged
 */
record Omissions(List<LevelName> once, List<String> operations, List<Words> words) {

  static final Omissions NONE = new Omissions(List.of(), List.of(), List.of());

  /**
   * Words of a tensor at a memory.
   *
   * @param isRead whether they are read or written
   * @param share of them that is left out
   * @param models where; empty for all
   * @param lengths where; empty for all
   */
  record Words(
      TensorName tensor,
      LevelName level,
      boolean isRead,
      double share,
      List<String> models,
      List<String> lengths) {
    Words {
      models = List.copyOf(models);
      lengths = List.copyOf(lengths);
    }

    private boolean isAt(String model, String length) {
      return (models.isEmpty() || models.contains(model))
          && (lengths.isEmpty() || lengths.contains(length));
    }
  }

  Omissions {
    once = List.copyOf(once);
    operations = List.copyOf(operations);
    words = List.copyOf(words);
  }

  /**
   * Checks that everything it names exists.
   *
   * @throws InvalidInputException when something does not
   */
  void check(String design, Cascade cascade, Architecture machine) {
    Set<String> levels = names(machine.levels().stream().map(level -> level.name().text()));
    once.forEach(level -> require(design, "memory", level.text(), levels));
    Set<String> known =
        names(
            machine.units().stream()
                .flatMap(unit -> unit.operations().keySet().stream())
                .map(OperationKind::text));
    operations.forEach(operation -> require(design, "operation", operation, known));
    Set<String> tensors = names(cascade.tensors().stream().map(tensor -> tensor.name().text()));
    for (Words own : words) {
      require(design, "tensor", own.tensor().text(), tensors);
      require(design, "memory", own.level().text(), levels);
    }
  }

  private static Set<String> names(Stream<String> all) {
    return all.collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static void require(String design, String what, String got, Set<String> known) {
    if (!known.contains(got)) {
      throw new InvalidInputException(
          "error: omissions of design %s: unknown %s %s (got %s, expected one of %s)%n"
              .formatted(design, what, got, got, String.join(", ", known)));
    }
  }

  /** Those of a point. */
  Omissions at(String model, String length) {
    return new Omissions(
        once, operations, words.stream().filter(own -> own.isAt(model, length)).toList());
  }
}
