package dev.weir.simulator.pe;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Size;
import dev.weir.simulator.component.Memory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the tree of a schedule into instructions. */
final class Assembler {

  private final Parts parts;
  private final KeepBuilder keeps;
  private final NestBuilder nests;
  private final List<Instruction> program = new ArrayList<>();
  private final List<ProcessingElements> elements = new ArrayList<>();
  private final long allUnits;
  private int loops;

  /**
   * Of a schedule.
   *
   * @param regions where keeps lie in memories with banks
   */
  Assembler(Parts parts, IdentityHashMap<Node.Keep, Memory> regions) {
    this.parts = parts;
    this.keeps = new KeepBuilder(parts, regions);
    this.nests = new NestBuilder(parts);
    this.allUnits = unitSet(parts.problem().schedule().root());
  }

  /** The whole schedule, as the last phase to end. */
  List<Instruction> assemble() {
    Phase whole = new Phase();
    Place root =
        new Place(
            LoopPath.root(parts.space()), Map.of(), whole, 0, List.of(), List.of(), List.of());
    add(parts.problem().schedule().root(), root);
    program.add(new Instruction.EndPhase(whole, allUnits));
    program.add(new Instruction.End());
    return List.copyOf(program);
  }

  int loopCount() {
    return loops;
  }

  List<Keep> keeps() {
    return keeps.all();
  }

  List<ProcessingElements> elements() {
    return List.copyOf(elements);
  }

  private long unitSet(Node node) {
    long set = 0;
    for (Tree.StagedCompute staged : Tree.computes(node)) {
      set |= 1L << parts.unitNumber(staged.compute().unit());
    }
    return set;
  }

  private void add(Node node, Place place) {
    if (Tree.isNest(node)) {
      program.add(new Instruction.Work(List.of(slot(node, place, Optional.empty()))));
      return;
    }
    switch (node) {
      case Node.For loop -> {
        if (Tree.isFlow(loop)) {
          pipeline(loop, place);
        } else {
          repeat(temporal(loop.rank(), loop.tile()), loop.body(), place);
        }
      }
      case Node.Iterate loop -> {
        if (Tree.isFlow(loop)) {
          pipeline(loop, place);
        } else {
          repeat(temporal(loop.rank(), Size.of(1)), loop.body(), place);
        }
      }
      case Node.Spatial loop -> repeat(parts.spatial(loops++, loop), loop.body(), place);
      case Node.Last last -> onlyLast(last, place);
      case Node.Keep keep -> keep(keep, place);
      case Node.Seq seq -> inOrder(seq, place, !place.inPipeline());
      case Node.Par par -> par(par, place);
      case Node.Pipeline pipeline -> pipeline(pipeline, place);
      case Node.Stage stage -> stage(stage, place);
      case Node.Interleave interleave -> interleave(interleave, place);
      case Node.Compute _ -> throw new IllegalStateException("a compute is a nest");
    }
  }

  private Instruction.Slot slot(Node node, Place place, Optional<Instruction.StageOf> stage) {
    Nest nest = nests.build(node, place, () -> loops++);
    ProcessingElements array =
        new ProcessingElements(nest, parts.space(), parts.coordinates(), parts.arithmetic());
    elements.add(array);
    return new Instruction.Slot(array, nest, stage);
  }

  private Loop temporal(RankName rank, Size tile) {
    return new Loop(
        loops++, parts.space().number(rank), parts.problem().value(tile), 1, Optional.empty());
  }

  private void repeat(Loop loop, Node body, Place place) {
    Place inside = place.in(loop);
    program.add(new Instruction.Begin(loop));
    int start = program.size();
    add(body, inside);
    program.add(new Instruction.Next(inside.path(), start));
  }

  private void onlyLast(Node.Last last, Place place) {
    int depth = place.depthOf(parts.space().number(last.rank()));
    int at = program.size();
    program.add(new Instruction.End());
    add(last.body(), place.last(depth));
    program.set(at, new Instruction.UnlessLast(place.path(), depth, program.size()));
  }

  private void keep(Node.Keep node, Place place) {
    boolean stepsAreWhole = !place.inPipeline();
    KeepBuilder.Built built =
        keeps.build(node, place, unitSet(node.body()), stepsAreWhole, Optional.empty(), 0);
    program.add(new Instruction.Enter(built.keep()));
    add(node.body(), place.in(built.homes()));
    if (stepsAreWhole) {
      program.add(new Instruction.Settle(built.keep()));
    }
    program.add(new Instruction.Leave(built.keep()));
  }

  private void inOrder(Node whole, Place place, boolean arePhases) {
    for (Node node : whole.children()) {
      if (arePhases) {
        Phase phase = new Phase();
        add(node, place.in(phase));
        program.add(new Instruction.EndPhase(phase, allUnits));
      } else {
        add(node, place.partOf(whole));
      }
    }
  }

  private void par(Node.Par par, Place place) {
    int at = program.size();
    program.add(new Instruction.End());
    List<Integer> branches = new ArrayList<>();
    for (Node part : par.parts()) {
      branches.add(program.size());
      add(part, place.partOf(par));
      program.add(new Instruction.End());
    }
    program.set(at, new Instruction.Fork(branches, program.size()));
  }

