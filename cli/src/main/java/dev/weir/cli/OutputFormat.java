package dev.weir.cli;

import java.util.Locale;

/** How a verb prints what it found. */
enum OutputFormat {
  TEXT,
  JSON;

  /** As it is written on the command line, which picocli also accepts. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
