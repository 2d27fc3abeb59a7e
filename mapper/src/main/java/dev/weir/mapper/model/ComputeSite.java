package dev.weir.mapper.model;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.ComputeUnit;
import java.util.Optional;

/**
 * A compute.
 *
 * @param number position among the sites of the tree
 * @param einsum what it computes
 * @param unit on which unit
 * @param scope what is around it
 */
record ComputeSite(int number, Einsum einsum, ComputeUnit unit, PlanScope scope) implements Site {

  /** The innermost keep around it that names a tensor; empty when that is the top level. */
  Optional<KeepSite> home(TensorName tensor) {
    return Optional.ofNullable(scope.homes().get(tensor));
  }

  /** How many loops are around the innermost home. */
  int homeDepth(TensorName tensor) {
    return home(tensor).map(keep -> keep.scope().depth()).orElse(0);
  }
}
