package dev.weir.mapper.arch;

import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Quantity;
import dev.weir.mapper.config.QuantityKind;
import dev.weir.mapper.config.Section;
import dev.weir.mapper.technology.MemoryCost;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code memories}: levels from off-chip memory inwards. */
final class MemoryReader {

  private static final List<String> KEYS =
      List.of(
          "name",
          "class",
          Scale.CLOCK,
          "banks",
          "interleaved",
          "capacity",
          "bandwidth",
          "latency",
          "energy",
          "area",
          "per",
          "source");
  private static final List<String> DIRECTIONS = List.of("read", "write", "source");

  private final Scale scale;
  private final ArchitectureReader.Sources sources;
  private final AxisTable axes;
  private final Tables tables;

  MemoryReader(Scale scale, ArchitectureReader.Sources sources, AxisTable axes, Tables tables) {
    this.scale = scale;
    this.sources = sources;
    this.axes = axes;
    this.tables = tables;
  }

  static List<Section> sections(Section architecture) {
    return ArchitectureReader.namedSections(architecture, "memories");
  }

  List<MemoryLevel> read(List<Section> sections) {
    Names.checkUnique(sections, "memory");
    List<MemoryLevel> levels = new ArrayList<>();
    for (int i = 0; i < sections.size(); i++) {
      level(sections.get(i), i == 0).ifPresent(levels::add);
    }
    return levels;
  }

  private Optional<MemoryLevel> level(Section section, boolean top) {
    section.allowOnly(KEYS);
    sources.add(section);
    Optional<Long> capacity = capacity(section, top);
    List<AxisName> instanceAxes = instanceAxes(section, top);
    Scale own = scale.of(section);
    Optional<Bandwidth> bandwidth =
        section.optional("bandwidth").flatMap(field -> bandwidth(field, own));
    Latency latency =
        section.optional("latency").map(field -> latency(field, own)).orElse(Latency.NONE);
    int banks = banks(section, capacity, top);
    Optional<MemoryCost> table = tables.memory(section, capacity);
    PerWord energy =
        Tables.stated(section, "energy")
            .map(this::energy)
            .or(() -> table.map(cost -> new PerWord(cost.readPicojoules(), cost.writePicojoules())))
            .orElse(PerWord.NONE);
    Optional<Double> area = Scale.squareMillimetres(section);
    return Names.peek(section)
        .map(
            name ->
                new MemoryLevel(
                    new LevelName(name),
                    capacity,
                    instanceAxes,
                    bandwidth,
                    energy.read,
                    energy.write,
                    area.or(() -> table.flatMap(MemoryCost::squareMillimetres)),
                    latency,
                    banks));
  }

  private Optional<Long> capacity(Section section, boolean top) {
    if (!top) {
      return section
          .required("capacity")
          .flatMap(f -> f.quantity(QuantityKind.CAPACITY).flatMap(q -> scale.words(q, f)));
    }
    section
        .optional("capacity")
        .ifPresent(
            field ->
                field.error(
                    "the outermost memory has no capacity, as it holds everything (got %s,"
                            .formatted(field.got())
                        + " expected no capacity)"));
    return Optional.empty();
  }

  private List<AxisName> instanceAxes(Section section, boolean top) {
    Optional<Field> per = section.optional("per");
    if (top && per.isPresent()) {
      per.get()
          .error(
              "there is one outermost memory, as inputs and outputs live there (got per, expected"
                  + " no per)");
      return List.of();
    }
    Set<AxisName> names = new LinkedHashSet<>();
    for (Field item : per.flatMap(Field::items).orElse(List.of())) {
      names.addAll(axes.references(item));
    }
    return List.copyOf(names);
  }

  /** One quantity is shared by reads and writes; two are ports of their own. */
  private Optional<Bandwidth> bandwidth(Field field, Scale own) {
    if (!field.isMapping()) {
      return rate(field, own).map(shared -> new Bandwidth(shared, shared, true));
    }
    Section section = directions(field);
    Optional<Rational> read = section.required("read").flatMap(f -> rate(f, own));
    Optional<Rational> write = section.required("write").flatMap(f -> rate(f, own));
    return read.flatMap(r -> write.map(w -> new Bandwidth(r, w, false)));
  }

  private static Optional<Rational> rate(Field field, Scale own) {
    return field.quantity(QuantityKind.BANDWIDTH).flatMap(q -> own.wordsPerCycle(q, field));
  }

  /** Those that are filled one after another; words of others are spread over all of them. */
  private static int banks(Section section, Optional<Long> capacity, boolean isTop) {
    Optional<Field> interleaved = section.optional(Tables.INTERLEAVED);
    if (interleaved.flatMap(Field::flag).orElse(true)) {
      return 1;
    }
    if (isTop) {
      interleaved
          .get()
          .error(
              "the outermost memory has no banks that are filled one after another, as it has no"
                  + " capacity (got false, expected no interleaved)");
      return 1;
    }
    boolean isComplete = true;
    for (String key : List.of(Tables.BANKS, "capacity", "bandwidth")) {
      if (!section.has(key)) {
        isComplete = false;
        interleaved
            .get()
            .error(
                "interleaved without a value of %s (got false, expected also the key %1$s)"
                    .formatted(key));
      }
    }
    if (!isComplete || capacity.isEmpty()) {
      return 1;
    }
    Field field = section.optional(Tables.BANKS).orElseThrow();
    long banks = field.whole(1, Tables.MOST_BANKS).orElse(1L);
    if (capacity.get() % banks != 0) {
      field.error(
          "banks do not divide the capacity (got %d banks of %d words, expected whole words in each)"
              .formatted(banks, capacity.get()));
      return 1;
    }
    return (int) banks;
  }

  /** One quantity stands for both directions. */
  private Latency latency(Field field, Scale own) {
    if (!field.isMapping()) {
      long both = own.latencyCycles(Optional.of(field));
      return new Latency(both, both);
    }
    Section section = directions(field);
    return new Latency(
        own.latencyCycles(section.required("read")), own.latencyCycles(section.required("write")));
  }

  private record PerWord(double read, double write) {
    static final PerWord NONE = new PerWord(0, 0);
  }

  private PerWord energy(Field field) {
    if (!field.isMapping()) {
      double both = picojoules(Optional.of(field));
      return new PerWord(both, both);
    }
    Section section = directions(field);
    return new PerWord(picojoules(section.required("read")), picojoules(section.required("write")));
  }

  private double picojoules(Optional<Field> field) {
    Optional<Quantity> energy = field.flatMap(f -> f.quantity(QuantityKind.ACCESS_ENERGY));
    return energy.map(scale::picojoulesPerWord).orElse(0.0);
  }

  private Section directions(Field field) {
    Section section = field.section().orElseThrow();
    section.allowOnly(DIRECTIONS);
    sources.add(section);
    return section;
  }
}
