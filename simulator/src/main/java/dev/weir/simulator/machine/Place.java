package dev.weir.simulator.machine;

import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.simulator.component.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is around a node.
 *
 * @param loops loops around it, outermost first
 * @param homes innermost keep of each tensor
 * @param phaseDepth how many of the loops are around the phase that it belongs to
 * @param finals loops of which it sees only the last step
 * @param pipelines pipelines around it, outermost first
 * @param forks nodes of several parts of the phase around it, outermost first
 */
record Place(
    List<Loop> loops,
    Map<TensorName, Home> homes,
    int phaseDepth,
    List<Loop> finals,
    List<EnclosingPipeline> pipelines,
    List<Fork> forks) {

  /**
   * A keep around the node.
   *
   * @param residence its number
   * @param depth how many loops are around it
   * @param loads whether it loads the tensor, or sums of it that go on
   * @param hasNext whether tiles come from or go to a next home
   * @param firstStage the stage that it is entered for, among the loops of a pipeline; else 0
   */
  record Home(
      int residence, Memory memory, int depth, boolean loads, boolean hasNext, int firstStage) {}

  /**
   * A pipeline around the node.
   *
   * @param node the pipeline
   * @param depth how many loops are around it and its flow loops
   * @param stage in which of its stages the node stands; 0 in none
   * @param residencesBefore keeps with a smaller number stand outside the stage
   */
  record EnclosingPipeline(Node.Pipeline node, int depth, int stage, int residencesBefore) {}

  /**
   * A node with several parts that do not end with all their transfers.
   *
   * @param depth how many loops are around it
   */
  record Fork(Node node, int depth) {}

  static final Place ROOT = new Place(List.of(), Map.of(), 0, List.of(), List.of(), List.of());

  int depth() {
    return loops.size();
  }

  boolean inPipeline() {
    return !pipelines.isEmpty();
  }

  Place in(Loop loop) {
    return new Place(with(loops, loop), homes, phaseDepth, finals, pipelines, forks);
  }

  Place in(TensorName tensor, Home home) {
    Map<TensorName, Home> more = new HashMap<>(homes);
    more.put(tensor, home);
    return new Place(loops, more, phaseDepth, finals, pipelines, forks);
  }

  Place phase() {
    return new Place(loops, homes, depth(), List.of(), pipelines, List.of());
  }

  Place last(Loop loop) {
    return new Place(loops, homes, phaseDepth, with(finals, loop), pipelines, forks);
  }

  /** In one of the parts of a node. */
  Place partOf(Node node) {
    Fork fork = new Fork(node, depth());
    return new Place(loops, homes, phaseDepth, finals, pipelines, with(forks, fork));
  }

  /**
   * Between a pipeline and its stages.
   *
   * @param depth how many loops are around it and its flow loops
   */
  Place in(Node.Pipeline pipeline, int depth) {
    EnclosingPipeline here = new EnclosingPipeline(pipeline, depth, 0, 0);
    return new Place(loops, homes, phaseDepth, finals, with(pipelines, here), forks);
  }

  Place stage(int stage, int residencesBefore) {
    List<EnclosingPipeline> all = new ArrayList<>(pipelines);
    EnclosingPipeline inner = all.removeLast();
    all.add(new EnclosingPipeline(inner.node(), inner.depth(), stage, residencesBefore));
    return new Place(loops, homes, phaseDepth, finals, all, forks);
  }

  Optional<Home> home(TensorName tensor) {
    return Optional.ofNullable(homes.get(tensor));
  }

  private static <T> List<T> with(List<T> list, T more) {
    List<T> longer = new ArrayList<>(list);
    longer.add(more);
    return List.copyOf(longer);
  }
}
