package dev.weir.mapper.arch;

import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Misspelling;
import dev.weir.mapper.config.Section;
import dev.weir.mapper.technology.MemoryClass;
import dev.weir.mapper.technology.MemoryCost;
import dev.weir.mapper.technology.OperationFigures;
import dev.weir.mapper.technology.Technology;
import dev.weir.mapper.technology.TechnologyReader;
import java.util.Optional;

/**
 * What the technology table of a file says of its parts.
 *
 * @param technology the table; empty when the file names none, or none that could be read
 * @param isNamed whether the file names one
 * @param wordBits bits of a word
 * @param sources takes where numbers from the table come from
 */
record Tables(
    Optional<Technology> technology,
    boolean isNamed,
    int wordBits,
    ArchitectureReader.Sources sources) {

  static final String KEY = "technology";
  static final String CLASS = "class";
  static final String BANKS = "banks";
  static final String INTERLEAVED = "interleaved";

  static final int MOST_BANKS = 1 << 20;

  /** Stands for a number that shall come from the table whatever the extended file says. */
  private static final String FROM_TABLE = "technology";

  static Tables of(Section architecture, int wordBits, ArchitectureReader.Sources sources) {
    Optional<Field> field = architecture.optional(KEY);
    return new Tables(field.flatMap(Tables::read), field.isPresent(), wordBits, sources);
  }

  private static Optional<Technology> read(Field field) {
    Optional<String> text = field.text();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.get().endsWith(Beside.ENDING)) {
      Optional<SourceFile> file = Beside.read(field, text.get());
      return file.flatMap(f -> TechnologyReader.read(f, field.diagnostics()));
    }
    if (!TechnologyReader.SHIPPED.contains(text.get())) {
      Misspelling.report(
          field.diagnostics(),
          field.file(),
          field.span(),
          "unknown technology " + text.get(),
          text.get(),
          TechnologyReader.SHIPPED);
      return Optional.empty();
    }
    return Optional.of(TechnologyReader.shipped(text.get()));
  }

  /** The value of a key, unless it is left to the table. */
  static Optional<Field> stated(Section section, String key) {
    return section.optional(key).filter(field -> !isLeftToTable(field.node()));
  }

  private static boolean isLeftToTable(ConfigNode node) {
    return node instanceof ConfigNode.Scalar scalar && scalar.text().equals(FROM_TABLE);
  }

  /** Whether a memory has an energy of its own or from the table. */
  boolean givesMemoryEnergy(Section section) {
    return section.has("energy") || section.has(CLASS);
  }

  /** Whether an operation has an energy of its own or from the table. */
  boolean givesOperationEnergy(Section section, String operation) {
    return section.has("energy")
        || section.has(CLASS)
        || technology.flatMap(table -> table.operation(operation)).isPresent();
  }

  /**
   * What the table says of a memory; reports a class that it does not have, and figures that are
   * left to a table when there is none.
   */
  Optional<MemoryCost> memory(Section section, Optional<Long> words) {
    Optional<Field> kind = section.optional(CLASS);
    long banks = section.optional(BANKS).flatMap(f -> f.whole(1, MOST_BANKS)).orElse(1L);
    if (kind.isEmpty()) {
      reportLeftToTable(section, "a class, one of " + String.join(", ", MemoryClass.texts()));
      section
          .optional(BANKS)
          .filter(_ -> !section.has(INTERLEAVED))
          .ifPresent(
              field ->
                  field.error(
                      "banks without a class (got %s, expected also the key %s, such as sram)"
                          .formatted(field.got(), CLASS)));
      return Optional.empty();
    }
    Optional<MemoryClass> known = kind.get().oneOf(MemoryClass.texts()).flatMap(MemoryClass::named);
    reportNoTable(kind.get());
    boolean hasUnreadCapacity = section.has("capacity") && words.isEmpty();
    if (known.isEmpty() || technology.isEmpty() || hasUnreadCapacity) {
      return Optional.empty();
    }
    Technology table = technology.get();
    Optional<Long> ofBank = words.map(all -> Math.ceilDiv(all, banks));
    return switch (table.memory(known.get(), ofBank, wordBits)) {
      case Technology.Known estimate -> {
        note(section, table.name() + ", " + known.get().text() + ": " + estimate.source());
        yield Optional.of(estimate.cost().ofBanks(banks));
      }
      case Technology.Unknown unknown -> {
        if (needsTable(section)) {
          kind.get().error("technology " + table.name() + " " + unknown.reason());
        }
        yield Optional.empty();
      }
    };
  }

  /** What the table says of an operation, of the class that it names or else of its own name. */
  Optional<OperationFigures> operation(Section section, String operation) {
    Optional<Field> kind = section.optional(CLASS);
    kind.ifPresent(this::reportNoTable);
    Optional<OperationFigures> figures =
        kind.isPresent()
            ? kind.get().text().flatMap(text -> named(kind.get(), text))
            : technology.flatMap(table -> table.operation(operation));
    if (kind.isEmpty() && figures.isEmpty()) {
      reportLeftToTable(section, "a class that the technology has");
    }
    figures.ifPresent(
        found -> note(section, technology.orElseThrow().name() + ": " + found.source()));
    return figures;
  }

  private Optional<OperationFigures> named(Field field, String text) {
    Optional<OperationFigures> figures = technology.flatMap(table -> table.operation(text));
    if (figures.isEmpty() && technology.isPresent()) {
      Misspelling.report(
          field.diagnostics(),
          field.file(),
          field.span(),
          "technology %s has no class %s".formatted(technology.get().name(), text),
          text,
          technology.get().operationNames());
    }
    return figures;
  }

  private void reportNoTable(Field kind) {
    if (!isNamed) {
      kind.error(
          "class without a technology (got %s, expected also the key %s, such as %s)"
              .formatted(kind.got(), KEY, TechnologyReader.SHIPPED.getFirst()));
    }
  }

  private void reportLeftToTable(Section section, String expected) {
    if (isNamed && technology.isEmpty()) {
      return;
    }
    for (String key : new String[] {"energy", "area"}) {
      section
          .optional(key)
          .filter(field -> isLeftToTable(field.node()))
          .ifPresent(
              field ->
                  field.error(
                      "%s is left to a table that does not have it (got technology, expected also %s)"
                          .formatted(key, expected)));
    }
  }

  private static boolean needsTable(Section section) {
    return stated(section, "energy").isEmpty();
  }

  private void note(Section section, String source) {
    for (String key : new String[] {"energy", "area"}) {
      if (stated(section, key).isEmpty()) {
        sources.add(section.path() + "." + key, "technology " + source);
      }
    }
  }
}
