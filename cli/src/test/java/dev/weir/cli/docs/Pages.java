package dev.weir.cli.docs;

import dev.weir.cli.CommandLineRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pages of the documentation. */
final class Pages {

  static final Path ROOT = CommandLineRun.ROOT;

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```[a-z]*\\n(.*?)^```$");

  private Pages() {}

  /** Paths from the root. */
  static Stream<String> all() {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
          Stream.of("README.md", "CONTRIBUTING.md"),
          docs
              .filter(file -> file.toString().endsWith(".md"))
              .map(file -> ROOT.relativize(file).toString())
              .sorted()
              .toList()
              .stream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String page) {
    try {
      return Files.readString(ROOT.resolve(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The block of code that begins with some text. */
  static String block(String page, String beginning) {
    return BLOCK
        .matcher(text(page))
        .results()
        .map(result -> result.group(1))
        .filter(block -> block.startsWith(beginning))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no block '" + beginning + "' in " + page));
  }
}
