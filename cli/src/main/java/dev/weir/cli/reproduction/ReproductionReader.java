package dev.weir.cli.reproduction;

import dev.weir.cli.experiment.ShapeText;
import dev.weir.cli.reproduction.Comparison.Kind;
import dev.weir.cli.reproduction.Reproduction.Average;
import dev.weir.cli.reproduction.Reproduction.Design;
import dev.weir.cli.reproduction.Reproduction.Largest;
import dev.weir.cli.reproduction.Reproduction.Metric;
import dev.weir.cli.reproduction.Reproduction.Model;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.SchemaCheck;
import dev.weir.mapper.config.Section;
import dev.weir.mapper.config.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads files of reproductions; all mistakes are reported where they stand. */
public final class ReproductionReader {

  private static final String NAME = "[a-z][a-z0-9-]*";
  private static final String LENGTHS = "lengths";
  private static final String DESIGNS = "designs";
  private static final String WITHIN = "within";
  private static final String STUDIES = "studies";
  private static final String AVERAGES = "averages";
  private static final String OMISSIONS = "omissions";
  private static final List<String> KEYS =
      List.of(
          "reproduction",
          "description",
          "source",
          "shapes",
          "models",
          LENGTHS,
          DESIGNS,
          AVERAGES,
          WITHIN,
          STUDIES);

  /** Without designs nothing has lengths, means or a bound in common. */
  private static final List<String> KEYS_WITHOUT_DESIGNS =
      List.of("reproduction", "description", "source", "shapes", "models", STUDIES);

  static final String RANK = "[A-Z][A-Za-z0-9_]*";

  private final Path path;
  private final SourceFile file;
  private final Diagnostics diagnostics = new Diagnostics();

  private ReproductionReader(Path path) {
    this.path = path;
    this.file = ConfigFile.open(path);
  }

  /**
   * Reads a file.
   *
   * @throws InvalidInputException with everything that is wrong with it; the files it names are
   *     looked for but not read
   */
  public static Reproduction readFile(Path path) {
    ReproductionReader reader = new ReproductionReader(path);
    Optional<ConfigNode> root = YamlReader.read(reader.file, reader.diagnostics);
    Optional<Reproduction> read = root.flatMap(reader::read);
    root.ifPresent(node -> Published.SCHEMA.check(reader.file, node, reader.diagnostics));
    reader.diagnostics.throwIfErrors();
    return read.orElseThrow();
  }

  /** Loading a schema takes a while, and only those who read a reproduction should wait. */
  private static final class Published {
    private static final SchemaCheck SCHEMA = SchemaCheck.published("reproduction.schema.json");
  }

  private Optional<Reproduction> read(ConfigNode root) {
    if (!(root instanceof ConfigNode.Mapping mapping)) {
      diagnostics.error(
          file, root.span(), "no reproduction (got " + root.what() + ", expected a mapping)");
      return Optional.empty();
    }
    Section section = new Section(file, "", mapping, diagnostics);
    boolean hasDesigns = section.has(DESIGNS) || !section.has(STUDIES);
    section.allowOnly(hasDesigns ? KEYS : KEYS_WITHOUT_DESIGNS);
    Optional<String> name =
        section
            .required("reproduction")
            .flatMap(f -> f.text(NAME, "a name of lower-case letters, digits and hyphens"));
    Optional<String> description = section.required("description").flatMap(Field::text);
    Optional<String> source = section.required("source").flatMap(Field::text);
    List<Model> models = models(section);
    Optional<Section> withDesigns = Optional.of(section).filter(_ -> hasDesigns);
    Optional<Section> lengths =
        withDesigns.flatMap(own -> own.required(LENGTHS)).flatMap(Field::section);
    lengths.ifPresent(inner -> inner.allowOnly(List.of("ranks", "values")));
    List<RankName> ranks = ranks(lengths);
    Map<String, Long> values = lengths(lengths);
    OmissionsReader omissions =
        new OmissionsReader(
            models.stream().map(Model::name).toList(), List.copyOf(values.keySet()));
    List<Design> designs =
        items(withDesigns.flatMap(own -> own.required(DESIGNS))).stream()
            .flatMap(item -> item.section().flatMap(one -> design(one, omissions)).stream())
            .toList();
    List<Average> averages =
        items(section.optional("averages")).stream()
            .flatMap(item -> item.section().flatMap(inner -> average(inner, designs)).stream())
            .toList();
    List<Study> studies = studies(section, models);
    Optional<Section> within =
        withDesigns.flatMap(own -> own.required(WITHIN)).flatMap(Field::section);
    List<String> bounds = new ArrayList<>(Arrays.stream(Kind.values()).map(Kind::text).toList());
    bounds.add(AVERAGES);
    within.ifPresent(inner -> inner.allowOnly(bounds));
    return diagnostics.hasErrors()
        ? Optional.empty()
        : Optional.of(
            new Reproduction(
                path,
                name.orElseThrow(),
                description.orElseThrow(),
                source.orElseThrow(),
                models,
                values,
                ranks,
                designs,
                averages,
                bounds(within),
                averageBounds(within),
                studies));
  }

