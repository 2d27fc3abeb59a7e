package dev.weir.reports.model;

/** How something that was checked or tried went. */
public enum Outcome {
  PASSED("passed"),
  FAILED("FAILED"),
  /** It could not be tried; the reason stands beside it. It counts neither as passed nor failed. */
  NOT_RUN("NOT RUN");

  private final String text;

  Outcome(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** The worse of two: a failure outweighs what was not run, and that outweighs a pass. */
  public Outcome and(Outcome other) {
    return switch (this) {
      case FAILED -> this;
      case PASSED -> other;
      case NOT_RUN -> other == FAILED ? other : this;
    };
  }
}
