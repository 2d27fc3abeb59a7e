package dev.weir.cli.experiment;

/** The machine lacks something: a device, a driver, room on the disk. Exit code 3. */
public final class EnvironmentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The message says what is missing and what to do about it. */
  public EnvironmentException(String message) {
    super(message);
  }
}
