package dev.weir.mapper.model;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.VariantName;
import java.util.List;
import java.util.Optional;

/**
 * A compute.
 *
 * @param number position among the sites of the tree
 * @param einsum what it computes
 * @param unit on which unit, at the costs of the variants
 * @param variants chosen ways to do operations
 * @param scope what is around it
 */
record ComputeSite(
    int number, Einsum einsum, ComputeUnit unit, List<VariantName> variants, PlanScope scope)
    implements Site {

  /** What an operation is called: by the variant chosen for it, if there is one. */
  String action(OperationKind kind) {
    return variants.stream()
        .filter(name -> unit.variant(name).filter(variant -> variant.of() == kind).isPresent())
        .map(VariantName::text)
        .findFirst()
        .orElse(kind.text());
  }

  /** The innermost keep around it that names a tensor; empty when that is the top level. */
  Optional<KeepSite> home(TensorName tensor) {
    return Optional.ofNullable(scope.homes().get(tensor));
  }

  /** How many loops are around the innermost home. */
  int homeDepth(TensorName tensor) {
    return home(tensor).map(keep -> keep.scope().depth()).orElse(0);
  }
}
