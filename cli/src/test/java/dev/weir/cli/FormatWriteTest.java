package dev.weir.cli;

import static dev.weir.cli.CommandLineRun.file;
import static dev.weir.cli.CommandLineRun.weir;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code format --write} leaves as it was. */
class FormatWriteTest {

  @TempDir Path folder;

  private Path cascade;
  private String untidy;

  @BeforeEach
  void write() throws Exception {
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
    Path shipped = Path.of(file("configs/cascades/attention_naive.edge"));
    untidy = Files.readString(shipped).replace(" = ", "    =   ");
    cascade = Files.writeString(folder.resolve("a.edge"), untidy);
  }

  @Test
  void permissionsStay() throws Exception {
    Files.setPosixFilePermissions(cascade, PosixFilePermissions.fromString("rw-rw-r-x"));

    assertThat(weir("format", "--write", cascade.toString()).code()).isZero();

    assertThat(cascade).content().isNotEqualTo(untidy);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cascade)))
        .isEqualTo("rw-rw-r-x");
    assertThat(folder.toFile().list()).containsExactly("a.edge");
  }

  @Test
  void linkStaysOneAndItsFileIsWritten() throws Exception {
    Path link =
        Files.createSymbolicLink(
            Files.createDirectory(folder.resolve("links")).resolve("b.edge"), cascade);

    assertThat(weir("format", "--write", link.toString()).code()).isZero();

    assertThat(link).isSymbolicLink();
    assertThat(cascade).content().isNotEqualTo(untidy);
  }

  @Test
  void readOnlyFileIsRefused() throws Exception {
    Files.setPosixFilePermissions(cascade, PosixFilePermissions.fromString("r--r--r--"));

    CommandLineRun run = weir("format", "--write", cascade.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(cascade + ": error: is read-only", "fix: chmod u+w");
    assertThat(cascade).content().isEqualTo(untidy);
  }
}
