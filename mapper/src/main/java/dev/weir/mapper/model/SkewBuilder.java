package dev.weir.mapper.model;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which spatial loops of nests make them longer, and what passes along the others late: see {@link
 * Axis.Fill}.
 */
final class SkewBuilder {

  /** Of nests in no pipeline, where nothing else could go on meanwhile. */
  static final SkewBuilder OUTSIDE = new SkewBuilder(Map.of(), Map.of());

  /** A nest in a stage, and the skewed loops that its output and its operands pass along. */
  private record Passing(
      TensorName output,
      int stageNode,
      List<Work.Fill> merged,
      Map<TensorName, List<Work.Fill>> shared) {}

  /** By tensor: the stage that produces it. */
  private final Map<TensorName, Integer> stages;

  /** By tensor: those that read it. */
  private final Map<TensorName, Set<TensorName>> readers;

  private final List<Passing> nests = new ArrayList<>();
  private final List<List<Work.Fill>> passages = new ArrayList<>();
  private int stageNode = -1;
  private int stageDepth;

  private SkewBuilder(Map<TensorName, Integer> stages, Map<TensorName, Set<TensorName>> readers) {
    this.stages = stages;
    this.readers = readers;
  }

  /** For the nests of a pipeline. */
  SkewBuilder(Node.Pipeline pipeline, Cascade cascade) {
    this(new HashMap<>(), new HashMap<>());
    noteStages(pipeline.body(), 0);
    for (Einsum einsum : cascade.einsums()) {
      if (!einsum.isInitial() && stages.containsKey(einsum.output().tensor())) {
        einsum
            .value()
            .operands()
            .forEach(
                read ->
                    readers
                        .computeIfAbsent(read.tensor(), _ -> new HashSet<>())
                        .add(einsum.output().tensor()));
      }
    }
  }

  private void noteStages(Node node, int stage) {
    if (node instanceof Node.Compute compute) {
      stages.put(compute.einsum(), stage);
    }
    int inside = node instanceof Node.Stage own ? own.offset() : stage;
    node.children().forEach(child -> noteStages(child, inside));
  }

  /**
   * Nests that follow are in this stage.
   *
   * @param node its number
   * @param depth loops around it
   */
  void enter(int node, int depth) {
    stageNode = node;
    stageDepth = depth;
  }

  /**
   * The loops that make a nest longer.
   *
   * @param depth loops around the nest
   */
  List<Work.Fill> fills(ComputeSite site, int depth) {
    TensorName output = site.einsum().output().tensor();
    List<PlannedLoop> loops = site.scope().loops();
    List<Work.Fill> longer = new ArrayList<>();
    List<Work.Fill> passed = new ArrayList<>();
    Passing passing = new Passing(output, stageNode, new ArrayList<>(), new HashMap<>());
    for (int position = depth; position < loops.size(); position++) {
      PlannedLoop loop = loops.get(position);
      boolean takesTime =
          loop.axis()
              .filter(axis -> axis.takesTimeToPass() && axis.fill() != Axis.Fill.WHOLE)
              .isPresent();
      boolean isLate = takesTime && isSkewed(loop) && !stages.isEmpty();
      if (takesTime && (!isLate || passesWithinAnEpoch(loop, output))) {
        longer.add(new Work.Fill(loops.subList(depth, position + 1)));
      }
      if (isLate) {
        Work.Fill fill = new Work.Fill(loops.subList(stageDepth, position + 1));
        passed.add(fill);
        note(loop, fill, passing);
      }
    }
    if (!passed.isEmpty()) {
      passages.add(passed);
    }
    nests.add(passing);
    return longer;
  }

  private static boolean isSkewed(PlannedLoop loop) {
    return loop.axis().filter(axis -> axis.fill() == Axis.Fill.SKEWED).isPresent();
  }

  private static void note(PlannedLoop loop, Work.Fill fill, Passing passing) {
    if (loop.reduce().contains(passing.output())) {
      passing.merged().add(fill);
    }
    for (TensorName operand : loop.multicast()) {
      passing.shared().computeIfAbsent(operand, _ -> new ArrayList<>()).add(fill);
    }
  }

  /** Whether something passes along a loop of a nest that was, or will be, used in its epoch. */
  private boolean passesWithinAnEpoch(PlannedLoop loop, TensorName output) {
    int stage = stages.get(output);
    boolean comes =
        loop.multicast().stream()
            .anyMatch(operand -> stages.containsKey(operand) && stages.get(operand) == stage);
    boolean goes =
        loop.reduce().contains(output)
            && readers.getOrDefault(output, Set.of()).stream()
                .anyMatch(reader -> stages.get(reader) == stage);
    return comes || goes;
  }

  /** What passes in the whole pipeline, once all its nests are known. */
  Work.Skew build() {
    List<Work.Travel> travels = new ArrayList<>();
    for (Passing from : nests) {
      for (Passing to : nests) {
        int epochs = stages.get(to.output()) - stages.get(from.output());
        boolean reads = readers.getOrDefault(from.output(), Set.of()).contains(to.output());
        List<Work.Fill> fills = new ArrayList<>(from.merged());
        fills.addAll(to.shared().getOrDefault(from.output(), List.of()));
        if (reads && epochs > 0 && !fills.isEmpty()) {
          travels.add(new Work.Travel(from.stageNode(), to.stageNode(), epochs, fills));
        }
      }
    }
    return new Work.Skew(travels, passages);
  }
}
