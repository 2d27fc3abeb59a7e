package dev.weir.cli.lint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files of the whole project, of which the tests of this module see more than their own. */
final class SourceTree {
  static final Path ROOT = findRoot();

  /** Folders that hold nothing that is committed. */
  private static final Set<String> GENERATED = Set.of("target", ".git", ".weir", "runs");

  private static final int BINARY_PROBE_BYTES = 8192;

  private SourceTree() {}

  /** All Java files of all modules, main and test. */
  static List<Path> javaFiles() {
    return committedFiles().stream()
        .filter(file -> file.toString().endsWith(".java"))
        .filter(file -> file.toString().contains("/src/"))
        .toList();
  }

  static List<Path> markdownFiles() {
    return committedFiles().stream().filter(file -> file.toString().endsWith(".md")).toList();
  }

  /** Committed files without NUL bytes in their beginning. */
  static List<Path> textFiles() {
    return committedFiles().stream().filter(SourceTree::isText).toList();
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(file + " is not UTF-8 text", unreadable);
    }
  }

  /**
   * What git tracks or would track. Where there is no git, or the folder belongs to someone git
   * does not trust, all files outside generated folders.
   */
  private static List<Path> committedFiles() {
    try {
      Process git =
          new ProcessBuilder("git", "ls-files", "-z", "-co", "--exclude-standard")
              .directory(ROOT.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String listed = new String(git.getInputStream().readAllBytes(), UTF_8);
      if (git.waitFor() == 0 && !listed.isEmpty()) {
        return Stream.of(listed.split("\0", -1))
            .map(ROOT::resolve)
            .filter(Files::isRegularFile)
            .toList();
      }
    } catch (IOException _) {
      // No git on this machine: walk instead.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
    return walk(ROOT);
  }

  private static List<Path> walk(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> !GENERATED.contains(entry.getFileName().toString()))
          .sorted()
          .flatMap(entry -> Files.isDirectory(entry) ? walk(entry).stream() : Stream.of(entry))
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static boolean isText(Path file) {
    try (var stream = Files.newInputStream(file)) {
      for (byte read : stream.readNBytes(BINARY_PROBE_BYTES)) {
        if (read == 0) {
          return false;
        }
      }
      return true;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Maven starts tests in the module's folder, editors sometimes in the root. */
  private static Path findRoot() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null) {
      if (Files.exists(folder.resolve(".ci/run"))) {
        return folder;
      }
      folder = folder.getParent();
    }
    throw new IllegalStateException(
        "no .ci/run in any folder above " + Path.of("").toAbsolutePath());
  }
}
