package dev.weir.mapper.interpret;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.count.Counts;
import java.util.Map;

/**
 * What came out of a run.
 *
 * @param tensors values of every tensor of the cascade, inputs included
 * @param counts what was moved, computed and allocated
 */
public record Interpretation(Map<TensorName, DenseTensor> tensors, Counts counts) {

  public Interpretation {
    tensors = Map.copyOf(tensors);
  }
}
