package dev.weir.mapper.config;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.ConfigNode.Scalar;
import dev.weir.mapper.config.ConfigNode.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A published JSON schema (draft 2020-12). Its findings are put at the positions of the YAML file.
 */
public final class SchemaCheck {

  /** Where the build puts {@code configs/schemas}. */
  private static final String FOLDER = "/dev/weir/schemas/";

  private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

  private final Schema schema;

  private SchemaCheck(Schema schema) {
    this.schema = schema;
  }

  /** The published schema with a file name such as {@code architecture.schema.json}. */
  public static SchemaCheck published(String name) {
    try (InputStream text = SchemaCheck.class.getResourceAsStream(FOLDER + name)) {
      if (text == null) {
        throw new IllegalArgumentException("no schema " + FOLDER + name + " in this build");
      }
      return new SchemaCheck(
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The schema of schemas. */
  public static SchemaCheck ofSchemas() {
    return new SchemaCheck(
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(DRAFT)));
  }

  /** Whether a tree is as the schema says. */
  public boolean accepts(ConfigNode root) {
    return schema.validate(ConfigJson.of(root)).isEmpty();
  }

  /**
   * Adds what the schema finds at places where nothing was found yet: a reader says the same in
   * better words.
   */
  public void check(SourceFile file, ConfigNode root, Diagnostics diagnostics) {
    Set<Integer> known =
        diagnostics.sorted().stream()
            .filter(diagnostic -> diagnostic.file().equals(file))
            .map(Diagnostic::span)
            .map(Span::start)
            .collect(Collectors.toSet());
    for (Error error : schema.validate(ConfigJson.of(root))) {
      Span place = place(error, root);
      if (!known.contains(place.start()) && !isMisspelt(error, root, known)) {
        diagnostics.error(file, place, "not as the schema says: " + error.getMessage());
      }
    }
  }

  /** Whether a key is missing because it is misspelt, which has been said of the key beside it. */
  private static boolean isMisspelt(Error error, ConfigNode root, Set<Integer> known) {
    return node(error, root) instanceof Mapping mapping
        && error.getProperty() != null
        && mapping.entry(error.getProperty()).isEmpty()
        && mapping.entries().stream()
            .filter(entry -> known.contains(entry.keySpan().start()))
            .anyMatch(
                entry -> Spelling.nearest(entry.key(), List.of(error.getProperty())).isPresent());
  }

  private static ConfigNode node(Error error, ConfigNode root) {
    ConfigNode node = root;
    for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
      node = child(node, error.getInstanceLocation().getElement(i).toString()).orElse(node);
    }
    return node;
  }

  /** The key that is too many, or else the value that is wrong. */
  private static Span place(Error error, ConfigNode root) {
    ConfigNode node = node(error, root);
    if (node instanceof Mapping mapping && error.getProperty() != null) {
      return mapping.entry(error.getProperty()).map(ConfigNode.Entry::keySpan).orElse(node.span());
    }
    return node.span();
  }

  private static Optional<ConfigNode> child(ConfigNode node, String step) {
    return switch (node) {
      case Mapping mapping -> mapping.entry(step).map(ConfigNode.Entry::value);
      case Sequence sequence -> Optional.of(sequence.items().get(Integer.parseInt(step)));
      case Scalar _ -> Optional.empty();
    };
  }
}
