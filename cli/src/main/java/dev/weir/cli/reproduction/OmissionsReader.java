package dev.weir.cli.reproduction;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.config.Field;
import dev.weir.mapper.config.Section;
import java.util.List;
import java.util.Optional;

/** Reads what published energies leave out. */
final class OmissionsReader {

  private static final String MODELS = "models";
  private static final String LENGTHS = "lengths";

  private final List<String> models;
  private final List<String> lengths;

  OmissionsReader(List<String> models, List<String> lengths) {
    this.models = List.copyOf(models);
    this.lengths = List.copyOf(lengths);
  }

  Omissions read(Section section) {
    section.allowOnly(List.of("once", "operations", "words"));
    return new Omissions(
        texts(section, "once").stream().map(LevelName::new).toList(),
        texts(section, "operations"),
        ReproductionReader.items(section.optional("words")).stream()
            .flatMap(item -> item.section().flatMap(this::words).stream())
            .toList());
  }

  private static List<String> texts(Section section, String key) {
    return ReproductionReader.items(section.optional(key)).stream()
        .flatMap(item -> item.text().stream())
        .toList();
  }

  private Optional<Omissions.Words> words(Section section) {
    section.allowOnly(List.of("read", "write", "at", "share", MODELS, LENGTHS));
    boolean isRead = section.has("read");
    Optional<String> tensor = section.required(isRead ? "read" : "write").flatMap(Field::text);
    Optional<String> level = section.required("at").flatMap(Field::text);
    double share = section.optional("share").flatMap(Field::positive).orElse(1.0);
    List<String> ofModels = some(section, MODELS, models);
    List<String> ofLengths = some(section, LENGTHS, lengths);
    return tensor.isEmpty() || level.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Omissions.Words(
                new TensorName(tensor.get()),
                new LevelName(level.get()),
                isRead,
                share,
                ofModels,
                ofLengths));
  }

  private static List<String> some(Section section, String key, List<String> known) {
    return ReproductionReader.items(section.optional(key)).stream()
        .flatMap(item -> item.oneOf(known).stream())
        .toList();
  }
}
