package dev.weir.einsum.exact;

import dev.weir.einsum.ir.TensorName;

/** Why a cascade has no exact value: what was asked of which values, and in which Einsum. */
public final class ExactRefusal extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean isNamed;

  ExactRefusal(String message) {
    this(message, false);
  }

  private ExactRefusal(String message, boolean isNamed) {
    super(message);
    this.isNamed = isNamed;
  }

  /** The same, said of the Einsum that is computed; one that it is said of already stays. */
  ExactRefusal in(TensorName einsum) {
    return isNamed ? this : new ExactRefusal("Einsum " + einsum + ": " + getMessage(), true);
  }
}
