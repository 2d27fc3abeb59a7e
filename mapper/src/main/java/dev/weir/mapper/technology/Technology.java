package dev.weir.mapper.technology;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What components cost in a process. What a table says and why: {@code docs/architecture.md}. */
public final class Technology {

  /** What a table knows of a memory. */
  public sealed interface Estimate {}

  /**
   * Its cost.
   *
   * @param source where it comes from
   */
  public record Known(MemoryCost cost, String source) implements Estimate {}

  /**
   * It does not say.
   *
   * @param reason continues a sentence that starts with the name of the table
   */
  public record Unknown(String reason) implements Estimate {}

  private final String name;
  private final Map<String, OperationFigures> operations;
  private final Map<MemoryClass, MemoryLaw> memories;

  Technology(
      String name, Map<String, OperationFigures> operations, Map<MemoryClass, MemoryLaw> memories) {
    this.name = name;
    this.operations = Map.copyOf(operations);
    this.memories = Map.copyOf(memories);
  }

  /** Its name, such as {@code 45nm}. */
  public String name() {
    return name;
  }

  /** What a functional unit costs. */
  public Optional<OperationFigures> operation(String kind) {
    return Optional.ofNullable(operations.get(kind));
  }

  /** Functional units that it knows. */
  public List<String> operationNames() {
    return operations.keySet().stream().sorted().toList();
  }

  /**
   * What a memory costs.
   *
   * @param words what an instance holds; empty off the chip
   * @param wordBits bits of a word
   */
  public Estimate memory(MemoryClass kind, Optional<Long> words, int wordBits) {
    MemoryLaw law = memories.get(kind);
    if (law == null) {
      return new Unknown(
          "has no "
              + kind.text()
              + " (got "
              + kind.text()
              + ", expected "
              + (memories.isEmpty() ? "none" : String.join(" or ", classes()))
              + ")");
    }
    if (words.isEmpty() && !(law instanceof MemoryLaw.OffChip)) {
      return new Unknown(
          "has no %s without a capacity (got none, expected class %s)"
              .formatted(kind.text(), MemoryClass.DRAM.text()));
    }
    long held = words.orElse(0L);
    return law.refusal(held, wordBits)
        .<Estimate>map(Unknown::new)
        .orElseGet(() -> new Known(law.of(held, wordBits), law.source()));
  }

  private List<String> classes() {
    return memories.keySet().stream().sorted().map(MemoryClass::text).toList();
  }
}
