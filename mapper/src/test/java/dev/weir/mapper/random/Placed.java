package dev.weir.mapper.random;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.CascadeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An Einsum that a schedule places, with what generators ask it again and again.
 *
 * @param einsum the Einsum
 * @param output the tensor that it produces
 * @param space its iteration space
 * @param reduced ranks of it that the output lacks
 * @param operands what it reads, each once
 * @param tensors operands and output
 */
record Placed(
    Einsum einsum,
    TensorName output,
    Set<RankName> space,
    Set<RankName> reduced,
    List<TensorName> operands,
    List<TensorName> tensors) {

  static List<Placed> all(CascadeFacts facts) {
    return facts.placed().stream().map(Placed::of).toList();
  }

  private static Placed of(Einsum einsum) {
    List<TensorName> operands = CascadeFacts.operands(einsum);
    List<TensorName> tensors = new ArrayList<>(operands);
    if (!tensors.contains(einsum.output().tensor())) {
      tensors.add(einsum.output().tensor());
    }
    return new Placed(
        einsum,
        einsum.output().tensor(),
        einsum.iterationSpace(),
        einsum.reducedRanks(),
        List.copyOf(operands),
        List.copyOf(tensors));
  }

  boolean uses(TensorName tensor) {
    return tensors.contains(tensor);
  }

  /** Whether it reads what the other one writes in the same step of an iteration. */
  boolean needs(Placed other) {
    return einsum
        .value()
        .reads()
        .filter(access -> access.tensor().equals(other.output))
        .anyMatch(
            access ->
                other.einsum.output().indices().stream().noneMatch(Index.Next.class::isInstance)
                    || access.indices().stream().anyMatch(Index.Next.class::isInstance)
                    || access.indices().stream().anyMatch(Index.Last.class::isInstance));
  }
}
