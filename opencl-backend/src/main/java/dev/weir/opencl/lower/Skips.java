package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loops marked {@code skip}: iterations without a present point are passed over. */
final class Skips {

  private final KernelState state;
  private final Facts facts;
  private final AccessLowering accesses;
  private final Reductions reductions;
  private final Possibility possibility;
  private final NestPlaces places;

  Skips(
      KernelState state,
      AccessLowering accesses,
      Reductions reductions,
      Possibility possibility,
      NestPlaces places) {
    this.state = state;
    this.facts = state.facts();
    this.accesses = accesses;
    this.reductions = reductions;
    this.possibility = possibility;
    this.places = places;
  }

  /**
   * The body of a loop, passed over, where the loop is marked so, when no point below is present.
   * What it would have written alone is then empty. Where all points are present it asks no more.
   *
   * @param isInNest whether barriers stand around already, if any are needed
   */
  Loops.Body visiting(Part loop, boolean isInNest, Loops.Body body) {
    if (!(loop.node() instanceof Node.For node) || !node.skip()) {
      return body;
    }
    return (scope, out) -> {
      Optional<Value> mask = isVisited(loop, scope);
      if (mask.isEmpty()) {
        body.emit(scope, out);
        return;
      }
      Value.Variable visited = state.freshVariable("visited", Type.MASK);
      out.add(new Statement.Declare(visited, mask.get()));
      Scope visiting = state.isDivergent(mask.get()) ? scope.diverged() : scope;
      Value inPart =
          whole(loop, visiting, body, out)
              .<Value>map(Value.Not::new)
              .map(not -> Arithmetic.and(visited, not))
              .orElse(visited);
      List<Statement> inside = new ArrayList<>();
      body.emit(visiting, inside);
      List<Statement> before = new ArrayList<>();
      List<Statement> passed = new ArrayList<>();
      loop.pathsToComputes()
          .forEach(path -> pass(path, node.rank(), isInNest, scope, before, passed));
      out.addAll(before);
      out.add(new Statement.If(inPart, inside));
      if (!passed.isEmpty()) {
        out.add(new Statement.If(new Value.Not(visited), passed));
      }
    };
  }

  /**
   * The body where all points below are present, so that no condition is asked. Not where
   * work-items meet: each barrier would stand twice.
   *
   * @return whether they are, if that is known
   */
  private Optional<Value.Variable> whole(
      Part loop, Scope scope, Loops.Body body, List<Statement> out) {
    List<Condition> conditions =
        loop.computes()
            .map(part -> facts.producer(((Node.Compute) part.node()).einsum()).condition())
            .flatMap(Optional::stream)
            .distinct()
            .toList();
    List<Value> masks =
        conditions.stream()
            .flatMap(c -> possibility.throughout(c, scope, loop.path()).stream())
            .toList();
    if (state.grid().hasSeveralItems() || masks.size() < conditions.size()) {
      return Optional.empty();
    }
    Value.Variable whole = state.freshVariable("whole", Type.MASK);
    out.add(new Statement.Declare(whole, Arithmetic.all(masks).orElse(Arithmetic.always())));
    List<Statement> inside = new ArrayList<>();
    body.emit(scope.withHolding(conditions), inside);
    out.add(new Statement.If(whole, inside));
    return Optional.of(whole);
  }

  /** Whether some compute below has a point that is present; nothing when that is not excluded. */
  private Optional<Value> isVisited(Part loop, Scope scope) {
    List<Optional<Value>> masks =
        loop.computes()
            .map(
                part ->
                    scope
                        .condition(facts.producer(((Node.Compute) part.node()).einsum()))
                        .flatMap(c -> possibility.of(c, scope, part.path())))
            .toList();
    return masks.stream().allMatch(Optional::isPresent)
        ? masks.stream().map(Optional::get).distinct().reduce(Arithmetic::or)
        : Optional.empty();
  }

  /**
   * Writes the empty value where an iteration that is passed over would have written alone.
   *
   * @param before whether or not the iteration is passed over, which then writes over it
   * @param passed only if it is
   */
  private void pass(
      List<Part> path,
      RankName rank,
      boolean isInNest,
      Scope scope,
      List<Statement> before,
      List<Statement> passed) {
    Part compute = path.getLast();
    Einsum einsum = facts.producer(((Node.Compute) compute.node()).einsum());
    TensorName output = einsum.output().tensor();
    boolean isAlone = !einsum.reducedRanks().contains(rank) && !scope.open().contains(output);
    boolean hasHome =
        scope.homes().containsKey(output) || facts.tensor(output).role() == Tensor.Role.OUTPUT;
    if (!isAlone || !hasHome) {
      return;
    }
    List<Part> below = path.subList(1, path.size());
    Home home = accesses.home(output, scope, compute.path());
    Reductions.Region region =
        reductions.inPlace(einsum, places.along(einsum, home, below, scope), home, compute.path());
    List<Statement> filling = new ArrayList<>();
    reductions.fill(region, facts.tensor(output).empty(), scope, filling);
    Parallel inside = places.inside(below, scope).without(einsum.reducedRanks());
    boolean isShared = !isInNest && places.isShared(output, home);
    List<Statement> out = isFilledBefore(output, home, scope) ? before : passed;
    Barriers.guard(state, home, filling, inside, isShared, scope, compute.path(), out);
  }

  /**
   * Where work-items meet in the body, what each has for itself is not set in one branch or the
   * other: of such values the compiler of PoCL 3.1 takes some for unset. A state, or a tile in the
   * room of another one, still holds what the body reads.
   */
  private boolean isFilledBefore(TensorName output, Home home, Scope scope) {
    boolean hasRoomAlone =
        scope.homes().entrySet().stream()
            .noneMatch(
                other ->
                    !other.getKey().equals(output)
                        && other.getValue().array().equals(home.array()));
    return state.grid().hasSeveralItems()
        && home.array().space() == AddressSpace.PRIVATE
        && facts.tensor(output).generations().isEmpty()
        && hasRoomAlone;
  }
}
