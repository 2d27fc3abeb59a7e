package dev.weir.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The terminal that the output goes to, if it goes to one. */
final class Terminal {

  private Terminal() {}

  /** Its width; 0 where there is none, or where it does not say. */
  static int columns() {
    if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
      return 0;
    }
    try {
      Process size =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(size.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      String[] words = said.strip().split(" ", -1);
      boolean isSize = size.waitFor() == 0 && words.length == 2 && words[1].matches("\\d{1,5}");
      return isSize ? Integer.parseInt(words[1]) : 0;
    } catch (IOException noSuchProgram) {
      return 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}
