package dev.weir.simulator.machine;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/** Prepares a schedule tree: walks it once, numbers loops and keeps, and resolves all names. */
final class ProgramBuilder {

  /** A program and the room that it takes. */
  record Built(Program program, Occupancy occupancy) {}

  private final Preparation given;
  private int loops;
  private int residences;

  ProgramBuilder(Preparation given) {
    this.given = given;
  }

  Built build() {
    return build(given.problem().schedule().root(), Place.ROOT);
  }

  int loopCount() {
    return loops;
  }

  private Built build(Node node, Place place) {
    if (Trees.isNest(node)) {
      Program.Slot slot =
          new Program.Slot(OptionalInt.empty(), NestBuilder.build(given, place, node));
      return new Built(new Program.Work(List.of(slot)), new Occupancy.Nothing());
    }
    return switch (node) {
      case Node.For loop ->
          Trees.flowsIntoPipeline(loop)
              ? epochs(loop, place)
              : repeat(temporal(loop.rank(), loop.tile()), loop.body(), place);
      case Node.Iterate loop ->
          Trees.flowsIntoPipeline(loop)
              ? epochs(loop, place)
              : repeat(temporal(loop.rank(), Size.of(1)), loop.body(), place);
      case Node.Pipeline pipeline -> epochs(pipeline, place);
      case Node.Spatial loop -> repeat(spatial(loop), loop.body(), place);
      case Node.Last last -> {
        Loop loop = loopOver(last.rank(), place);
        Built body = build(last.body(), place.last(loop));
        yield new Built(
            new Program.OnlyLast(loop, body.program()),
            new Occupancy.LastStep(loop, body.occupancy()));
      }
      case Node.Keep keep -> {
        ResidenceBuilder builder = new ResidenceBuilder(given, place, keep);
        int id = residences++;
        Program.Kept kept =
            new KeptBuilder(given, place, keep).kept(builder.residence(id), builder.allocation());
        Built body = build(keep.body(), inside(builder, id, 0, keep, place));
        yield new Built(
            new Program.Resident(kept, body.program()),
            new Occupancy.Taken(keep, builder.allocation(), body.occupancy()));
      }
      case Node.Seq seq -> {
        List<Built> parts = new ArrayList<>();
        for (Node part : seq.parts()) {
          parts.add(build(part, place.inPipeline() ? place.partOf(seq) : place.phase()));
        }
        yield new Built(
            new Program.Sequential(programs(parts), !place.inPipeline(), false),
            new Occupancy.Largest(occupancies(parts)));
      }
      case Node.Par par -> {
        Place inside = place.partOf(par);
        List<Built> parts = par.parts().stream().map(part -> build(part, inside)).toList();
        yield new Built(
            new Program.Concurrent(programs(parts)), new Occupancy.Together(occupancies(parts)));
      }
      case Node.Stage stage -> {
        Built body = build(stage.body(), place.stage(stage.offset(), residences));
        yield new Built(new Program.Staged(stage.offset(), body.program()), body.occupancy());
      }
      case Node.Interleave interleave -> interleave(interleave, place);
      case Node.Compute _ -> throw new IllegalStateException("a compute is a nest");
    };
  }

  private static List<Program> programs(List<Built> parts) {
    return parts.stream().map(Built::program).toList();
  }

  private static List<Occupancy> occupancies(List<Built> parts) {
    return parts.stream().map(Built::occupancy).toList();
  }

  private Built repeat(Loop loop, Node body, Place place) {
    Built built = build(body, place.in(loop));
    return new Built(
        new Program.Repeat(loop, built.program()), new Occupancy.Steps(loop, built.occupancy()));
  }

  private Loop temporal(RankName rank, Size tile) {
    return new Loop(loops++, given.rank(rank), given.value(tile), 1, Optional.empty());
  }

  private Loop spatial(Node.Spatial loop) {
    return new Loop(
        loops++,
        given.rank(loop.rank()),
        given.value(loop.tile()),
        given.axis(loop.axis()).instances(),
        Optional.of(new SpatialBinding(loop.axis(), loop.multicast(), loop.reduce())));
  }

