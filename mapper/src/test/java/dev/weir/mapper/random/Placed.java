package dev.weir.mapper.random;

import dev.weir.einsum.ir.Access;
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
 * @param needed those and produced tensors that its condition reads
 * @param tensors what it needs and the output
 */
record Placed(
    Einsum einsum,
    TensorName output,
    Set<RankName> space,
    Set<RankName> reduced,
    List<TensorName> operands,
    List<TensorName> needed,
    List<TensorName> tensors) {

  static List<Placed> all(CascadeFacts facts) {
    return facts.placed().stream().map(einsum -> of(einsum, facts)).toList();
  }

  private static Placed of(Einsum einsum, CascadeFacts facts) {
    List<TensorName> operands = CascadeFacts.operands(einsum);
    List<TensorName> needed = new ArrayList<>(operands);
    facts
        .decisive(einsum)
        .map(Access::tensor)
        .filter(tensor -> !needed.contains(tensor))
        .distinct()
        .forEach(needed::add);
    List<TensorName> tensors = new ArrayList<>(needed);
    if (!tensors.contains(einsum.output().tensor())) {
      tensors.add(einsum.output().tensor());
    }
    return new Placed(
        einsum,
        einsum.output().tensor(),
        einsum.iterationSpace(),
        einsum.reducedRanks(),
        List.copyOf(operands),
        List.copyOf(needed),
        List.copyOf(tensors));
  }

  boolean uses(TensorName tensor) {
    return tensors.contains(tensor);
  }

  /** Whether it reads what the other one writes in the same step of an iteration. */
  boolean needs(Placed other) {
    return einsum.reads().stream()
        .filter(access -> access.tensor().equals(other.output))
        .anyMatch(
            access ->
                other.einsum.output().indices().stream().noneMatch(Index.Next.class::isInstance)
                    || access.indices().stream().anyMatch(Index.Next.class::isInstance)
                    || access.indices().stream().anyMatch(Index.Last.class::isInstance));
  }
}
