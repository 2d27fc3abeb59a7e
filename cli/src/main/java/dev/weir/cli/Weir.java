package dev.weir.cli;

/** Entry point of the {@code weir} command. */
public final class Weir {
  private Weir() {}

  /** Prints the usage; the verbs come with the modules they show. */
  public static void main(String[] arguments) {
    System.out.println("Usage: weir VERB [ARGUMENT...]");
  }
}
