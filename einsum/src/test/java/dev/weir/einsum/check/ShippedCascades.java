package dev.weir.einsum.check;

import dev.weir.einsum.ir.Cascade;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of {@code configs/cascades}, found from wherever a test starts. */
public final class ShippedCascades {

  private ShippedCascades() {}

  /** The cascade of this name. */
  public static Cascade named(String name) {
    return CascadeReader.readFile(folder().resolve(name + ".edge"));
  }

  /** The forms of softmax attention and the pedagogical cascades. */
  static List<Path> forms() {
    return files().stream().filter(file -> file.getParent().equals(folder())).toList();
  }

  /** All files, those of the zoo too, by name. */
  public static List<Path> files() {
    try (Stream<Path> files = Files.walk(folder())) {
      return files.filter(file -> file.toString().endsWith(".edge")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path folder() {
    return root().resolve("configs/cascades");
  }

  /** The folder of the whole project. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(".ci/run"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("no .ci/run above " + Path.of("").toAbsolutePath());
      }
    }
    return folder;
  }
}