  private List<Study> studies(Section section, List<Model> models) {
    StudyReader reader = new StudyReader(this, models);
    return items(section.optional(STUDIES)).stream()
        .flatMap(item -> item.section().flatMap(reader::study).stream())
        .toList();
  }

  private static Map<Kind, Double> bounds(Optional<Section> within) {
    Map<Kind, Double> bounds = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      within
          .flatMap(inner -> inner.optional(kind.text()))
          .flatMap(Field::positive)
          .ifPresent(bound -> bounds.put(kind, bound));
    }
    return bounds;
  }

  private static Map<Metric, Double> averageBounds(Optional<Section> within) {
    Map<Metric, Double> bounds = new EnumMap<>(Metric.class);
    Optional<Section> averages =
        within.flatMap(inner -> inner.optional(AVERAGES)).flatMap(Field::section);
    averages.ifPresent(inner -> inner.allowOnly(Metric.texts()));
    for (Metric metric : Metric.values()) {
      averages
          .flatMap(inner -> inner.optional(metric.text()))
          .flatMap(Field::positive)
          .ifPresent(bound -> bounds.put(metric, bound));
    }
    return bounds;
  }

  private static List<Model> models(Section section) {
    Map<RankName, Long> common = shapes(section.optional("shapes"));
    List<Model> models = new ArrayList<>();
    for (Field field : fields(section.required("models"))) {
      Map<RankName, Long> shapes = new LinkedHashMap<>(common);
      shapes.putAll(shapes(Optional.of(field)));
      models.add(new Model(field.key(), shapes));
    }
    return models;
  }

  private static List<RankName> ranks(Optional<Section> lengths) {
    return items(lengths.flatMap(inner -> inner.required("ranks"))).stream()
        .flatMap(item -> item.text(RANK, "a rank such as P").stream())
        .map(RankName::new)
        .toList();
  }

  private static Map<String, Long> lengths(Optional<Section> section) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (Field item : items(section.flatMap(inner -> inner.required("values")))) {
      shape(item).ifPresent(shape -> values.put(item.got(), shape));
    }
    return values;
  }

  private Optional<Design> design(Section section, OmissionsReader omissionsReader) {
    section.allowOnly(
        List.of(
            "design",
            "machine",
            "cascade",
            "schedule",
            "mappings",
            "largest",
            "parameters",
            "published",
            OMISSIONS,
            WITHIN,
            "columns"));
    Optional<String> name = section.required("design").flatMap(Field::text);
    Optional<Path> machine = section.required("machine").flatMap(this::file);
    Optional<Path> cascade = section.required("cascade").flatMap(this::file);
    Optional<Path> mappings = section.optional("mappings").flatMap(this::file);
    Optional<Path> schedule =
        section.has("mappings")
            ? Optional.empty()
            : section.required("schedule").flatMap(this::file);
    Optional<Largest> largest =
        section.optional("largest").flatMap(Field::section).flatMap(ReproductionReader::largest);
    Map<String, Map<String, Long>> parameters = new LinkedHashMap<>();
    for (Field model : fields(section.optional("parameters"))) {
      Map<String, Long> values = new LinkedHashMap<>();
      for (Field value : fields(Optional.of(model))) {
        value.whole(1, ShapeText.LARGEST).ifPresent(number -> values.put(value.key(), number));
      }
      parameters.put(model.key(), values);
    }
    Optional<Path> published = section.required("published").flatMap(this::file);
    Omissions omissions =
        section
            .optional(OMISSIONS)
            .flatMap(Field::section)
            .map(omissionsReader::read)
            .orElse(Omissions.NONE);
    Map<String, String> columns = new LinkedHashMap<>();
    for (Field field : fields(section.required("columns"))) {
      field.text().ifPresent(figure -> columns.put(field.key(), figure));
    }
    return diagnostics.hasErrors()
        ? Optional.empty()
        : Optional.of(
            new Design(
                name.orElseThrow(),
                machine.orElseThrow(),
                cascade.orElseThrow(),
                schedule,
                mappings,
                largest,
                parameters,
                published.orElseThrow(),
                omissions,
                bounds(section.optional(WITHIN).flatMap(Field::section)),
                columns));
  }

  static Optional<Largest> largest(Section section) {
    section.allowOnly(List.of("parameter", "tiles", "of", "most"));
    Optional<String> parameter = section.required("parameter").flatMap(Field::text);
    Optional<String> rank =
        section.required("tiles").flatMap(f -> f.text(RANK, "a rank such as P"));
    Optional<Long> tile = section.required("of").flatMap(f -> f.whole(1, ShapeText.LARGEST));
    long most =
        section
            .optional("most")
            .flatMap(f -> f.whole(1, ShapeText.LARGEST))
            .orElse(ShapeText.LARGEST);
    return parameter.isEmpty() || rank.isEmpty() || tile.isEmpty()
        ? Optional.empty()
        : Optional.of(new Largest(parameter.get(), new RankName(rank.get()), tile.get(), most));
  }

  private static Optional<Average> average(Section section, List<Design> designs) {
    section.allowOnly(List.of("figure", "of", "over", "published"));
    List<String> names = designs.stream().map(Design::name).toList();
    Optional<Metric> figure =
        section.required("figure").flatMap(f -> f.oneOf(Metric.texts())).flatMap(Metric::of);
    List<String> dividend = designs(section.required("of"), names);
    List<String> divisor = designs(section.required("over"), names);
    Optional<Double> published = section.required("published").flatMap(Field::positive);
    return figure.isEmpty() || dividend.isEmpty() || divisor.isEmpty() || published.isEmpty()
        ? Optional.empty()
        : Optional.of(new Average(figure.get(), dividend, divisor, published.get()));
  }

  private static List<String> designs(Optional<Field> list, List<String> names) {
    return items(list).stream().flatMap(item -> item.oneOf(names).stream()).toList();
  }

  static Map<RankName, Long> shapes(Optional<Field> given) {
    Map<RankName, Long> shapes = new LinkedHashMap<>();
    for (Field field : fields(given)) {
      shape(field).ifPresent(shape -> shapes.put(new RankName(field.key()), shape));
    }
    return shapes;
  }

  static Optional<Long> shape(Field field) {
    var elements = ShapeText.elements(field.got());
    if (elements.isEmpty()) {
      field.error(
          "wrong value (got %s, expected a whole number from 1 to %d, or one such as 4K)"
              .formatted(field.got(), ShapeText.LARGEST));
      return Optional.empty();
    }
    return Optional.of(elements.getAsLong());
  }

  static List<Field> fields(Optional<Field> mapping) {
    return mapping.flatMap(Field::section).map(Section::fields).orElse(List.of());
  }

  static List<Field> items(Optional<Field> list) {
    return list.flatMap(Field::items).orElse(List.of());
  }

  /** A file that must exist, from where this one is. */
  Optional<Path> file(Field field) {
    Optional<Path> found = field.text().map(text -> beside(path, text));
    if (found.isPresent() && !Files.isRegularFile(found.get())) {
      field.error("no such file (got %s, expected one that exists)".formatted(found.get()));
      return Optional.empty();
    }
    return found;
  }

  /** A path that is written relative to a file. */
  static Path beside(Path file, String text) {
    Path folder = file.getParent() == null ? Path.of("") : file.getParent();
    return folder.resolve(text).normalize();
  }
}
