import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs google-java-format over the sources of all modules: {@code java Format.java ROOT --check} or
 * {@code ROOT --apply [FILE...]}. A program of its own and not a Maven plugin, because the
 * formatter's parser is that of the JDK it runs on, and Maven may run on one too old for the code.
 */
final class Format {
  private Format() {}

  /** Exits with 1 when a check finds a file that the formatter would change. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path root = Path.of(arguments[0]);
    boolean check = arguments[1].equals("--check");
    List<String> files = List.of(arguments).subList(2, arguments.length);
    if (files.isEmpty()) {
      files = sources(root);
    }
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-jar");
    command.add(root.resolve("target/formatter/google-java-format.jar").toString());
    command.addAll(check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
    command.addAll(files);
    int exitCode = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (check && exitCode != 0) {
      System.err.println("The files above are not formatted: run ./weir format-code");
    }
    System.exit(exitCode);
  }

  private static List<String> sources(Path root) throws IOException {
    var sources = new ArrayList<String>();
    try (Stream<Path> folders = Files.list(root)) {
      for (Path folder : folders.sorted().toList()) {
        Path searched = folder.endsWith(".ci") ? folder : folder.resolve("src");
        if (Files.isDirectory(searched)) {
          try (Stream<Path> files = Files.walk(searched)) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }
}
