package dev.weir.opencl.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program in a folder of its own, for so long and no longer. */
final class ChildProcess {

  private final Path folder;
  private final Duration limit;

  ChildProcess(Path folder, Duration limit) {
    this.folder = folder;
    this.limit = limit;
  }

  /** How it went. */
  sealed interface Ending {

    /** Exit code 0. */
    record Done(String output) implements Ending {}

    /** Any other end, in a few words. */
    record Unsuccessful(String reason, String output) implements Ending {}
  }

  /** Runs a command whose first word is the program. */
  Ending run(List<String> command) throws IOException {
    String program = String.valueOf(Path.of(command.getFirst()).getFileName());
    Path output = folder.resolve("output.txt");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException notStarted) {
      return new Ending.Unsuccessful(
          program + " cannot be started: " + notStarted.getMessage(), "");
    }
    process.getOutputStream().close();
    boolean ended = await(process);
    String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    if (!ended) {
      return new Ending.Unsuccessful(
          "%s did not end (got more than %d s, expected less)"
              .formatted(program, limit.toSeconds()),
          said);
    }
    return process.exitValue() == 0
        ? new Ending.Done(said)
        : new Ending.Unsuccessful(
            "%s refuses the kernels (exit code %d)".formatted(program, process.exitValue()), said);
  }

  /** Whether it ended in time; if not, it and what it started are ended. */
  private boolean await(Process process) {
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        end(process);
      }
      return ended;
    } catch (InterruptedException interrupted) {
      end(process);
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
