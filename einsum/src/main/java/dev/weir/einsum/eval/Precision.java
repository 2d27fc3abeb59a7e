package dev.weir.einsum.eval;

import dev.weir.einsum.eval.RoundingErrorEvaluator.Format;
import dev.weir.einsum.eval.RoundingErrorEvaluator.FunctionErrors;
import dev.weir.einsum.ir.TensorName;
import java.util.Map;
import java.util.Optional;

/**
 * In which formats a cascade is computed.
 *
 * @param arithmetic format of every operation and sum
 * @param functions errors of its functions
 * @param storage tensors whose elements are rounded to another format when they are written; inputs
 *     are exact in whatever format they have
 */
public record Precision(
    Format arithmetic, FunctionErrors functions, Map<TensorName, Format> storage) {

  /** Single precision throughout, as OpenCL C defines it. */
  public static final Precision SINGLE =
      new Precision(Format.SINGLE, FunctionErrors.OPENCL_FULL_PROFILE, Map.of());

  public Precision {
    storage = Map.copyOf(storage);
  }

  /** The format that a tensor's elements are rounded to, unless it is that of the arithmetic. */
  Optional<Format> storage(TensorName tensor) {
    return Optional.ofNullable(storage.get(tensor));
  }
}
