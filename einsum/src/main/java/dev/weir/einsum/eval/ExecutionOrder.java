package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.GenerationLoop;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * In which order Einsums are evaluated: as they stand, except that neighbours along the same
 * iterative rank advance together, one step at a time.
 */
sealed interface ExecutionOrder {

  /** One Einsum over all of its iteration space that the loops around it leave open. */
  record Single(Einsum einsum, Set<RankName> fixed) implements ExecutionOrder {
    public Single {
      fixed = Set.copyOf(fixed);
    }
  }

  /**
   * Everything inside, once for each step of an iterative rank.
   *
   * @param outside ranks of the loops around
   * @param stop when it ends early
   */
  record Steps(
      RankName rank, List<ExecutionOrder> inside, Set<RankName> outside, Optional<Stop> stop)
      implements ExecutionOrder {
    public Steps {
      inside = List.copyOf(inside);
      outside = Set.copyOf(outside);
    }

    /** Tensors that are written, each once. */
    Set<TensorName> written() {
      Set<TensorName> written = new HashSet<>();
      for (ExecutionOrder part : inside) {
        switch (part) {
          case Single single -> written.add(single.einsum().output().tensor());
          case Steps steps -> written.addAll(steps.written());
        }
      }
      return written;
    }
  }

  /** The order of some Einsums of a cascade. */
  static List<ExecutionOrder> of(Cascade cascade, List<Einsum> einsums) {
    List<List<GenerationLoop>> loops = GenerationLoop.around(einsums, cascade.iterativeRanks());
    return new Nest(einsums, loops, cascade.stops()).of(0, einsums.size(), Set.of());
  }

  /** Builds the order, outer loops first. */
  record Nest(List<Einsum> einsums, List<List<GenerationLoop>> loops, List<Stop> stops) {

    private List<ExecutionOrder> of(int first, int end, Set<RankName> outside) {
      List<ExecutionOrder> order = new ArrayList<>();
      int next = first;
      while (next < end) {
        List<GenerationLoop> around = loops.get(next);
        if (around.size() == outside.size()) {
          order.add(new Single(einsums.get(next), outside));
          next++;
        } else {
          GenerationLoop loop = around.get(outside.size());
          Set<RankName> inside = new HashSet<>(outside);
          inside.add(loop.rank());
          Optional<Stop> stop = stops.stream().filter(s -> s.ends(loop, einsums)).findFirst();
          order.add(new Steps(loop.rank(), of(next, loop.end(), inside), outside, stop));
          next = loop.end();
        }
      }
      return order;
    }
  }
}
