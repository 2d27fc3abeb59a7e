package dev.weir.cli;

import dev.weir.cli.experiment.EnvironmentException;
import dev.weir.mapper.schedule.Problem;
import dev.weir.simulator.stats.Timeline;
import dev.weir.simulator.trace.PerfettoTrace;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file that a trace goes to, if one is wanted. */
final class TraceFile {

  private final Optional<Path> path;

  /**
   * Opens nothing yet, but looks whether it could be: a long simulation must not end in that.
   *
   * @throws EnvironmentException when it cannot be written there
   */
  TraceFile(Optional<Path> path) {
    this.path = path;
    path.ifPresent(TraceFile::requireWritable);
  }

  private static void requireWritable(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(path)) {
      throw failed(path, "it is a folder");
    }
    if (Files.notExists(folder)) {
      throw failed(path, "there is no folder " + folder);
    }
    if (!Files.isWritable(Files.exists(path) ? path : folder)) {
      throw failed(path, "no permission");
    }
  }

  private static EnvironmentException failed(Path path, String why) {
    return new EnvironmentException("cannot write the trace to %s: %s".formatted(path, why));
  }

  /** Writes a trace; answers what to say about it. */
  Optional<String> write(Problem problem, Timeline timeline) {
    return path.map(
        file -> {
          try (OutputStream out = open(file)) {
            PerfettoTrace.write(problem, timeline, out);
          } catch (IOException cannotWrite) {
            throw failed(file, cannotWrite.getMessage());
          }
          return "wrote %s; https://ui.perfetto.dev opens it".formatted(file);
        });
  }

  /** A stream of this kind is also written to by a thread that was interrupted. */
  private static OutputStream open(Path file) throws IOException {
    return new BufferedOutputStream(new FileOutputStream(file.toFile()));
  }
}
