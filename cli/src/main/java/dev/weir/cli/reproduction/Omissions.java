package dev.weir.cli.reproduction;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import java.util.List;

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

  /** Those of a point. */
  Omissions at(String model, String length) {
    return new Omissions(
        once, operations, words.stream().filter(own -> own.isAt(model, length)).toList());
  }
}
