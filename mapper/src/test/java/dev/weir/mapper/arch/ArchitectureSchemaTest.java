package dev.weir.mapper.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.ConfigNode.Entry;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.ConfigNode.Scalar;
import dev.weir.mapper.config.ConfigNode.Sequence;
import dev.weir.mapper.config.QuantityKind;
import dev.weir.mapper.config.SchemaCheck;
import dev.weir.mapper.config.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The published schema and the reader accept the same files: each value of each file is replaced,
 * removed and renamed in turn, and both must come to the same verdict, but for what no schema can
 * say.
 */
class ArchitectureSchemaTest {

  private static final SchemaCheck SCHEMA = SchemaCheck.published("architecture.schema.json");

  /** What only the reader can find, as it takes two places or arithmetic. */
  private static final Pattern BEYOND_A_SCHEMA =
      Pattern.compile(
          "unknown (memory|axis) .*|no axis is called .*|.* stands twice .*|unit .* cannot reach .*"
              + "|missing key energy in .* expected energy everywhere.*|more instances than .*"
              + "|an array runs all .*|link from a wider .*|.* is no whole number of words .*");

  @ParameterizedTest
  @MethodSource("dev.weir.mapper.arch.ShippedArchitecturesTest#files")
  void schemaAcceptsWhatIsShipped(Path path) {
    SourceFile file = ConfigFile.open(path);
    ConfigNode root = YamlReader.read(file, new Diagnostics()).orElseThrow();

    assertThat(SCHEMA.accepts(root)).isTrue();
  }

  @Test
  void schemaAndReaderAgreeOnEveryMutationOfAFileWithEveryFeature() {
    SourceFile file = new SourceFile("small.yaml", SmallArchitecture.TEXT);
    Mapping root = (Mapping) YamlReader.read(file, new Diagnostics()).orElseThrow();
    assertThat(SCHEMA.accepts(root)).isTrue();
    assertThat(findings(file, root)).isEmpty();

    int refused = 0;
    for (Mutant mutant : mutants(root, "")) {
      boolean accepted = SCHEMA.accepts(mutant.root);
      List<String> findings = findings(file, mutant.root);
      List<String> structural =
          findings.stream().filter(f -> !BEYOND_A_SCHEMA.matcher(f).matches()).toList();
      if (accepted) {
        assertThat(structural).as("schema accepts %s", mutant.what).isEmpty();
      } else {
        assertThat(findings).as("schema refuses %s", mutant.what).isNotEmpty();
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void patternsAndOperationsAreThoseOfTheReader() throws IOException {
    JsonNode schema =
        JsonMapper.shared()
            .readTree(
                Files.readString(
                    ShippedArchitecturesTest.CONFIGS.resolve("schemas/architecture.schema.json")));
    List<String> patterns = new ArrayList<>();
    schema.get("$defs").forEach(def -> patterns.add(def.path("pattern").asString("")));

    assertThat(patterns)
        .containsAll(Arrays.stream(QuantityKind.values()).map(QuantityKind::pattern).toList());
    assertThat(schema.at("/$defs/unit/properties/operations/properties").propertyNames())
        .containsExactlyElementsOf(
            Arrays.stream(OperationKind.values()).map(OperationKind::text).toList());
  }

  @Test
  void findingsOfTheSchemaStandWhereTheyBelong() {
    SourceFile file =
        new SourceFile(
            "a.yaml",
            SmallArchitecture.with("capacity: 2 KiB", "capcity: 2 KiB")
                .replace("hidden: true", "hidden: 1"));
    Diagnostics diagnostics = new Diagnostics();
    SCHEMA.check(file, YamlReader.read(file, diagnostics).orElseThrow(), diagnostics);

    assertThat(diagnostics.sorted().stream().map(f -> f.position() + ": " + f.message()))
        .containsExactly(
            "a.yaml:10:5: not as the schema says: required property 'capacity' not found",
            "a.yaml:11:5: not as the schema says: property 'capcity' is not defined in the schema"
                + " and the schema does not allow additional properties",
            "a.yaml:21:46: not as the schema says: integer found, boolean expected");
  }

  private static List<String> findings(SourceFile file, ConfigNode root) {
    Diagnostics diagnostics = new Diagnostics();
    ArchitectureReader.readWithoutSchema(file, root, diagnostics);
    return diagnostics.sorted().stream().map(Diagnostic::message).toList();
  }

  private record Mutant(String what, ConfigNode root) {}

  private static List<Mutant> mutants(ConfigNode node, String path) {
    List<Mutant> mutants = new ArrayList<>();
    replacements(node).forEach(r -> mutants.add(new Mutant(path + " as " + r, r)));
    switch (node) {
      case Mapping mapping -> {
        for (int i = 0; i < mapping.entries().size(); i++) {
          mutants.addAll(ofEntry(mapping, i, path));
        }
      }
      case Sequence sequence -> {
        for (int i = 0; i < sequence.items().size(); i++) {
          int at = i;
          for (Mutant inner : mutants(sequence.items().get(i), path + "[" + i + "]")) {
            mutants.add(
                new Mutant(
                    inner.what,
                    new Sequence(with(sequence.items(), at, inner.root), sequence.span())));
          }
        }
      }
      case Scalar _ -> {}
    }
    return mutants;
  }

  private static List<Mutant> ofEntry(Mapping mapping, int at, String path) {
    Entry entry = mapping.entries().get(at);
    String inside = path + "." + entry.key();
    List<Mutant> mutants = new ArrayList<>();
    for (Mutant inner : mutants(entry.value(), inside)) {
      Entry changed = new Entry(entry.key(), entry.keySpan(), inner.root);
      mutants.add(new Mutant(inner.what, mapping(mapping, with(mapping.entries(), at, changed))));
    }
    Entry renamed = new Entry("zzz", entry.keySpan(), entry.value());
    mutants.add(
        new Mutant(inside + " renamed", mapping(mapping, with(mapping.entries(), at, renamed))));
    List<Entry> fewer = new ArrayList<>(mapping.entries());
    fewer.remove(at);
    mutants.add(new Mutant(inside + " removed", mapping(mapping, fewer)));
    return mutants;
  }

  private static Mapping mapping(Mapping old, List<Entry> entries) {
    return new Mapping(entries, old.span());
  }

  private static <T> List<T> with(List<T> list, int at, T changed) {
    List<T> copy = new ArrayList<>(list);
    copy.set(at, changed);
    return copy;
  }

  private static List<ConfigNode> replacements(ConfigNode node) {
    Scalar text = new Scalar("zzz", Scalar.Kind.TEXT, node.span());
    return Stream.of(
            new Sequence(Collections.nCopies(2, text), node.span()),
            new Mapping(List.of(), node.span()),
            text,
            new Scalar("", Scalar.Kind.TEXT, node.span()),
            new Scalar("", Scalar.Kind.NULL, node.span()),
            new Scalar("7", Scalar.Kind.INTEGER, node.span()),
            new Scalar("-1.5", Scalar.Kind.DECIMAL, node.span()),
            new Scalar("true", Scalar.Kind.BOOLEAN, node.span()),
            new Scalar("3 cycles", Scalar.Kind.TEXT, node.span()),
            new Scalar("0 pJ", Scalar.Kind.TEXT, node.span()),
            new Scalar("5 words", Scalar.Kind.TEXT, node.span()),
            new Scalar("a.b", Scalar.Kind.TEXT, node.span()))
        .map(ConfigNode.class::cast)
        .toList();
  }
}
