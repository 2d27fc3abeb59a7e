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
    FLOAT("float", "f", 4),
    /** IEEE 754 binary64; needs {@code cl_khr_fp64}. */
    DOUBLE("double", "d", 8),
    /**
     * IEEE 754 binary16, a format of elements of arrays only: a load gives {@link #FLOAT}, a store
     * takes it and rounds to nearest, ties to even. OpenCL C 1.2, section 6.1.1.1.
     */
    HALF("half", "h", 2),
    INT("int", "i", 4),
    /** True or false: 0 or 1 as a scalar, 0 or −1 a lane in a vector, both in ints. */
    MASK("int", "m", 4);

    private final String text;
    private final String letter;
    private final long bytes;

    Kind(String text, String letter, long bytes) {
      this.text = text;
      this.letter = letter;
      this.bytes = bytes;
    }

    /** The scalar type of OpenCL C. */
    public String text() {
      return text;
    }

    /** Tells generated function names apart. */
    public String letter() {
      return letter;
    }

    /** What a lane holds once it is loaded from an array of this kind. */
    Kind loaded() {
      return switch (this) {
        case HALF, FLOAT -> FLOAT;
        case DOUBLE, INT, MASK -> this;
      };
    }
  }

  public static final Type FLOAT = new Type(Kind.FLOAT, 1);
  public static final Type DOUBLE = new Type(Kind.DOUBLE, 1);
  public static final Type HALF = new Type(Kind.HALF, 1);
  public static final Type INT = new Type(Kind.INT, 1);
  public static final Type MASK = new Type(Kind.MASK, 1);

  public Type {
    if (lanes != 1 && lanes != 2 && lanes != 4 && lanes != 8 && lanes != 16) {
      throw new IllegalArgumentException("vector of " + lanes + " lanes");
    }
    if (kind == Kind.HALF && lanes != 1) {
      throw new IllegalArgumentException(
          "vector of %d halves (expected scalars: half is a format of elements)".formatted(lanes));
    }
  }

  /** Type of an element of this type once it is loaded. */
  public Type loaded() {
    return new Type(kind.loaded(), lanes);
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
    return kind.bytes * lanes;
  }
}
