package dev.weir.mapper.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.config.ConfigFile;
import dev.weir.mapper.config.ConfigNode;
import dev.weir.mapper.config.ConfigNode.Mapping;
import dev.weir.mapper.config.Mutation;
import dev.weir.mapper.config.QuantityKind;
import dev.weir.mapper.config.SchemaCheck;
import dev.weir.mapper.config.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
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
  static final Pattern BEYOND_A_SCHEMA =
      Pattern.compile(
          "unknown (memory|axis|technology) .*|(extends|technology) names no file .*|no axis is"
              + " called .*|.* stands twice .*|unit .* cannot reach .*|missing key energy in .*"
              + " expected energy everywhere.*|more instances than .*|an array runs all .*|link"
              + " from a wider .*|.* is no whole number of words .*|.* is too long .*|technology .*"
              + " (has no class|has no sram|covers) .*|(class|banks|interleaved) without a .*|banks"
              + " do not divide .*|.* is left to a table that does not have it .*");

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
    for (Mutation mutant : Mutation.all(root)) {
      boolean accepted = SCHEMA.accepts(mutant.root());
      List<String> findings = findings(file, mutant.root());
      List<String> structural =
          findings.stream().filter(f -> !BEYOND_A_SCHEMA.matcher(f).matches()).toList();
      if (accepted) {
        assertThat(structural).as("schema accepts %s", mutant.what()).isEmpty();
      } else {
        assertThat(findings).as("schema refuses %s", mutant.what()).isNotEmpty();
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void patternsAndOperationsAreThoseOfTheReader() throws IOException {
    JsonNode schema = schema("architecture");
    List<String> patterns = new ArrayList<>();
    for (JsonNode each : List.of(schema, schema("technology"))) {
      each.get("$defs").forEach(def -> patterns.add(def.path("pattern").asString("")));
    }
    patterns.replaceAll(pattern -> pattern.replace("^technology$|", ""));

    assertThat(patterns)
        .containsAll(Arrays.stream(QuantityKind.values()).map(QuantityKind::pattern).toList());
    assertThat(schema.at("/$defs/unit/properties/operations/properties").propertyNames())
        .containsExactlyElementsOf(
            Arrays.stream(OperationKind.values()).map(OperationKind::text).toList());
  }

  private static JsonNode schema(String name) throws IOException {
    Path file = ShippedArchitecturesTest.CONFIGS.resolve("schemas/" + name + ".schema.json");
    return JsonMapper.shared().readTree(Files.readString(file));
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
            "a.yaml:22:46: not as the schema says: integer found, boolean expected");
  }

  private static List<String> findings(SourceFile file, ConfigNode root) {
    Diagnostics diagnostics = new Diagnostics();
    ArchitectureReader.readWithoutSchema(file, root, diagnostics);
    return diagnostics.sorted().stream().map(Diagnostic::message).toList();
  }
}
