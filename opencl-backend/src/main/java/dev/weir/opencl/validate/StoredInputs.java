package dev.weir.opencl.validate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.opencl.kernel.NumberFormat;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Rounds inputs to the format that a device stores, so that kernel and reference see the same. */
final class StoredInputs {

  private StoredInputs() {}

  /**
   * Inputs that the format holds.
   *
   * @param inputs not modified
   * @param tables inputs that hold integers; they stay as they are
   */
  static Map<TensorName, DenseTensor> of(
      Map<TensorName, DenseTensor> inputs, Set<TensorName> tables, NumberFormat format) {
    Map<TensorName, DenseTensor> stored = new HashMap<>();
    inputs.forEach(
        (name, tensor) ->
            stored.put(name, tables.contains(name) ? tensor : stored(tensor, format)));
    return stored;
  }

  private static DenseTensor stored(DenseTensor tensor, NumberFormat format) {
    long[] shape = tensor.shape();
    double[] values = tensor.values();
    DenseTensor stored = new DenseTensor(shape, tensor.empty());
    Coordinates.forEach(
        shape, at -> stored.set(format.stored(values[Coordinates.offset(shape, at)]), at));
    return stored;
  }
}
