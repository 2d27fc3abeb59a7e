package dev.weir.opencl.execute;

import dev.weir.einsum.ir.Cascade;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Projection;
import java.util.Optional;
import java.util.stream.Stream;

/** Constructs whose words {@link ExpectedAccesses} does not follow. */
final class Unpredicted {

  private Unpredicted() {}

  /** The first such construct of a problem, as messages name it. */
  static Optional<String> in(Problem problem) {
    Cascade cascade = problem.cascade();
    if (cascade.einsums().stream().anyMatch(einsum -> einsum.populate().isPresent())) {
      return Optional.of("populate actions");
    }
    boolean isFollowed =
        Projection.all(cascade).values().stream()
            .flatMap(projection -> projection.parts().stream())
            .allMatch(Unpredicted::isFollowed);
    return isFollowed
        ? in(problem.schedule().root(), Around.NOTHING, problem)
        : Optional.of("windows, head maps or other indices that are no plain coordinate");
  }

  private static boolean isFollowed(Projection.Part part) {
    return switch (part) {
      case Projection.Part.Plain _, Projection.Part.Joined _, Projection.Part.Generation _ -> true;
      case Projection.Part.HeadMap _, Projection.Part.Window _, Projection.Part.Whole _ -> false;
    };
  }

  /** What stands around a node, as far as it matters here. */
  private enum Around {
    /** Nothing but keeps of the top level and sequences, whose parts are kernels. */
    NOTHING,
    /** A loop, or parts that are no kernels of their own. */
    LOOP,
    /** A keep in local or private memory. */
    TILE;

    Around in(Node node, Problem problem) {
      boolean isKernel =
          node instanceof Node.Seq || (node instanceof Node.Keep k && isTop(k, problem));
      if (this == TILE || (node instanceof Node.Keep keep && !isTop(keep, problem))) {
        return TILE;
      }
      return isKernel ? this : LOOP;
    }
  }

  private static boolean isTop(Node.Keep keep, Problem problem) {
    return keep.level().equals(problem.architecture().top().name());
  }

  private static Optional<String> in(Node node, Around around, Problem problem) {
    Optional<String> own =
        switch (node) {
          case Node.For loop when loop.skip() -> Optional.of("`skip`");
          case Node.For loop when !loop.recompute().isEmpty() -> Optional.of("`recompute`");
          case Node.Keep keep when hasRoomOfItsOwnToo(keep, problem) ->
              Optional.of("`in place of` for a tensor that has another tile at that level");
          case Node.Keep keep when around != Around.NOTHING && isTop(keep, problem) ->
              Optional.of("keeps of the top level inside loops or other keeps");
          case Node.Spatial loop when around == Around.TILE && isOnGroups(loop, problem) ->
              Optional.of("loops over work-groups inside keeps of local or private memory");
          case Node.Spatial loop -> in(loop, problem);
          case Node.For _, Node.Keep _, Node.Iterate _, Node.Last _ -> Optional.empty();
          case Node.Pipeline _ -> Optional.of("`pipeline`");
          case Node.Seq _, Node.Par _, Node.Stage _, Node.Interleave _ -> Optional.empty();
          case Node.Compute _ -> Optional.empty();
        };
    Around inside = around.in(node, problem);
    return own.or(
        () -> node.children().stream().flatMap(c -> in(c, inside, problem).stream()).findFirst());
  }

  private static boolean isOnGroups(Node.Spatial loop, Problem problem) {
    return problem
        .architecture()
        .axis(loop.axis())
        .map(Axis::kind)
        .equals(Optional.of(Axis.Kind.WORK_GROUP));
  }

  private static boolean hasRoomOfItsOwnToo(Node.Keep keep, Problem problem) {
    return keep.inPlaceOf().isPresent()
        && keeps(problem.schedule().root())
                .filter(other -> other.level().equals(keep.level()))
                .filter(other -> other.tensors().contains(keep.tensors().getFirst()))
                .count()
            > 1;
  }

  private static Stream<Node.Keep> keeps(Node node) {
    Stream<Node.Keep> own =
        node instanceof Node.Keep keep ? Stream.of(keep) : Stream.<Node.Keep>empty();
    return Stream.concat(own, node.children().stream().flatMap(Unpredicted::keeps));
  }

  private static Optional<String> in(Node.Spatial loop, Problem problem) {
    Optional<Axis.Kind> kind = problem.architecture().axis(loop.axis()).map(Axis::kind);
    boolean isLanes = kind.equals(Optional.of(Axis.Kind.LANE));
    if (!isLanes && !loop.reduce().isEmpty()) {
      return Optional.of("contributions that work-items merge");
    }
    return !isLanes && !loop.multicast().isEmpty()
        ? Optional.of("`multicast` over work-items or work-groups")
        : loop.recompute().isEmpty() ? Optional.empty() : Optional.of("`recompute`");
  }
}
