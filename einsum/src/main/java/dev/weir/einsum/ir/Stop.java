package dev.weir.einsum.ir;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When an iteration ends before its rank does. If the condition holds after a step, the generation
 * that the step made stands as the last one too; those that were not made stay empty.
 *
 * @param rank the iterative rank
 * @param condition over coordinates of the rank, and of iterative ranks around it
 */
public record Stop(RankName rank, Condition condition) {

  /** Tensors whose values it needs, with the tables inside their indices. */
  public Stream<Access> reads() {
    return condition.indices().flatMap(Index::tables);
  }

  /** Whether it ends this loop: it reads something that is made in it. */
  public boolean ends(GenerationLoop loop, List<Einsum> einsums) {
    Set<TensorName> made =
        einsums.subList(loop.first(), loop.end()).stream()
            .map(einsum -> einsum.output().tensor())
            .collect(Collectors.toSet());
    return loop.rank().equals(rank) && reads().map(Access::tensor).anyMatch(made::contains);
  }
}
