package dev.weir.opencl.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process printed, as far as it says why it ended. */
final class LastWords {

  private static final int KEPT = 40;

  /** Java's report of a crash in native code: which signal, and in which library. */
  private static final Pattern SIGNAL = Pattern.compile("#  (SIG\\w+|EXCEPTION_\\w+).*");

  private static final Pattern FRAME = Pattern.compile("# (C|V|j|J)  ?(.*\\S)\\s*");

  private final Thread reading;
  private final Deque<String> lines = new ArrayDeque<>();
  private String signal = "";
  private String frame = "";

  private LastWords(InputStream printed) {
    this.reading = Thread.ofPlatform().daemon().unstarted(() -> read(printed));
  }

  /** Reads from now on until the process ends. */
  static LastWords of(InputStream printed) {
    LastWords words = new LastWords(printed);
    words.reading.start();
    return words;
  }

  private void read(InputStream printed) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(printed, StandardCharsets.UTF_8))) {
      reader.lines().forEach(this::take);
    } catch (IOException | UncheckedIOException _) {
      // The process was killed while it printed; what came until then is kept.
    }
  }

  private synchronized void take(String line) {
    Matcher signalled = SIGNAL.matcher(line);
    Matcher framed = FRAME.matcher(line);
    if (signal.isEmpty() && signalled.matches()) {
      signal = signalled.group(1);
    } else if (frame.isEmpty() && framed.matches()) {
      frame = framed.group(2).replaceAll("\\s+", " ");
    } else if (signal.isEmpty() && !line.isBlank() && !line.startsWith("#")) {
      lines.addLast(line.strip());
      if (lines.size() > KEPT) {
        lines.removeFirst();
      }
    }
  }

  /** The line that says most, in time for a process that has just ended; may be empty. */
  String line() throws InterruptedException {
    reading.join(Duration.ofSeconds(5));
    return toLine();
  }

  private synchronized String toLine() {
    if (!signal.isEmpty()) {
      return frame.isEmpty() ? signal : signal + " in " + frame;
    }
    return lines.isEmpty() ? "" : lines.getLast();
  }
}