  private void stage(Node.Stage stage, Place place) {
    int at = program.size();
    program.add(new Instruction.End());
    add(stage.body(), place.stage(stage.offset(), keeps.count()));
    Instruction.StageOf own = new Instruction.StageOf(place.epochs(), stage.offset());
    program.set(at, new Instruction.Stage(own, program.size()));
  }

  /** Slots that enter keeps cannot run as one piece; their times add all the same. */
  private void interleave(Node.Interleave interleave, Place place) {
    boolean isOnePiece =
        interleave.parts().stream()
            .allMatch(
                part ->
                    Tree.isNest(part)
                        || (part instanceof Node.Stage stage && Tree.isNest(stage.body())));
    if (!isOnePiece) {
      inOrder(interleave, place, false);
      return;
    }
    List<Instruction.Slot> slots = new ArrayList<>();
    for (Node part : interleave.parts()) {
      if (part instanceof Node.Stage stage) {
        Instruction.StageOf own = new Instruction.StageOf(place.epochs(), stage.offset());
        Place inside = place.stage(stage.offset(), keeps.count());
        slots.add(slot(stage.body(), inside, Optional.of(own)));
      } else {
        slots.add(slot(part, place, Optional.empty()));
      }
    }
    program.add(new Instruction.Work(slots));
  }

  /**
   * What stands between the outermost flow loop of a pipeline and its stages.
   *
   * @param stages the body
   * @param place of the body
   */
  private record Chain(Node stages, Place place, List<Epochs.Link> links) {}

  private void pipeline(Node top, Place place) {
    Node.Pipeline pipeline = Tree.pipelineBelow(top);
    List<Loop> own = new ArrayList<>();
    for (Node node = top; !(node instanceof Node.Pipeline); node = node.children().getFirst()) {
      flowLoop(node).ifPresent(own::add);
    }
    own.add(temporal(pipeline.rank(), pipeline.tile()));
    LoopPath path = place.path();
    for (Loop loop : own) {
      path = path.in(loop);
    }
    long units = unitSet(pipeline.body());
    Epochs epochs = new Epochs(path, place.path().depth(), Tree.stages(pipeline), units);
    Chain chain = chain(top, place, pipeline, own, epochs);
    program.add(new Instruction.BeginPipeline(epochs, chain.links()));
    int start = program.size();
    program.add(new Instruction.BeginEpoch(epochs));
    chain.links().forEach(link -> program.add(new Instruction.EnterLink(epochs, link)));
    add(chain.stages(), chain.place());
    List<Epochs.Link> inwards = chain.links().reversed();
    inwards.forEach(link -> program.add(new Instruction.SettleLink(epochs, link)));
    inwards.forEach(link -> program.add(new Instruction.LeaveLink(epochs, link)));
    program.add(new Instruction.EndEpoch(epochs, start));
  }

  private Optional<Loop> flowLoop(Node node) {
    return switch (node) {
      case Node.For loop -> Optional.of(temporal(loop.rank(), loop.tile()));
      case Node.Iterate loop -> Optional.of(temporal(loop.rank(), Size.of(1)));
      case Node.Spatial _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Pipeline _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          Optional.empty();
    };
  }

  private Chain chain(
      Node top, Place place, Node.Pipeline pipeline, List<Loop> loopsOfIt, Epochs epochs) {
    Deque<Loop> own = new ArrayDeque<>(loopsOfIt);
    List<Epochs.Link> links = new ArrayList<>();
    Place inside = place;
    Node node = top;
    while (node instanceof Node.Keep || !own.isEmpty()) {
      if (node instanceof Node.Keep keep) {
        boolean isInHead = own.isEmpty();
        Stages used = Stages.of(keep, pipeline, isInHead, parts.reads());
        boolean stepsAreWhole = !place.inPipeline() && (isInHead || used.first() == 0);
        // In the head so many tiles are alive, and one more may arrive.
        long room = isInHead ? used.last() - used.first() + 2L : 2;
        KeepBuilder.Built built =
            keeps.build(keep, inside, epochs.unitSet(), stepsAreWhole, Optional.of(used), room);
        links.add(new Epochs.Link(built.keep(), inside.path().depth(), used.first(), used.last()));
        inside = inside.in(built.homes());
      } else {
        inside = inside.in(own.remove());
        if (node instanceof Node.Pipeline) {
          inside = inside.in(new Place.EnclosingPipeline(pipeline, epochs, 0, 0));
        }
      }
      node = node.children().getFirst();
    }
    requireStages(node);
    return new Chain(node, inside, links);
  }

  /** Work between a pipeline and its stages would have no tile. */
  private static void requireStages(Node node) {
    switch (node) {
      case Node.Stage _ -> {}
      case Node.Seq _, Node.Par _, Node.Interleave _ ->
          node.children().forEach(Assembler::requireStages);
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Pipeline _,
          Node.Compute _ ->
          throw new IllegalArgumentException("work between a pipeline and its stages");
    }
  }
}
