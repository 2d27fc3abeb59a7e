package dev.weir.opencl.execute;

/** Code that is entered at its top only: what it does once, and how often work-items ran it. */
final class Region {

  private final Profile profile = new Profile();
  private long executions;

  Profile profile() {
    return profile;
  }

  void execute(long times) {
    executions += times;
  }

  long executions() {
    return executions;
  }
}
