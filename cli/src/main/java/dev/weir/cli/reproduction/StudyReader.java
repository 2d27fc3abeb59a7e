package dev.weir.cli.reproduction;

import dev.weir.cli.experiment.ShapeText;
import dev.weir.cli.reproduction.Reproduction.Largest;
import dev.weir.cli.reproduction.Reproduction.Model;
import dev.weir.cli.reproduction.Study.Case;
import dev.weir.cli.reproduction.Study.Growth;
import dev.weir.cli.reproduction.Study.Published;
import dev.weir.cli.reproduction.Study.Quantity;
import dev.weir.cli.reproduction.Study.Run;
import dev.weir.cli.reproduction.Study.Triangle;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Section;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the further tables of a reproduction; mistakes are reported where they stand. */
final class StudyReader {

  private static final String RANK = "a rank such as P";

  private final ReproductionReader files;
  private final List<Model> models;

  /**
   * @param files finds files from where the reproduction stands
   * @param models that cases can name
   */
  StudyReader(ReproductionReader files, List<Model> models) {
    this.files = files;
    this.models = models;
  }

  /** A study; empty, with errors reported, when something of it is wrong. */
  Optional<Study> study(Section section) {
    section.allowOnly(List.of("study", "title", "text", "figures", "per", "within", "cases"));
    Optional<String> name =
        section
            .required("study")
            .flatMap(f -> f.text("[a-z][a-z0-9-]*", "a name of lower-case letters and hyphens"));
    Optional<String> title = section.required("title").flatMap(Field::text);
    Optional<String> text = section.required("text").flatMap(Field::text);
    List<Quantity> figures =
        ReproductionReader.items(section.required("figures")).stream()
            .flatMap(item -> item.oneOf(Quantity.texts()).stream())
            .map(Quantity::of)
            .toList();
    List<RankName> per =
        ReproductionReader.items(section.optional("per")).stream()
            .flatMap(item -> rank(item).stream())
            .map(RankName::new)
            .toList();
    Map<Quantity, Double> within = numbers(section.optional("within"));
    List<Case> cases =
        ReproductionReader.items(section.required("cases")).stream()
            .flatMap(item -> item.section().flatMap(own -> oneCase(own, figures)).stream())
            .toList();
    return name.isEmpty() || title.isEmpty() || text.isEmpty()
        ? Optional.empty()
        : Optional.of(new Study(name.get(), title.get(), text.get(), figures, per, within, cases));
  }

  /** Numbers above zero by the figure that their key names. */
  private static Map<Quantity, Double> numbers(Optional<Field> given) {
    Map<Quantity, Double> found = new EnumMap<>(Quantity.class);
    quantities(given)
        .forEach(
            (quantity, field) -> field.positive().ifPresent(number -> found.put(quantity, number)));
    return found;
  }

  /** Values by the figure that their key names. */
  private static Map<Quantity, Field> quantities(Optional<Field> given) {
    Map<Quantity, Field> found = new EnumMap<>(Quantity.class);
    Optional<Section> section = given.flatMap(Field::section);
    section.ifPresent(own -> own.allowOnly(Quantity.texts()));
    for (Quantity quantity : Quantity.values()) {
      section
          .flatMap(own -> own.optional(quantity.text()))
          .ifPresent(field -> found.put(quantity, field));
    }
    return found;
  }

  private Optional<Case> oneCase(Section section, List<Quantity> figures) {
    section.allowOnly(List.of("case", "models", "shapes", "growth", "runs"));
    Optional<String> name = section.required("case").flatMap(Field::text);
    List<String> known = models.stream().map(Model::name).toList();
    List<Model> wanted =
        ReproductionReader.items(section.optional("models")).stream()
            .flatMap(item -> item.oneOf(known).stream())
            .flatMap(text -> models.stream().filter(model -> model.name().equals(text)))
            .toList();
    Map<RankName, Long> shapes = ReproductionReader.shapes(section.optional("shapes"));
    List<Run> runs =
        ReproductionReader.items(section.required("runs")).stream()
            .flatMap(item -> item.section().flatMap(this::run).stream())
            .toList();
    Optional<Field> field =
        figures.contains(Quantity.TILE) ? section.required("growth") : section.optional("growth");
    Optional<Growth> growth = field.flatMap(Field::section).flatMap(StudyReader::growth);
    return name.map(own -> new Case(own, wanted, shapes, growth, runs));
  }

