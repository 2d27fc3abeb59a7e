package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * In which order Einsums are evaluated: as they stand, except that neighbours along the same
 * iterative rank advance together, one step at a time. Such a run ends before an Einsum that needs
 * more of what the run writes than the steps so far.
 */
sealed interface ExecutionOrder {

  /** One Einsum over all of its iteration space that the loops around it leave open. */
  record Single(Einsum einsum, Set<RankName> fixed) implements ExecutionOrder {
    public Single {
      fixed = Set.copyOf(fixed);
    }
  }

  /** Everything inside, once for each step of an iterative rank. */
  record Steps(RankName rank, List<ExecutionOrder> inside) implements ExecutionOrder {
    public Steps {
      inside = List.copyOf(inside);
    }
  }

  static List<ExecutionOrder> of(Cascade cascade, List<Einsum> einsums) {
    List<RankName> iterative =
        cascade.tensors().stream().flatMap(t -> t.generations().stream()).distinct().toList();
    return of(cascade, iterative, einsums, Set.of());
  }

  private static List<ExecutionOrder> of(
      Cascade cascade, List<RankName> iterative, List<Einsum> einsums, Set<RankName> fixed) {
    List<ExecutionOrder> order = new ArrayList<>();
    int next = 0;
    while (next < einsums.size()) {
      Optional<RankName> step = step(einsums.get(next), iterative, fixed);
      if (step.isEmpty()) {
        order.add(new Single(einsums.get(next), fixed));
        next++;
        continue;
      }
      int end = next + 1;
      while (end < einsums.size()
          && step(einsums.get(end), iterative, fixed).equals(step)
          && !needsMore(einsums.get(end), einsums.subList(next, end), step.get(), cascade)) {
        end++;
      }
      Set<RankName> inner = new HashSet<>(fixed);
      inner.add(step.get());
      order.add(new Steps(step.get(), of(cascade, iterative, einsums.subList(next, end), inner)));
      next = end;
    }
    return order;
  }

  private static Optional<RankName> step(
      Einsum einsum, List<RankName> iterative, Set<RankName> fixed) {
    Set<RankName> space = einsum.iterationSpace();
    return iterative.stream()
        .filter(rank -> space.contains(rank) && !fixed.contains(rank))
        .findFirst();
  }

  private static boolean needsMore(
      Einsum einsum, List<Einsum> before, RankName step, Cascade cascade) {
    List<Access> reads = einsum.reads();
    for (Access read : reads) {
      boolean isWritten = before.stream().anyMatch(e -> e.output().tensor().equals(read.tensor()));
      Tensor tensor = cascade.tensorsByName().get(read.tensor());
      boolean isStepwise =
          IntStream.range(0, tensor.ranks().size())
              .anyMatch(at -> isUpTo(read.indices().get(at), step));
      if (isWritten && !isStepwise) {
        return true;
      }
    }
    return false;
  }

  /** Whether an index stays at or before what step {@code step} has written. */
  private static boolean isUpTo(Index index, RankName step) {
    return switch (index) {
      case Index.Coordinate c -> c.rank().equals(step);
      case Index.Next n -> n.rank().equals(step);
      case Index.Joined j -> j.outer().equals(step);
      case Index.Affine a -> a.terms().equals(List.of(new Index.Term(1, step))) && a.offset() <= 1;
      case Index.Computed _, Index.Last _, Index.Fixed _, Index.HeadMap _, Index.Gathered _ ->
          false;
    };
  }
}
