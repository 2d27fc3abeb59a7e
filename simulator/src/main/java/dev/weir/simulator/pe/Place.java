package dev.weir.simulator.pe;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is around a node of the schedule.
 *
 * @param path loops around it
 * @param homes innermost keep of each tensor
 * @param phase the phase that it belongs to
 * @param phaseDepth how many loops are around that
 * @param onlyLast depths of loops of the phase of which it sees only the last step
 * @param pipelines pipelines around it, outermost first
 * @param forks nodes of several parts of the phase around it
 */
record Place(
    LoopPath path,
    Map<TensorName, Home> homes,
    Phase phase,
    int phaseDepth,
    List<Integer> onlyLast,
    List<EnclosingPipeline> pipelines,
    List<Fork> forks) {

  /**
   * A keep of a tensor.
   *
   * @param number keeps are numbered from the root on
   * @param keep what moves its tiles
   * @param store its tiles
   * @param loads whether tiles come from another home
   * @param next the next home, if there is one
   * @param firstStage the stage that it is entered for, among the loops of a pipeline; else 0
   */
  record Home(
      int number,
      Keep keep,
      TileStore store,
      boolean loads,
      Optional<TileStore> next,
      int firstStage) {}

  /**
   * A pipeline.
   *
   * @param epochs how it runs
   * @param stage in which of its stages the node is; 0 in none
   * @param keepsBefore keeps with a smaller number are outside the stage
   */
  record EnclosingPipeline(Node.Pipeline node, Epochs epochs, int stage, int keepsBefore) {}

  /**
   * A node of several parts.
   *
   * @param depth how many loops are around it
   */
  record Fork(Node node, int depth) {}

  /** In one of the parts of a node. */
  Place partOf(Node node) {
    List<Fork> all = new ArrayList<>(forks);
    all.add(new Fork(node, path.depth()));
    return new Place(path, homes, phase, phaseDepth, onlyLast, pipelines, List.copyOf(all));
  }

  /** In a loop. */
  Place in(Loop loop) {
    return new Place(path.in(loop), homes, phase, phaseDepth, onlyLast, pipelines, forks);
  }

  Place in(Map<TensorName, Home> more) {
    Map<TensorName, Home> all = new HashMap<>(homes);
    all.putAll(more);
    return new Place(path, all, phase, phaseDepth, onlyLast, pipelines, forks);
  }

  Place in(Phase inner) {
    return new Place(path, homes, inner, path.depth(), List.of(), pipelines, List.of());
  }

  Place last(int depth) {
    List<Integer> all = new ArrayList<>(onlyLast);
    all.add(depth);
    return new Place(path, homes, phase, phaseDepth, List.copyOf(all), pipelines, forks);
  }

  Place in(EnclosingPipeline pipeline) {
    List<EnclosingPipeline> all = new ArrayList<>(pipelines);
    all.add(pipeline);
    return new Place(path, homes, phase, phaseDepth, onlyLast, List.copyOf(all), forks);
  }

  Place stage(int stage, int keepsBefore) {
    List<EnclosingPipeline> all = new ArrayList<>(pipelines);
    EnclosingPipeline inner = all.removeLast();
    all.add(new EnclosingPipeline(inner.node(), inner.epochs(), stage, keepsBefore));
    return new Place(path, homes, phase, phaseDepth, onlyLast, List.copyOf(all), forks);
  }

  boolean inPipeline() {
    return !pipelines.isEmpty();
  }

  Epochs epochs() {
    return pipelines.getLast().epochs();
  }

  Optional<Home> home(TensorName tensor) {
    return Optional.ofNullable(homes.get(tensor));
  }

  /** Depth of the innermost loop around over a rank. */
  int depthOf(int rank) {
    for (int depth = path.depth() - 1; depth >= 0; depth--) {
      if (path.loops().get(depth).rank() == rank) {
        return depth;
      }
    }
    throw new IllegalArgumentException("no loop over the rank of a last is around it");
  }
}
