package dev.weir.einsum.ir;

/** Compute operators of a map action. */
public enum BinaryOperator {
  ADD("+", MergeOperator.UNION),
  SUBTRACT("-", MergeOperator.UNION),
  MULTIPLY("*", MergeOperator.INTERSECTION),
  DIVIDE("/", MergeOperator.TAKE_RIGHT),
  MAXIMUM("max", MergeOperator.UNION),
  MINIMUM("min", MergeOperator.UNION),
  POWER("^", MergeOperator.PASS_THROUGH),
  /** {@code exp(left - right)} as one operation (FuseMax, section II-B). */
  SUBTRACT_THEN_EXP("sub-then-exp", MergeOperator.UNION);

  private final String text;
  private final MergeOperator merge;

  BinaryOperator(String text, MergeOperator merge) {
    this.text = text;
    this.merge = merge;
  }

  /** How it is written. */
  public String text() {
    return text;
  }

  /** The merge operator that the short form means. */
  public MergeOperator defaultMerge() {
    return merge;
  }

  /** The operator itself, in double precision. */
  public double apply(double left, double right) {
    return switch (this) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> left / right;
      case MAXIMUM -> Math.max(left, right);
      case MINIMUM -> Math.min(left, right);
      case POWER -> Math.pow(left, right);
      case SUBTRACT_THEN_EXP -> Math.exp(left - right);
    };
  }
}
