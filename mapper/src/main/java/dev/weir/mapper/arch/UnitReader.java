package dev.weir.mapper.arch;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Misspelling;
import dev.weir.mapper.config.QuantityKind;
import dev.weir.mapper.config.Section;
import dev.weir.mapper.technology.OperationFigures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code units}: processing elements, what they can do and which memories they reach. */
final class UnitReader {

  private static final List<String> KEYS =
      List.of("name", Scale.CLOCK, "axes", "operations", "variants", "reads", "writes", "source");
  private static final List<String> OPERATION_KEYS =
      List.of("interval", "latency", "class", "energy", "area", "source");
  private static final List<String> VARIANT_KEYS =
      Stream.concat(Stream.of("of", "degree"), OPERATION_KEYS.stream()).toList();

  /** A polynomial of a higher degree is no way to compute a function to single precision. */
  private static final long LARGEST_DEGREE = 64;

  private static final List<String> OPERATIONS =
      Arrays.stream(OperationKind.values()).map(OperationKind::text).toList();

  private final ArchitectureReader.Sources sources;
  private final List<String> levels;
  private final Tables tables;
  private final Scale scale;

  UnitReader(ArchitectureReader.Sources sources, List<String> levels, Tables tables, Scale scale) {
    this.sources = sources;
    this.levels = levels;
    this.tables = tables;
    this.scale = scale;
  }

  static List<Section> sections(Section architecture) {
    return ArchitectureReader.namedSections(architecture, "units");
  }

  List<ComputeUnit> read(List<Section> sections, AxisTable axes) {
    Names.checkUnique(sections, "unit");
    List<ComputeUnit> units = new ArrayList<>();
    for (Section section : sections) {
      section.allowOnly(KEYS);
      sources.add(section);
      Map<OperationKind, OperationCost> operations = operations(section);
      List<OperationVariant> variants = variants(section, operations.keySet());
      Set<LevelName> reads = levels(section, "reads");
      Set<LevelName> writes = levels(section, "writes");
      Names.peek(section)
          .map(
              name ->
                  new ComputeUnit(
                      new UnitName(name), axes.of(name), operations, variants, reads, writes))
          .ifPresent(units::add);
    }
    return units;
  }

  private Map<OperationKind, OperationCost> operations(Section unit) {
    Map<OperationKind, OperationCost> operations = new EnumMap<>(OperationKind.class);
    Scale own = scale.of(unit);
    Optional<Section> section = unit.required("operations").flatMap(Field::section);
    section.ifPresent(s -> requireSome(s.fields(), unit, "operations", "operation such as mac"));
    for (Field field : section.map(Section::fields).orElse(List.of())) {
      Optional<OperationKind> kind = OperationKind.named(field.key());
      if (kind.isEmpty()) {
        Misspelling.report(
            field.diagnostics(),
            field.file(),
            field.keySpan(),
            "unknown operation " + field.key(),
            field.key(),
            OPERATIONS);
      }
      cost(field, own, OPERATION_KEYS)
          .ifPresent(cost -> kind.ifPresent(k -> operations.put(k, cost)));
    }
    return operations;
  }

  private List<OperationVariant> variants(Section unit, Set<OperationKind> operations) {
    Scale own = scale.of(unit);
    Optional<Section> section = unit.optional("variants").flatMap(Field::section);
    List<OperationVariant> variants = new ArrayList<>();
    for (Field field : section.map(Section::fields).orElse(List.of())) {
      boolean isNamed = field.key().matches(Names.SIMPLE) && !OPERATIONS.contains(field.key());
      if (!isNamed) {
        section
            .get()
            .error(
                field.keySpan(),
                "wrong name of a variant (got %s, expected %s, and not that of an operation)"
                    .formatted(field.key(), Names.SIMPLE_WORDS));
      }
      Optional<OperationKind> kind =
          field.section().flatMap(s -> s.required("of")).flatMap(of -> kind(of, operations));
      OptionalInt degree =
          field
              .section()
              .flatMap(s -> s.optional("degree"))
              .flatMap(d -> d.whole(1, LARGEST_DEGREE))
              .map(d -> OptionalInt.of(d.intValue()))
              .orElse(OptionalInt.empty());
      Optional<OperationCost> cost = cost(field, own, VARIANT_KEYS);
      if (isNamed && kind.isPresent() && cost.isPresent()) {
        variants.add(
            new OperationVariant(new VariantName(field.key()), kind.get(), degree, cost.get()));
      }
    }
    return variants;
  }

  /** Of what a variant is one. */
  private static Optional<OperationKind> kind(Field of, Set<OperationKind> operations) {
    Optional<String> text = of.text();
    Optional<OperationKind> kind = text.flatMap(OperationKind::named).filter(operations::contains);
    if (text.isPresent() && kind.isEmpty()) {
      of.error(
          "a variant is of an operation that the unit has (got %s, expected one of %s)"
              .formatted(
                  of.got(),
                  operations.stream()
                      .sorted()
                      .map(OperationKind::text)
                      .collect(Collectors.joining(", "))));
    }
    return kind;
  }

  private Optional<OperationCost> cost(Field field, Scale own, List<String> keys) {
    Optional<Section> found = field.section();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Section section = found.get();
    section.allowOnly(keys);
    sources.add(section);
    Optional<OperationFigures> table = tables.operation(section, field.key());
    double picojoules =
        Tables.stated(section, "energy")
            .map(f -> f.quantity(QuantityKind.OPERATION_ENERGY).map(Scale::picojoules))
            .orElse(table.map(OperationFigures::picojoules))
            .orElse(0.0);
    Optional<Double> area =
        Scale.squareMillimetres(section)
            .or(() -> table.flatMap(OperationFigures::squareMillimetres));
    return section
        .required("interval")
        .flatMap(f -> f.quantity(QuantityKind.INTERVAL).flatMap(q -> own.interval(q, f)))
        .map(
            interval ->
                new OperationCost(interval, latency(section, interval, own), picojoules, area));
  }

  private static long latency(Section operation, Rational interval, Scale own) {
    Optional<Field> field = operation.optional("latency");
    long cycles = own.latencyCycles(field);
    if (cycles > 0 && Rational.of(cycles).compareTo(interval) < 0) {
      field
          .get()
          .error(
              "latency is shorter than the interval (got %s, expected at least %s cycles)"
                  .formatted(field.get().got(), interval));
    }
    return cycles;
  }

  private Set<LevelName> levels(Section unit, String key) {
    Optional<Field> list = unit.required(key);
    list.flatMap(Field::items).ifPresent(items -> requireSome(items, unit, key, "memory"));
    return list.map(field -> Names.references(field, "memory", levels)).orElse(Set.of()).stream()
        .map(LevelName::new)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static void requireSome(List<Field> found, Section unit, String key, String what) {
    if (found.isEmpty()) {
      unit.optional(key)
          .ifPresent(
              field ->
                  field.error(
                      "%s of %s is empty (got none, expected at least one %s)"
                          .formatted(key, unit.path(), what)));
    }
  }
}