  private static Optional<Growth> growth(Section section) {
    section.allowOnly(List.of("rank", "to", "tile"));
    Optional<String> rank = section.required("rank").flatMap(StudyReader::rank);
    Optional<Long> to = section.required("to").flatMap(ReproductionReader::shape);
    Map<RankName, Long> tile = ReproductionReader.shapes(section.required("tile"));
    return rank.isEmpty() || to.isEmpty()
        ? Optional.empty()
        : Optional.of(new Growth(new RankName(rank.get()), to.get(), tile));
  }

  private Optional<Run> run(Section section) {
    section.allowOnly(
        List.of(
            "run",
            "machine",
            "cascade",
            "schedules",
            "largest",
            "parameters",
            "triangle",
            "published"));
    Optional<String> name = section.required("run").flatMap(Field::text);
    Optional<Path> machine = section.required("machine").flatMap(files::file);
    Optional<Path> cascade = section.required("cascade").flatMap(files::file);
    List<Path> schedules =
        ReproductionReader.items(section.required("schedules")).stream()
            .flatMap(item -> files.file(item).stream())
            .toList();
    Optional<Largest> largest =
        section.optional("largest").flatMap(Field::section).flatMap(ReproductionReader::largest);
    Map<String, Long> parameters = new LinkedHashMap<>();
    for (Field value : ReproductionReader.fields(section.optional("parameters"))) {
      value.whole(1, ShapeText.LARGEST).ifPresent(number -> parameters.put(value.key(), number));
    }
    Optional<Triangle> triangle =
        section.optional("triangle").flatMap(Field::section).flatMap(StudyReader::triangle);
    Optional<Published> published =
        section.optional("published").flatMap(Field::section).flatMap(this::published);
    return name.isEmpty() || machine.isEmpty() || cascade.isEmpty() || schedules.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Run(
                name.get(),
                machine.get(),
                cascade.get(),
                schedules,
                largest,
                parameters,
                triangle,
                published));
  }

  private static Optional<Triangle> triangle(Section section) {
    section.allowOnly(List.of("rows", "columns", "block"));
    Optional<String> rows = section.required("rows").flatMap(StudyReader::rank);
    Optional<String> columns = section.required("columns").flatMap(StudyReader::rank);
    Optional<Long> block = section.required("block").flatMap(ReproductionReader::shape);
    return rows.isEmpty() || columns.isEmpty() || block.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Triangle(new RankName(rows.get()), new RankName(columns.get()), block.get()));
  }

  private static Optional<String> rank(Field field) {
    return field.text(ReproductionReader.RANK, RANK);
  }

  private Optional<Published> published(Section section) {
    section.allowOnly(List.of("file", "row", "models", "columns", "plus"));
    Optional<Path> file = section.required("file").flatMap(files::file);
    Map<String, String> row = new LinkedHashMap<>();
    for (Field value : ReproductionReader.fields(section.optional("row"))) {
      row.put(value.key(), value.got());
    }
    String models = section.optional("models").flatMap(Field::text).orElse("model");
    Map<Quantity, String> columns = new EnumMap<>(Quantity.class);
    quantities(section.required("columns"))
        .forEach((quantity, field) -> field.text().ifPresent(text -> columns.put(quantity, text)));
    Map<Quantity, Double> plus = numbers(section.optional("plus"));
    return file.map(own -> new Published(own, row, models, columns, plus));
  }
}
