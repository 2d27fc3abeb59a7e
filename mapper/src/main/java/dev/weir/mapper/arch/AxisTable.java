package dev.weir.mapper.arch;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.Monoid;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Misspelling;
import dev.weir.mapper.config.QuantityKind;
import dev.weir.mapper.config.Section;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The axes of all units by name. A key without a dot is completed by the unit's name: {@code rows}
 * of {@code Array2D} is {@code Array2D.rows}; a key with one stands for itself: {@code groups.x}.
 */
final class AxisTable {

  private static final List<String> KEYS =
      List.of("width", "instances", "hop", "fill", "hidden", "skewed", "drain", "kind", "source");

  /** What can merge contributions. */
  private static final List<OperationKind> REDUCTIONS =
      Arrays.stream(Monoid.values()).map(OperationKind::of).distinct().toList();

  /** Most instances that OpenCL lets one dimension have on every device. */
  private static final long WIDEST = Integer.MAX_VALUE;

  private final Map<String, Axis> axes = new LinkedHashMap<>();
  private final Map<String, List<String>> namesOfUnit = new LinkedHashMap<>();
  private final Map<String, Field> places = new LinkedHashMap<>();
  private final ArchitectureReader.Sources sources;
  private final Scale scale;

  private AxisTable(ArchitectureReader.Sources sources, Scale scale) {
    this.sources = sources;
    this.scale = scale;
  }

  static AxisTable of(List<Section> units, ArchitectureReader.Sources sources, Scale scale) {
    AxisTable table = new AxisTable(sources, scale);
    units.forEach(table::addAxesOf);
    return table;
  }

  private void addAxesOf(Section unit) {
    String unitName = Names.peek(unit).orElse("");
    Optional<Section> section = unit.optional("axes").flatMap(Field::section);
    Scale own = scale.of(unit);
    BigInteger instances = BigInteger.ONE;
    for (Field field : section.map(Section::fields).orElse(List.of())) {
      Optional<AxisName> name = name(unitName, field);
      Optional<Axis> axis = name.flatMap(n -> read(n, field, own));
      axis.ifPresent(a -> axes.put(a.name().text(), a));
      instances = instances.multiply(BigInteger.valueOf(axis.map(Axis::instances).orElse(1L)));
    }
    if (instances.bitLength() >= Long.SIZE) {
      Field axesField = unit.optional("axes").orElseThrow();
      axesField
          .diagnostics()
          .error(
              axesField.file(),
              axesField.keySpan(),
              "unit %s has too many instances (got %s, expected fewer than 2^63)"
                  .formatted(unitName, instances));
    }
  }

  private Optional<AxisName> name(String unit, Field field) {
    String text =
        field.key().contains(".") || unit.isEmpty() ? field.key() : unit + "." + field.key();
    if (!field.key().matches(Names.SIMPLE + "|" + Names.DOTTED)) {
      field
          .diagnostics()
          .error(
              field.file(),
              field.keySpan(),
              "not a name of an axis (got %s, expected a name such as rows or groups.x)"
                  .formatted(field.key()));
      return Optional.empty();
    }
    if (!text.matches(Names.DOTTED)) {
      return Optional.empty();
    }
    Field earlier = places.putIfAbsent(text, field);
    if (earlier != null) {
      field
          .diagnostics()
          .error(
              field.file(),
              field.keySpan(),
              "axis %s stands twice (got it again, expected it only at %s)"
                  .formatted(text, place(earlier, field)));
    }
    namesOfUnit.computeIfAbsent(unit, u -> new ArrayList<>()).add(text);
    return Optional.of(new AxisName(text));
  }

  private static String place(Field earlier, Field later) {
    String line = Integer.toString(earlier.file().line(earlier.keySpan().start()));
    return earlier.file().equals(later.file())
        ? "line " + line
        : earlier.file().name() + ":" + line;
  }

  private Optional<Axis> read(AxisName name, Field field, Scale own) {
    Optional<Section> found = field.section();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Section section = found.get();
    section.allowOnly(KEYS);
    sources.add(section);
    Optional<Axis.Kind> kind =
        section.has("kind")
            ? section.optional("kind").flatMap(f -> oneOf(f, List.of(Axis.Kind.values())))
            : Optional.of(Axis.Kind.ARRAY);
    Optional<Long> width = section.required("width").flatMap(f -> f.whole(1, WIDEST));
    long hop = section.optional("hop").flatMap(f -> cycles(f, own)).orElse(0L);
    Map<OperationKind, Long> drain =
        section.optional("drain").map(f -> drain(f, own)).orElse(Map.of());
    Axis.Fill fill = fill(section);
    return width.flatMap(
        w ->
            kind.flatMap(
                k -> instances(section, k, w).map(i -> new Axis(name, k, w, i, hop, fill, drain))));
  }

