package dev.weir.cli;

/** What the process says to whoever started it. */
public final class ExitCode {
  public static final int OK = 0;
  public static final int CHECK_FAILED = 1;
  public static final int USER_ERROR = 2;
  public static final int ENVIRONMENT = 3;

  private ExitCode() {}
}