  private Loop loopOver(RankName rank, Place place) {
    return place.loops().reversed().stream()
        .filter(loop -> loop.rank() == given.rank(rank))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("last " + rank + " outside its iterate"));
  }

  private static Place inside(
      ResidenceBuilder builder, int id, int firstStage, Node.Keep keep, Place place) {
    Place inside = place;
    for (TensorName tensor : keep.tensors()) {
      inside = inside.in(tensor, builder.home(id, firstStage, tensor));
    }
    return inside;
  }

  private Built interleave(Node.Interleave interleave, Place place) {
    List<Program.Slot> slots = new ArrayList<>();
    for (Node part : interleave.parts()) {
      if (part instanceof Node.Stage stage && Trees.isNest(stage.body())) {
        slots.add(
            new Program.Slot(
                OptionalInt.of(stage.offset()),
                NestBuilder.build(given, place.stage(stage.offset(), residences), stage.body())));
      } else if (Trees.isNest(part)) {
        slots.add(new Program.Slot(OptionalInt.empty(), NestBuilder.build(given, place, part)));
      }
    }
    if (slots.size() == interleave.parts().size()) {
      return new Built(new Program.Work(slots), new Occupancy.Nothing());
    }
    // Slots that enter keeps cannot run as one piece; their times add all the same.
    Place inside = place.partOf(interleave);
    List<Built> parts = interleave.parts().stream().map(part -> build(part, inside)).toList();
    return new Built(
        new Program.Sequential(programs(parts), false, true),
        new Occupancy.Largest(occupancies(parts)));
  }

  /** Loops and keeps on the way from the outermost flow loop to the stages. */
  private static final class Chain {
    private final Node.Pipeline pipeline;
    private final int depth;
    private final List<Loop> loops = new ArrayList<>();
    private final List<Program.LinkedKeep> keeps = new ArrayList<>();
    private boolean isInHead;

    Chain(Node.Pipeline pipeline, int depth) {
      this.pipeline = pipeline;
      this.depth = depth;
    }
  }

  private Built epochs(Node top, Place place) {
    Chain chain = new Chain(Trees.pipelineBelow(top), place.depth());
    Built body = chain(top, place, chain);
    TreeSet<Integer> stages = new TreeSet<>(List.of(0));
    Trees.computes(chain.pipeline.body()).forEach(staged -> stages.add(staged.stage()));
    return new Built(
        new Program.Epochs(
            List.copyOf(chain.loops),
            List.copyOf(chain.keeps),
            List.copyOf(stages),
            new SkewedEpochs(given.tensors(), chain.loops, body.program()),
            body.program()),
        body.occupancy());
  }

  private Built chain(Node node, Place place, Chain chain) {
    if (chain.isInHead && !(node instanceof Node.Keep)) {
      Trees.requireStages(node);
    }
    return switch (node) {
      case Node.Keep keep -> {
        int id = residences++;
        ResidenceBuilder builder = new ResidenceBuilder(given, place, keep);
        KeptBuilder process = new KeptBuilder(given, place, keep);
        Program.Kept kept = process.kept(builder.residence(id), builder.allocation());
        KeptBuilder.Stages used = process.stages(chain.pipeline, chain.isInHead);
        chain.keeps.add(
            new Program.LinkedKeep(kept, chain.loops.size(), used.first(), used.last()));
        Built body = chain(keep.body(), inside(builder, id, used.first(), keep, place), chain);
        yield new Built(
            body.program(), new Occupancy.Taken(keep, builder.allocation(), body.occupancy()));
      }
      case Node.Pipeline pipeline when !chain.isInHead -> {
        Loop loop = temporal(pipeline.rank(), pipeline.tile());
        chain.loops.add(loop);
        chain.isInHead = true;
        Place inside = place.in(loop).in(pipeline, chain.depth);
        yield steps(loop, chain(pipeline.body(), inside, chain));
      }
      case Node.For loop when !chain.isInHead ->
          flow(temporal(loop.rank(), loop.tile()), loop.body(), place, chain);
      case Node.Iterate loop when !chain.isInHead ->
          flow(temporal(loop.rank(), Size.of(1)), loop.body(), place, chain);
      case Node.For _,
          Node.Iterate _,
          Node.Pipeline _,
          Node.Spatial _,
          Node.Last _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          build(node, place);
    };
  }

  private Built flow(Loop loop, Node body, Place place, Chain chain) {
    chain.loops.add(loop);
    return steps(loop, chain(body, place.in(loop), chain));
  }

  private static Built steps(Loop loop, Built body) {
    return new Built(body.program(), new Occupancy.Steps(loop, body.occupancy()));
  }
}
