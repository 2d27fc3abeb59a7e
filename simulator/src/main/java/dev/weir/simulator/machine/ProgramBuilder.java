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
import java.util.stream.IntStream;

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
        Program.Kept kept = kept(builder, id, keep, place);
        Built body = build(keep.body(), inside(builder, id, keep, place));
        yield new Built(
            new Program.Resident(kept, body.program()),
            new Occupancy.Taken(builder.allocation(), body.occupancy()));
      }
      case Node.Seq seq -> {
        List<Built> parts = new ArrayList<>();
        for (Node part : seq.parts()) {
          parts.add(build(part, place.inPipeline() ? place : place.phase()));
        }
        yield new Built(
            new Program.Sequential(programs(parts), !place.inPipeline(), false),
            new Occupancy.Largest(occupancies(parts)));
      }
      case Node.Par par -> {
        List<Built> parts = par.parts().stream().map(part -> build(part, place)).toList();
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

  private static Place inside(ResidenceBuilder builder, int id, Node.Keep keep, Place place) {
    Place inside = place;
    for (TensorName tensor : keep.tensors()) {
      inside = inside.in(tensor, builder.home(id, tensor));
    }
    return inside;
  }

  private Program.Kept kept(ResidenceBuilder builder, int id, Node.Keep keep, Place place) {
    List<Program.Upstream> upstream = new ArrayList<>();
    boolean onDemand = false;
    boolean handsOver = false;
    int storeDepth = 0;
    for (TensorName tensor : keep.tensors()) {
      if (Trees.produces(keep.body(), tensor)) {
        int depth = place.home(tensor).map(Place.Home::depth).orElse(0);
        storeDepth = Math.max(storeDepth, depth - place.phaseDepth());
        handsOver |= isReadAround(keep, tensor, place);
      }
      if (!Trees.produces(keep.body(), tensor)) {
        place
            .home(tensor)
            .filter(Place.Home::loads)
            .filter(home -> !isAhead(home, place))
            .ifPresent(
                home ->
                    upstream.add(
                        new Program.Upstream(
                            home.residence(), Math.max(0, home.depth() - place.phaseDepth()))));
        onDemand |=
            place.pipelines().stream().anyMatch(p -> Trees.produces(p.node().body(), tensor));
      }
    }
    return new Program.Kept(
        builder.residence(id),
        Math.multiplyExact(given.value(keep.copies()), 2L),
        place.loops().subList(place.phaseDepth(), place.depth()),
        place.finals(),
        onDemand,
        handsOver,
        upstream,
        storeDepth,
        builder.allocation());
  }

  /** Whether a compute of a pipeline around reads the tensor, but not below the keep. */
  private boolean isReadAround(Node.Keep keep, TensorName tensor, Place place) {
    return place.pipelines().stream()
        .anyMatch(
            pipeline -> readers(pipeline.node().body(), tensor) > readers(keep.body(), tensor));
  }

  private long readers(Node node, TensorName tensor) {
    return Trees.all(node)
        .filter(
            n ->
                n instanceof Node.Compute compute
                    && given
                        .tensors()
                        .producer(compute.einsum())
                        .value()
                        .reads()
                        .anyMatch(access -> access.tensor().equals(tensor)))
        .count();
  }

  /** Whether a later stage always finds the next tile of this keep there: stage 0 waited for it. */
  private static boolean isAhead(Place.Home home, Place place) {
    return place.pipelines().stream()
        .anyMatch(
            pipeline -> pipeline.stage() > 0 && home.residence() < pipeline.residencesBefore());
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
    List<Built> parts = interleave.parts().stream().map(part -> build(part, place)).toList();
    return new Built(
        new Program.Sequential(programs(parts), false, true),
        new Occupancy.Largest(occupancies(parts)));
  }

  /** Loops and keeps on the way from the outermost flow loop to the stages. */
  private static final class Chain {
    private final List<Loop> loops = new ArrayList<>();
    private final List<Link> keeps = new ArrayList<>();
    private Optional<Node.Pipeline> pipeline = Optional.empty();
  }

  /**
   * A keep of a chain.
   *
   * @param depth how many loops of the chain are around it
   */
  private record Link(Program.Kept kept, Node.Keep keep, int depth) {}

  private Built epochs(Node top, Place place) {
    Chain chain = new Chain();
    Built body = chain(top, place, chain);
    List<Trees.StagedCompute> computes = Trees.computes(chain.pipeline.orElseThrow().body());
    TreeSet<Integer> stages = new TreeSet<>(List.of(0));
    computes.forEach(staged -> stages.add(staged.stage()));
    List<Program.LinkedKeep> keeps =
        chain.keeps.stream()
            .map(
                link ->
                    new Program.LinkedKeep(
                        link.kept(),
                        link.depth(),
                        firstStage(link, chain.loops.size(), computes),
                        usingStages(link.keep(), computes).max().orElse(0)))
            .toList();
    return new Built(
        new Program.Epochs(
            List.copyOf(chain.loops),
            keeps,
            List.copyOf(stages),
            new SkewedEpochs(given.tensors(), chain.loops, body.program()),
            body.program()),
        body.occupancy());
  }

  private Built chain(Node node, Place place, Chain chain) {
    boolean inHead = chain.pipeline.isPresent();
    if (inHead && !(node instanceof Node.Keep)) {
      Trees.requireStages(node);
    }
    return switch (node) {
      case Node.Keep keep -> {
        int id = residences++;
        ResidenceBuilder builder = new ResidenceBuilder(given, place, keep);
        chain.keeps.add(new Link(kept(builder, id, keep, place), keep, chain.loops.size()));
        Built body = chain(keep.body(), inside(builder, id, keep, place), chain);
        yield new Built(
            body.program(), new Occupancy.Taken(builder.allocation(), body.occupancy()));
      }
      case Node.Pipeline pipeline when !inHead -> {
        Loop loop = temporal(pipeline.rank(), pipeline.tile());
        chain.loops.add(loop);
        chain.pipeline = Optional.of(pipeline);
        yield steps(loop, chain(pipeline.body(), place.in(loop).in(pipeline), chain));
      }
      case Node.For loop when !inHead ->
          flow(temporal(loop.rank(), loop.tile()), loop.body(), place, chain);
      case Node.Iterate loop when !inHead ->
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

  /** The stage that a keep is entered for. */
  private int firstStage(Link link, int loops, List<Trees.StagedCompute> computes) {
    if (link.depth() == loops) {
      return Trees.computes(link.keep()).stream()
          .mapToInt(Trees.StagedCompute::stage)
          .min()
          .orElse(0);
    }
    return link.keep().doubleBuffered() ? usingStages(link.keep(), computes).min().orElse(0) : 0;
  }

  private IntStream usingStages(Node.Keep keep, List<Trees.StagedCompute> computes) {
    return computes.stream()
        .filter(staged -> keep.tensors().stream().anyMatch(tensor -> uses(staged, tensor)))
        .mapToInt(Trees.StagedCompute::stage);
  }

  private boolean uses(Trees.StagedCompute staged, TensorName tensor) {
    return staged.compute().einsum().equals(tensor)
        || given
            .tensors()
            .producer(staged.compute().einsum())
            .value()
            .reads()
            .anyMatch(access -> access.tensor().equals(tensor));
  }
}
