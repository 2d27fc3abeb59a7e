package dev.weir.reports.model;

import java.util.List;

/**
 * Where a figure comes from.
 *
 * @param reader which part of Weir produced it, such as {@code cost model} or {@code simulator}
 * @param about what it read: schedule with its parameters, architecture, shapes, seed
 * @param inputs the files that were read for it
 */
public record Source(String reader, String about, List<InputFile> inputs) {

  public Source {
    inputs = inputs.stream().sorted().distinct().toList();
  }

  /** One line for a tooltip. */
  public String summary() {
    return reader + ": " + about;
  }
}
