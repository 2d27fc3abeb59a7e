package dev.weir.opencl.validate;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts numbers that are not finite into inputs. */
final class SpecialInputs {

  /** Not at the beginning of a part, which a mask or a tile leaves out last. */
  private static final double WITHIN = 0.44;

  private SpecialInputs() {}

  /**
   * Inputs in each of which one element is replaced, at another fraction of its elements each, so
   * that in problems with several heads or batches not all meet in one.
   *
   * @param inputs not modified
   * @param tables inputs that hold integers; they stay as they are
   * @param special not put where it means absent
   * @return empty when no input takes it
   */
  static Map<TensorName, DenseTensor> with(
      Cascade cascade,
      Map<TensorName, DenseTensor> inputs,
      Set<TensorName> tables,
      double special) {
    List<Tensor> real =
        cascade.tensors().stream()
            .filter(tensor -> tensor.role() == Tensor.Role.INPUT)
            .filter(tensor -> !tables.contains(tensor.name()))
            .toList();
    Map<TensorName, DenseTensor> changed = new HashMap<>(inputs);
    boolean isAny = false;
    for (int i = 0; i < real.size(); i++) {
      TensorName name = real.get(i).name();
      DenseTensor before = inputs.get(name);
      if (before.empty() != special) {
        changed.put(name, replaced(before, (i + 1 + WITHIN) / (real.size() + 1), special));
        isAny = true;
      }
    }
    return isAny ? changed : Map.of();
  }

  private static DenseTensor replaced(DenseTensor before, double fraction, double special) {
    long[] shape = before.shape();
    DenseTensor after = new DenseTensor(shape, before.empty());
    double[] values = before.values();
    int wanted = (int) (fraction * values.length);
    Coordinates.forEach(
        shape,
        at -> {
          int offset = Coordinates.offset(shape, at);
          after.set(offset == wanted ? special : values[offset], at);
        });
    return after;
  }
}
