package dev.weir.mapper.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.source.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are named wrongly are refused with the nearest that is there. */
class ConfigFileTest {

  /** The words are those of every file; {@code SourceFile}'s tests have all of them. */
  @Test
  void missingFileNamesTheNearest(@TempDir Path folder) throws Exception {
    Path there = Files.writeString(folder.resolve("fusemax_cloud.yaml"), "a: 1");
    Path wanted = folder.resolve("fusemx_cloud.yaml");

    assertThatThrownBy(() -> ConfigFile.open(wanted))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "error: %s does not exist (got fusemx_cloud.yaml, expected one of fusemax_cloud.yaml)"
                    .formatted(wanted)
                + "\n    fix: %s\n".formatted(there));
  }

  @Test
  void nameStaysAsTheUserWroteIt(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a.yaml"), "a: 1\r\n");

    assertThat(ConfigFile.open(file).name()).isEqualTo(file.toString());
    assertThat(ConfigFile.open(file).text()).isEqualTo("a: 1\n");
  }
}
