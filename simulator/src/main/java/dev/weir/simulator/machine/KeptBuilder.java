package dev.weir.simulator.machine;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Prepares what the transfer process of a keep must know of others to run ahead of the work. */
final class KeptBuilder {

  /** Stands where nothing is sure. */
  private static final int NEVER = Integer.MAX_VALUE;

  /**
   * Stages of a pipeline for which a keep among its loops holds a tile.
   *
   * @param first stage that it is entered for
   * @param last last stage that uses it
   */
  record Stages(int first, int last) {}

  private final Preparation given;
  private final Place place;
  private final Node.Keep keep;

  KeptBuilder(Preparation given, Place place, Node.Keep keep) {
    this.given = given;
    this.place = place;
    this.keep = keep;
  }

  Program.Kept kept(Residence residence, Allocation allocation) {
    boolean onDemand =
        comingIn().anyMatch(tensor -> isInPipeline(body -> Trees.produces(body, tensor)));
    boolean handsOver =
        goingOut().anyMatch(tensor -> isInPipeline(body -> isReadBeside(body, tensor)));
    return new Program.Kept(
        residence,
        Math.multiplyExact(given.value(keep.copies()), 2L),
        place.loops().subList(place.phaseDepth(), place.depth()),
        place.finals(),
        onDemand,
        producedDepth(),
        handsOver,
        upstream(),
        storeDepth(),
        allocation);
  }

  private Stream<TensorName> comingIn() {
    return keep.tensors().stream().filter(tensor -> !Trees.produces(keep.body(), tensor));
  }

  private Stream<TensorName> goingOut() {
    return keep.tensors().stream().filter(tensor -> Trees.produces(keep.body(), tensor));
  }

  private boolean isInPipeline(Predicate<Node> holds) {
    return place.pipelines().stream().anyMatch(around -> holds.test(around.node().body()));
  }

  /** Whether a compute reads the tensor, but not below the keep. */
  private boolean isReadBeside(Node around, TensorName tensor) {
    return readers(around, tensor) > readers(keep.body(), tensor);
  }

  private long readers(Node node, TensorName tensor) {
    return Trees.all(node)
        .filter(n -> n instanceof Node.Compute compute && reads(compute, tensor))
        .count();
  }

  private boolean reads(Node.Compute compute, TensorName tensor) {
    Einsum einsum = given.tensors().producer(compute.einsum());
    return einsum.value().reads().anyMatch(access -> access.tensor().equals(tensor));
  }

  /** What a part beside produces is not there ahead of it. */
  private int producedDepth() {
    return deepest(fork -> comingIn().anyMatch(tensor -> Trees.produces(fork.node(), tensor)));
  }

  /** What goes to a home, or is read in a part beside, must be out before that goes on. */
  private int storeDepth() {
    int ofHomes =
        goingOut()
            .mapToInt(tensor -> place.home(tensor).map(Place.Home::depth).orElse(0))
            .max()
            .orElse(0);
    int ofReaders =
        deepest(fork -> goingOut().anyMatch(tensor -> isReadBeside(fork.node(), tensor)));
    return Math.max(ofReaders, inPhase(ofHomes));
  }

  private int deepest(Predicate<Place.Fork> which) {
    return place.forks().stream()
        .filter(which)
        .mapToInt(fork -> inPhase(fork.depth()))
        .max()
        .orElse(0);
  }

  /** How many of the loops that the process walks are among so many outer ones. */
  private int inPhase(int depth) {
    return Math.max(0, depth - place.phaseDepth());
  }

  private List<Program.Upstream> upstream() {
    List<Program.Upstream> upstream = new ArrayList<>();
    keep.tensors().stream()
        .flatMap(tensor -> place.home(tensor).stream())
        .filter(Place.Home::loads)
        .forEach(
            home -> {
              int depth = Math.min(home.depth(), sureFrom(home));
              upstream.add(new Program.Upstream(home.residence(), inPhase(depth)));
            });
    return upstream;
  }

  /**
   * A stage finds the next tile of a keep among the loops of its pipeline there if an earlier stage
   * has come to it and waited for it, unless the pipeline begins anew.
   */
  private int sureFrom(Place.Home home) {
    return place.pipelines().stream()
        .filter(around -> around.stage() > home.firstStage())
        .filter(around -> home.residence() < around.residencesBefore())
        .mapToInt(Place.EnclosingPipeline::depth)
        .min()
        .orElse(NEVER);
  }

  /**
   * Of a keep among the loops of a pipeline. It is entered for the first stage that uses it; a
   * single one between flow loops for the first of all.
   */
  Stages stages(Node.Pipeline pipeline, boolean isInHead) {
    List<Integer> using =
        Trees.computes(pipeline.body()).stream()
            .filter(staged -> keep.tensors().stream().anyMatch(t -> uses(staged.compute(), t)))
            .map(Trees.StagedCompute::stage)
            .sorted()
            .toList();
    if (using.isEmpty()) {
      return new Stages(0, 0);
    }
    int first = isInHead || keep.doubleBuffered() ? using.getFirst() : 0;
    return new Stages(first, using.getLast());
  }

  private boolean uses(Node.Compute compute, TensorName tensor) {
    return compute.einsum().equals(tensor) || reads(compute, tensor);
  }
}
