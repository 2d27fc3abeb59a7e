package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.GenerationLoop;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.ir.TensorName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which tensors a cascade may leave empty in part: those written under a condition, with
 * coordinates, or element by element from such ones. Whoever reads them has less to do than its
 * iteration space has points.
 */
final class PartlyWritten {

  private final Cascade cascade;
  private final List<List<GenerationLoop>> loops;
  private final Set<TensorName> tensors = new HashSet<>();

  PartlyWritten(Cascade cascade) {
    this.cascade = cascade;
    this.loops = GenerationLoop.around(cascade.einsums(), cascade.iterativeRanks());
    for (Einsum einsum : cascade.einsums()) {
      boolean isWritten = einsum.reducedRanks().isEmpty() && readsSome(einsum);
      if (einsum.condition().isPresent() || einsum.populate().isPresent() || isWritten) {
        tensors.add(einsum.output().tensor());
      }
    }
  }

  private boolean readsSome(Einsum einsum) {
    return einsum.value().reads().map(Access::tensor).anyMatch(tensors::contains);
  }

  /** Why an Einsum may have less to do than its own condition says. */
  Optional<String> whyLess(Einsum einsum) {
    if (isStopped(einsum)) {
      return Optional.of("its iteration may stop early");
    }
    return readsSome(einsum)
        ? Optional.of("what it reads is there in part only")
        : Optional.empty();
  }

  private boolean isStopped(Einsum einsum) {
    if (cascade.stops().isEmpty()) {
      return false;
    }
    for (GenerationLoop loop : loops.get(cascade.einsums().indexOf(einsum))) {
      for (Stop stop : cascade.stops()) {
        if (stop.ends(loop, cascade.einsums())) {
          return true;
        }
      }
    }
    return false;
  }
}