  private static Axis.Fill fill(Section section) {
    boolean hidden = section.optional("hidden").flatMap(Field::flag).orElse(false);
    Optional<Field> skewed = section.optional("skewed").filter(field -> field.flag().orElse(false));
    if (hidden && skewed.isPresent()) {
      skewed
          .get()
          .error(
              "fill and drain are hidden already (got skewed: true beside hidden: true, expected"
                  + " one of them)");
    }
    Optional<Axis.Fill> extent = section.optional("fill").flatMap(AxisTable::extent);
    if (hidden || skewed.isPresent()) {
      return hidden ? Axis.Fill.HIDDEN : Axis.Fill.SKEWED;
    }
    return extent.orElse(Axis.Fill.USED);
  }

  private static Optional<Long> cycles(Field field, Scale own) {
    return field.quantity(QuantityKind.DELAY).flatMap(q -> own.cycles(q, field));
  }

  /** One delay for all reductions, or a delay by what merges contributions. */
  private static Map<OperationKind, Long> drain(Field field, Scale own) {
    Map<OperationKind, Long> drain = new EnumMap<>(OperationKind.class);
    if (!field.isMapping()) {
      cycles(field, own).ifPresent(all -> REDUCTIONS.forEach(kind -> drain.put(kind, all)));
      return drain;
    }
    field
        .section()
        .ifPresent(
            section -> {
              section.allowOnly(REDUCTIONS.stream().map(OperationKind::text).toList());
              for (OperationKind kind : REDUCTIONS) {
                section
                    .optional(kind.text())
                    .flatMap(merging -> cycles(merging, own))
                    .ifPresent(cycles -> drain.put(kind, cycles));
              }
            });
    return drain;
  }

  private static Optional<Long> instances(Section section, Axis.Kind kind, long width) {
    Optional<Field> field = section.optional("instances");
    if (field.isEmpty()) {
      return Optional.of(width);
    }
    Optional<Long> instances = field.get().whole(1, WIDEST);
    if (instances.isPresent() && instances.get() > width) {
      field
          .get()
          .error(
              "more instances than the axis is wide (got %d, expected at most %d)"
                  .formatted(instances.get(), width));
      return Optional.empty();
    }
    if (kind == Axis.Kind.ARRAY && instances.isPresent() && instances.get() != width) {
      field
          .get()
          .error(
              "an array runs all its instances at once (got %d, expected %d, or another kind of axis)"
                  .formatted(instances.get(), width));
      return Optional.empty();
    }
    return instances;
  }

  /** How far operands and sums go in every nest. */
  private static Optional<Axis.Fill> extent(Field field) {
    return oneOf(field, List.of(Axis.Fill.USED, Axis.Fill.WHOLE));
  }

  private static <E extends Enum<E>> Optional<E> oneOf(Field field, List<E> values) {
    return field
        .oneOf(values.stream().map(AxisTable::text).toList())
        .flatMap(text -> values.stream().filter(v -> text(v).equals(text)).findFirst());
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Names of the axes of a unit, also of those that could not be read. */
  List<String> namesOf(String unit) {
    return namesOfUnit.getOrDefault(unit, List.of());
  }

  /** The axes of a unit that could be read. */
  List<Axis> of(String unit) {
    return namesOf(unit).stream()
        .flatMap(name -> Optional.ofNullable(axes.get(name)).stream())
        .toList();
  }

  /** A reference to an axis. Unread ones count as known, as their own mistake was reported. */
  Optional<AxisName> reference(Field field) {
    return field
        .text()
        .flatMap(text -> Names.reference(field, text, "axis", List.copyOf(places.keySet())))
        .map(AxisName::new);
  }

  /** An axis or, as {@code groups.*}, all axes whose name starts so. */
  List<AxisName> references(Field field) {
    Optional<String> text = field.text();
    if (text.isEmpty() || !text.get().endsWith(".*")) {
      return text.isEmpty() ? List.of() : reference(field).stream().toList();
    }
    String start = text.get().substring(0, text.get().length() - 1);
    List<AxisName> matching =
        places.keySet().stream().filter(name -> name.startsWith(start)).map(AxisName::new).toList();
    if (matching.isEmpty()) {
      Misspelling.report(
          field.diagnostics(),
          field.file(),
          field.span(),
          "no axis is called " + text.get(),
          text.get(),
          places.keySet().stream().map(n -> n.replaceAll("\\..*", ".*")).distinct().toList());
    }
    return matching;
  }

  /** The axis of a name, when it could be read. */
  Optional<Axis> axis(AxisName name) {
    return Optional.ofNullable(axes.get(name.text()));
  }
}
