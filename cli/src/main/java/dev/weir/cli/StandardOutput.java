package dev.weir.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Standard output that remembers why it could not be written, which a print writer does not. */
final class StandardOutput extends FilterOutputStream {

  private Optional<IOException> failure = Optional.empty();

  StandardOutput() {
    super(new FileOutputStream(FileDescriptor.out));
  }

  PrintWriter writer() {
    return new PrintWriter(new BufferedOutputStream(this), false, StandardCharsets.UTF_8);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      failure = failure.or(() -> Optional.of(e));
      throw e;
    }
  }

  /** What went wrong; that a reader such as {@code head} has seen enough is nothing wrong. */
  Optional<String> failure() {
    return failure.map(IOException::getMessage).filter(reason -> !reason.equals("Broken pipe"));
  }
}
