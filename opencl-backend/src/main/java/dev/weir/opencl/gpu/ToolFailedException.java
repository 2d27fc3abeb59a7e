package dev.weir.opencl.gpu;

import java.util.List;

/** A tool does not take what it was given, or what it made is not whole. */
final class ToolFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<String> log;

  ToolFailedException(String reason, List<String> log) {
    super(reason);
    this.log = List.copyOf(log);
  }

  List<String> log() {
    return log;
  }
}
