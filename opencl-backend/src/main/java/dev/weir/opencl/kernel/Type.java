package dev.weir.opencl.kernel;

/**
 * Type of a value in a kernel.
 *
 * @param kind what a lane holds
 * @param lanes 1 for a scalar, else 2, 4, 8 or 16
 */
public record Type(Kind kind, int lanes) {

  /** What a lane holds. */
  public enum Kind {
    FLOAT("float", "f"),
    INT("int", "i"),
    /** True or false: 0 or 1 as a scalar, 0 or −1 a lane in a vector, both in ints. */
    MASK("int", "m");

    private final String text;
    private final String letter;

    Kind(String text, String letter) {
      this.text = text;
      this.letter = letter;
    }

    /** The scalar type of OpenCL C. */
    public String text() {
      return text;
    }

    /** Tells generated function names apart. */
    public String letter() {
      return letter;
    }
  }

  public static final Type FLOAT = new Type(Kind.FLOAT, 1);
  public static final Type INT = new Type(Kind.INT, 1);
  public static final Type MASK = new Type(Kind.MASK, 1);

  public Type {
    if (lanes != 1 && lanes != 2 && lanes != 4 && lanes != 8 && lanes != 16) {
      throw new IllegalArgumentException("vector of " + lanes + " lanes");
    }
  }

  /** The same kind with other lanes. */
  public Type withLanes(int wanted) {
    return new Type(kind, wanted);
  }

  /** Its name in OpenCL C, such as {@code float16}. */
  public String text() {
    return lanes == 1 ? kind.text() : kind.text() + lanes;
  }

  /** Bytes of one value. */
  public long bytes() {
    return 4L * lanes;
  }
}
