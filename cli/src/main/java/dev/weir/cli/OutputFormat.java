package dev.weir.cli;

/** How a verb prints what it found. */
enum OutputFormat {
  TEXT,
  JSON
}
