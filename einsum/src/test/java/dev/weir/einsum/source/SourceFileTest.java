package dev.weir.einsum.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SourceFileTest {

  @Test
  void missingFileNamesTheNearest(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("fusemax_cloud.yaml"), "a: 1");
    Files.writeString(folder.resolve("flat_cloud.yaml"), "a: 1");
    Files.writeString(folder.resolve("notes.txt"), "a");
    Path wanted = folder.resolve("fusemx_cloud.yaml");

    assertThatThrownBy(() -> SourceFile.read(wanted))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "error: %s does not exist (got fusemx_cloud.yaml, expected one of flat_cloud.yaml,"
                + " fusemax_cloud.yaml)\n    fix: %s\n",
            wanted, folder.resolve("fusemax_cloud.yaml"));
  }

  @Test
  void missingFolderIsSaid(@TempDir Path folder) {
    Path wanted = folder.resolve("gone/a.yaml");

    assertThatThrownBy(() -> SourceFile.read(wanted))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "error: %s does not exist (expected a file in a folder that is there)\n", wanted);
  }

  @Test
  void missingFileAmongNoneOfItsKindIsSaid(@TempDir Path folder) {
    Path wanted = folder.resolve("a.yaml");

    assertThatThrownBy(() -> SourceFile.read(wanted))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("error: %s does not exist (got a.yaml, expected an existing file)\n", wanted);
  }

  /** The memory of this process is a file that is there and cannot be read from its beginning. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void unreadableFileIsSaid() {
    Path memory = Path.of("/proc/self/mem");

    assertThatThrownBy(() -> SourceFile.read(memory))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("error: cannot read %s: Input/output error\n", memory);
  }

  @Test
  void hugeFileIsRefusedBeforeItIsRead(@TempDir Path folder) throws Exception {
    Path huge = folder.resolve("huge.edge");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(1L << 34);
    }

    assertThatThrownBy(() -> SourceFile.read(huge))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "error: %s is too large for a text that is read here (got 17,179,869,184 B, expected"
                + " at most 16,777,216 B)\n",
            huge);
  }

  @Test
  void folderIsNoFile(@TempDir Path folder) {
    assertThatThrownBy(() -> SourceFile.read(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("error: %s is a folder (expected a file)\n", folder);
    assertThatThrownBy(() -> SourceFile.bytes(folder))
        .hasMessage("error: %s is a folder (expected a file)\n", folder);
  }

  @Test
  void binaryFileIsRefusedWithTheByte(@TempDir Path folder) throws Exception {
    Path wrong = Files.write(folder.resolve("a.edge"), new byte[] {'a', (byte) 0xff, 'b'});
    Path cut = Files.write(folder.resolve("b.edge"), new byte[] {'a', 'b', (byte) 0xc3});
    Path zero = Files.write(folder.resolve("c.edge"), new byte[] {(byte) 0xc3, (byte) 0xa9, 0});

    assertThatThrownBy(() -> SourceFile.read(wrong))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("error: %s is no text (byte 2 is not UTF-8, expected UTF-8)\n", wrong);
    assertThatThrownBy(() -> SourceFile.read(cut))
        .hasMessage("error: %s is no text (byte 3 is not UTF-8, expected UTF-8)\n", cut);
    assertThatThrownBy(() -> SourceFile.read(zero))
        .hasMessage("error: %s is no text (byte 3 is 0, expected UTF-8)\n", zero);
    assertThat(SourceFile.bytes(wrong)).containsExactly('a', 0xff, 'b');
  }

  @Test
  void reasonsAreWordsAndNotThePathAgain() {
    assertThat(InputBytes.reason(new AccessDeniedException("a.edge")))
        .isEqualTo("permission denied");
    assertThat(InputBytes.reason(new FileSystemException("a.edge", null, "Too many links")))
        .isEqualTo("Too many links");
    assertThat(InputBytes.reason(new NoSuchFileException("a.edge")))
        .isEqualTo("NoSuchFileException");
    assertThat(InputBytes.reason(new IOException("Input/output error")))
        .isEqualTo("Input/output error");
  }

  @Test
  void byteOrderMarkIsSkippedAtTheStartOnly(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a.yaml"), "\uFEFFa: \"\uFEFF\"\r\n");

    SourceFile read = SourceFile.read(file);

    assertThat(read.text()).isEqualTo("a: \"\uFEFF\"\n");
    assertThat(read.name()).isEqualTo(file.toString());
    assertThat(read.column(0)).isEqualTo(1);
  }

  @Test
  void emptyFileIsAText(@TempDir Path folder) throws Exception {
    assertThat(SourceFile.read(Files.createFile(folder.resolve("a.edge"))).text()).isEmpty();
  }
}
