package dev.weir.opencl.gpu;

import java.util.List;

/** Functions that are called and are nowhere: figures of such a kernel would mislead. */
final class Unresolved {

  private Unresolved() {}

  static String reason(List<String> functions) {
    return "%s called but not defined: %s (libclc lacks %s for this target, or it does not belong to this OpenCL C)"
        .formatted(
            functions.size() == 1 ? "a function is" : "functions are",
            String.join(", ", functions),
            functions.size() == 1 ? "it" : "them");
  }
}
