package dev.weir.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.cli.CommandLineRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page of experiments: its example can be run, and it names every key. */
class ExperimentPageTest {

  private static final String PAGE = "docs/experiment.md";

  @Test
  void exampleIsRight(@TempDir Path folder) throws Exception {
    String example = Pages.block(PAGE, "experiment: my-attention");
    Path file = folder.resolve("my.yaml");
    Files.writeString(file, example.replace("../", Pages.ROOT.resolve("configs") + "/"));

    CommandLineRun run = CommandLineRun.weir("check", file.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("experiment my-attention, 2 targets");
  }

  @Test
  void everyKeyOfTheSchemaIsExplained() {
    JsonNode schema =
        JsonMapper.shared().readTree(Pages.text("configs/schemas/experiment.schema.json"));
    Set<String> keys = new TreeSet<>();
    collect(schema, keys);

    assertThat(keys).contains("experiment", "siblings", "objective", "interpret");
    assertThat(keys).allSatisfy(key -> assertThat(Pages.text(PAGE)).contains("`" + key + "`"));
  }

  private static void collect(JsonNode schema, Set<String> keys) {
    schema.path("properties").propertyNames().forEach(keys::add);
    schema.forEach(inner -> collect(inner, keys));
  }
}
