package dev.weir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.reports.model.Provenance.Fact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a report says of the run that made it. */
final class RunFacts {

  private RunFacts() {}

  static List<Fact> now() {
    return List.of(
        new Fact("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()),
        new Fact("Weir", version()),
        new Fact("commit", commit()),
        new Fact("Java", Runtime.version() + ", " + System.getProperty("java.vendor")),
        new Fact(
            "system",
            System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + ", "
                + System.getProperty("os.arch")
                + ", "
                + Runtime.getRuntime().availableProcessors()
                + " processors"));
  }

  /** The name of the host's processor, where the system tells it without being asked as root. */
  static String processor() {
    Path told = Path.of("/proc/cpuinfo");
    if (Files.isReadable(told)) {
      try (Stream<String> lines = Files.lines(told, UTF_8)) {
        Optional<String> model =
            lines
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
        if (model.isPresent()) {
          return model.get();
        }
      } catch (IOException | UncheckedIOException unreadable) {
        return System.getProperty("os.arch");
      }
    }
    return System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", System.getProperty("os.arch"));
  }

  /** That of the jar; classes that lie loose have none. */
  static String version() {
    String version = RunFacts.class.getPackage().getImplementationVersion();
    return version == null ? "not from a jar" : version;
  }

  private static String commit() {
    try {
      Path here =
          Path.of(RunFacts.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
              .directory(here.getParent().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
      return git.waitFor() == 0 && !text.isEmpty() ? text : "unknown";
    } catch (IOException | URISyntaxException noGit) {
      return "unknown";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
