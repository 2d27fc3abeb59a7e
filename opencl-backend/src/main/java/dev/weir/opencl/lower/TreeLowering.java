package dev.weir.opencl.lower;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lowers a schedule tree from its root down. */
final class TreeLowering {

  private final Facts facts;
  private final Loops loops;
  private final NestLowering nests;
  private final KeepLowering keeps;

  TreeLowering(KernelState state) {
    this.facts = state.facts();
    this.loops = new Loops(state);
    AccessLowering accesses = new AccessLowering(state);
    this.nests = new NestLowering(state, loops, accesses);
    this.keeps = new KeepLowering(state, accesses);
  }

  void lower(Part part, Scope scope, List<Statement> out) {
    if (part.isNest()) {
      nests.lower(part, scope, out);
      return;
    }
    switch (part.node()) {
      case Node.For loop ->
          temporal(
              loop.rank(),
              facts.problem().value(loop.tile()),
              part,
              scope,
              out,
              nests.skips().visiting(part, false, below(part)));
      case Node.Pipeline loop ->
          temporal(loop.rank(), facts.problem().value(loop.tile()), part, scope, out, below(part));
      case Node.Spatial loop -> spatial(loop, part, scope, out);
      case Node.Iterate loop -> iterate(loop.rank(), part, scope, out);
      case Node.Last last -> last(last.rank(), part, scope, out);
      case Node.Keep _ -> keeps.lower(part, scope, out, below(part));
      case Node.Seq _, Node.Par _, Node.Interleave _, Node.Stage _ -> below(part).emit(scope, out);
      case Node.Compute _ -> throw new IllegalStateException("a compute is a nest");
    }
  }

  private Loops.Body below(Part part) {
    return (scope, out) -> part.children().forEach(child -> lower(child, scope, out));
  }

  private void temporal(
      RankName rank, long tile, Part part, Scope scope, List<Statement> out, Loops.Body body) {
    boolean unrolled = Unrolling.isUnrolled(rank, tile, part, scope, facts);
    open(
        opening(rank, part, scope),
        scope,
        out,
        (inside, statements) ->
            loops.temporal(
                Loops.Steps.of(part, rank, tile),
                inside,
                Loops.Guard.ALL,
                unrolled,
                statements,
                body));
  }

  private void spatial(Node.Spatial loop, Part part, Scope scope, List<Statement> out) {
    open(
        opening(loop.rank(), part, scope),
        scope,
        out,
        (inside, statements) -> loops.spatial(part, inside, statements, below(part)));
  }

  private List<List<Part>> opening(RankName rank, Part part, Scope scope) {
    return part.pathsToComputes().filter(path -> opens(path, rank, scope)).toList();
  }

  /** Whether a compute below begins its reduction at a loop over the rank. */
  private boolean opens(List<Part> path, RankName rank, Scope scope) {
    TensorName output = ((Node.Compute) path.getLast().node()).einsum();
    boolean hasHome =
        scope.homes().containsKey(output) || facts.tensor(output).role() == Tensor.Role.OUTPUT;
    return facts.producer(output).reducedRanks().contains(rank)
        && hasHome
        && !scope.open().contains(output);
  }

  private void open(List<List<Part>> opening, Scope scope, List<Statement> out, Loops.Body loop) {
    if (opening.isEmpty()) {
      loop.emit(scope, out);
      return;
    }
    List<Part> path = opening.getFirst();
    Part compute = path.getLast();
    nests.openApart(
        facts.producer(((Node.Compute) compute.node()).einsum()),
        path,
        compute.path(),
        scope,
        out,
        (inside, statements) -> open(opening.subList(1, opening.size()), inside, statements, loop));
  }

  private void iterate(RankName rank, Part part, Scope scope, List<Statement> out) {
    out.add(new Statement.Comment("iterate " + rank.variable(), Optional.of(part.path())));
    loops.iterate(
        Loops.Steps.of(part, rank, 1),
        scope,
        out,
        (inner, statements) -> {
          below(part).emit(inner, statements);
          keeps.advance(rank, inner, part.path(), statements);
        });
  }

  private void last(RankName rank, Part part, Scope scope, List<Statement> out) {
    AffineForm step = IndexLowering.single(rank, scope, part.path());
    AffineForm end = AffineForm.of(facts.shape(rank) - 1);
    List<Statement> inside = new ArrayList<>();
    below(part).emit(scope, inside);
    if (step.equals(end)) {
      out.addAll(inside);
    } else {
      out.add(
          new Statement.If(
              Arithmetic.infix(Value.Operator.EQUAL, step.value(1), end.value(1)),
              inside,
              Optional.of(part.path())));
    }
  }
}
