package dev.weir.simulator.pe;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The stages for which a keep among the loops of a pipeline holds a tile.
 *
 * @param first the stage that it is entered for
 * @param last the last stage that uses it
 */
record Stages(int first, int last) {

  /**
   * Of a keep.
   *
   * @param isInHead whether it stands between the pipeline and its stages
   * @param reads tensors that each Einsum reads
   */
  static Stages of(
      Node.Keep keep,
      Node.Pipeline pipeline,
      boolean isInHead,
      Map<TensorName, Set<TensorName>> reads) {
    List<Integer> using =
        Tree.computes(pipeline.body()).stream()
            .filter(staged -> uses(keep, staged.compute().einsum(), reads))
            .map(Tree.StagedCompute::stage)
            .sorted()
            .toList();
    if (using.isEmpty()) {
      return new Stages(0, 0);
    }
    boolean waitsForFirstUse = isInHead || keep.doubleBuffered();
    return new Stages(waitsForFirstUse ? using.getFirst() : 0, using.getLast());
  }

  private static boolean uses(
      Node.Keep keep, TensorName einsum, Map<TensorName, Set<TensorName>> reads) {
    return keep.tensors().stream()
        .anyMatch(tensor -> einsum.equals(tensor) || reads.get(einsum).contains(tensor));
  }
}
