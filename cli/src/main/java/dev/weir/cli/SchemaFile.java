package dev.weir.cli;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.InvalidInputException;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.SchemaCheck;
import dev.weir.mapper.config.YamlReader;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON schemas of draft 2020-12. */
final class SchemaFile {

  private SchemaFile() {}

  /**
   * The title of a schema, or what stands for it.
   *
   * @throws InvalidInputException when the file is no JSON, or no valid schema
   */
  static String title(Path path) {
    SourceFile file = ConfigFile.open(path);
    Diagnostics diagnostics = new Diagnostics();
    try {
      JsonMapper.shared().readTree(file.text());
    } catch (JacksonException wrong) {
      int at = (int) Math.max(0, wrong.getLocation().getCharOffset());
      diagnostics.error(
          file,
          new Span(at, at + 1),
          "not JSON ("
              + wrong.getOriginalMessage().lines().findFirst().orElse("it ends too early")
              + ")");
      diagnostics.throwIfErrors();
    }
    // JSON is YAML too, and that reader knows where everything stands.
    Optional<ConfigNode> root = YamlReader.read(file, diagnostics);
    root.ifPresent(node -> check(file, node, diagnostics));
    diagnostics.throwIfErrors();
    return root.filter(ConfigNode.Mapping.class::isInstance)
        .map(ConfigNode.Mapping.class::cast)
        .flatMap(mapping -> mapping.entry("title"))
        .map(entry -> entry.value())
        .filter(ConfigNode.Scalar.class::isInstance)
        .map(title -> ((ConfigNode.Scalar) title).text())
        .orElse("without title");
  }

  private static void check(SourceFile file, ConfigNode root, Diagnostics diagnostics) {
    boolean names =
        root instanceof ConfigNode.Mapping mapping && mapping.entry("$schema").isPresent();
    if (!names) {
      diagnostics.error(
          file,
          new Span(root.span().start(), root.span().start() + 1),
          "is no JSON schema (got " + root.what() + " without $schema, expected one with it)");
    }
    SchemaCheck.ofSchemas().check(file, root, diagnostics);
  }
}
