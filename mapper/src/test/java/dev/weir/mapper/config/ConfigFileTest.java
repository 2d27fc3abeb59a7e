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

  @Test
  void missingFileNamesTheNearest(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("fusemax_cloud.yaml"), "a: 1");
    Files.writeString(folder.resolve("flat_cloud.yaml"), "a: 1");
    Files.writeString(folder.resolve("notes.txt"), "a");
    Path wanted = folder.resolve("fusemx_cloud.yaml");

    assertThatThrownBy(() -> ConfigFile.open(wanted))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            wanted
                + ": error: does not exist (got fusemx_cloud.yaml, expected one of flat_cloud.yaml,"
                + " fusemax_cloud.yaml)\n    fix: "
                + folder.resolve("fusemax_cloud.yaml")
                + "\n");
  }

  @Test
  void missingFolderIsSaid(@TempDir Path folder) {
    Path wanted = folder.resolve("gone/a.yaml");

    assertThatThrownBy(() -> ConfigFile.open(wanted))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "%s: error: does not exist (got %1$s, expected a file in a folder that is there)\n"
                .formatted(wanted));
  }

  @Test
  void folderAndBinaryFileAreRefused(@TempDir Path folder) throws Exception {
    Path binary = Files.write(folder.resolve("a.yaml"), new byte[] {(byte) 0xff, 0, 1});

    assertThatThrownBy(() -> ConfigFile.open(folder))
        .hasMessage(folder + ": error: is a folder (got a folder, expected a file)\n");
    assertThatThrownBy(() -> ConfigFile.open(binary))
        .hasMessage(
            binary + ": error: is no text (got bytes that are not UTF-8, expected UTF-8)\n");
  }

  @Test
  void nameStaysAsTheUserWroteIt(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a.yaml"), "a: 1\r\n");

    assertThat(ConfigFile.open(file).name()).isEqualTo(file.toString());
    assertThat(ConfigFile.open(file).text()).isEqualTo("a: 1\n");
  }
}
