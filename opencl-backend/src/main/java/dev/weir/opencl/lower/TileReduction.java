package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Sums up a tile of an Einsum's output in registers and writes it to its home once. */
final class TileReduction {

  private final KernelState state;
  private final Facts facts;
  private final Loops loops;
  private final AccessLowering accesses;
  private final ExpressionLowering expressions;

  TileReduction(
      KernelState state, Loops loops, AccessLowering accesses, ExpressionLowering expressions) {
    this.state = state;
    this.facts = state.facts();
    this.loops = loops;
    this.accesses = accesses;
    this.expressions = expressions;
  }

  /** All that the steps of one reduction share. */
  private record Reduction(
      Einsum einsum,
      Tensor output,
      Home home,
      List<Part> loops,
      List<Walk.Along> along,
      Tensor sums,
      Home.Tile registers,
      Contribution contribution,
      Partials partials,
      NodePath where) {

    double identity() {
      return einsum.reduction().identity();
    }

    /** Whether the condition is the same for all points of an output element. */
    boolean hasOuterCondition() {
      return einsum.condition().isPresent()
          && einsum.condition().get().ranks().noneMatch(einsum.reducedRanks()::contains);
    }
  }

  void emit(
      Einsum einsum,
      Home home,
      List<Part> below,
      List<Walk.Along> along,
      NodePath where,
      Scope scope,
      List<Statement> out) {
    Tensor output = facts.tensor(einsum.output().tensor());
    Partials partials = Partials.of(einsum, home, scope);
    if (!partials.isComplete()) {
      partials.require(output, home, state, where);
    }
    Contribution contribution =
        partials.isComplete()
            ? Contribution.factored(einsum, expressions)
            : Contribution.plain(einsum);
    List<RankName> ranks = along.stream().map(Walk.Along::rank).toList();
    Tensor sums =
        new Tensor(
            new TensorName("sum_" + output.name()),
            Tensor.Role.INTERMEDIATE,
            ranks,
            Optional.empty(),
            output.empty());
    Home.Tile registers = registers(sums, along, scope);
    out.add(new Statement.DeclareArray(registers.array()));
    Reduction reduction =
        new Reduction(
            einsum, output, home, below, along, sums, registers, contribution, partials, where);
    begin(reduction, scope, out);
    accumulate(reduction, 0, scope, out);
    finish(reduction, scope, out);
  }

  private Home.Tile registers(Tensor sums, List<Walk.Along> along, Scope scope) {
    int lanes = scope.lanes();
    List<Integer> order = new ArrayList<>();
    for (int i = along.size() - 1; i >= 0; i--) {
      Optional<Home.Digit> lane =
          along.get(i).digits().stream().filter(TileLayout::isLane).findFirst();
      lanes = lane.map(digit -> (int) digit.count()).orElse(lanes);
      order.add(lane.isPresent() ? 0 : order.size(), i);
    }
    List<Home.Dimension> dimensions =
        new ArrayList<>(Collections.nCopies(along.size(), (Home.Dimension) null));
    long stride = 1;
    for (int i : order) {
      Walk.Along a = along.get(i);
      dimensions.set(i, new Home.Dimension(a.range(), a.stored(), stride, a.digits()));
      stride *= a.stored();
    }
    Array array =
        new Array(
            state.fresh(sums.name().text()),
            AddressSpace.PRIVATE,
            Type.FLOAT.withLanes(lanes),
            stride);
    return new Home.Tile(array, Optional.empty(), dimensions, scope.loops().size());
  }

  private void begin(Reduction reduction, Scope scope, List<Statement> out) {
    new Walk(state)
        .each(
            reduction.along(),
            scope,
            true,
            out,
            (inner, statements) -> {
              Value start = new Value.Number(reduction.identity());
              if (!reduction.partials().isComplete()) {
                Value loaded =
                    accesses.load(
                        reduction.output(),
                        reduction.home(),
                        reduction.einsum().output(),
                        inner,
                        reduction.where());
                start = reduction.partials().old(reduction.output(), reduction.home(), loaded);
              }
              keep(reduction, start, inner, statements);
            });
  }

  private Value sum(Reduction reduction, Scope scope) {
    Access own = TileLayout.own(reduction.sums());
    return accesses.load(reduction.sums(), reduction.registers(), own, scope, reduction.where());
  }

  private void keep(Reduction reduction, Value value, Scope scope, List<Statement> out) {
    Access own = TileLayout.own(reduction.sums());
    accesses.store(
        reduction.sums(), reduction.registers(), own, value, scope, reduction.where(), out);
  }

  private void accumulate(Reduction reduction, int depth, Scope scope, List<Statement> out) {
    if (depth == reduction.loops().size()) {
      Spread.require(reduction.einsum(), scope, state, reduction.where());
      Optional<Value> condition =
          reduction.hasOuterCondition() ? Optional.empty() : condition(reduction, scope);
      Operand operand =
          expressions.lower(
              reduction.contribution().value(), scope, reduction.where(), out);
      Value value = Contribution.orElse(operand, condition, reduction.identity());
      Monoid monoid = reduction.einsum().reduction();
      keep(
          reduction,
          Contribution.combine(monoid, sum(reduction, scope), value),
          scope,
          out);
      return;
    }
    Part part = reduction.loops().get(depth);
    Loops.Body body =
        (inner, statements) -> accumulate(reduction, depth + 1, inner, statements);
    if (part.node() instanceof Node.For loop) {
      boolean isReduced = reduction.einsum().reducedRanks().contains(loop.rank());
      long tile = facts.problem().value(loop.tile());
      Loops.Guard guard = isReduced ? Loops.Guard.ALL : Loops.Guard.HARD;
      loops.temporal(loop.rank(), tile, scope, guard, !isReduced, out, body);
    } else {
      loops.spatial(part, scope, out, body);
    }
  }

  private Optional<Value> condition(Reduction reduction, Scope scope) {
    return reduction
        .einsum()
        .condition()
        .map(condition -> expressions.conditions().mask(condition, scope, reduction.where()));
  }

  private void finish(Reduction reduction, Scope scope, List<Statement> out) {
    Optional<Array> doubtful = Optional.empty();
    boolean isTold =
        reduction.output().empty() == reduction.identity() || !reduction.partials().isComplete();
    if (!isTold) {
      Array array =
          new Array(
              state.fresh("doubtful_" + reduction.output().name()),
              AddressSpace.PRIVATE,
              Type.MASK,
              1);
      out.add(new Statement.DeclareArray(array));
      out.add(new Statement.Assign(array, new Value.Whole(0), new Value.Whole(0)));
      doubtful = Optional.of(array);
    }
    Optional<Array> flag = doubtful;
    new Walk(state)
        .each(
            reduction.along(),
            scope,
            true,
            out,
            (inner, statements) -> write(reduction, flag, inner, statements));
    flag.ifPresent(
        array -> {
          List<Statement> again = new ArrayList<>();
          again.add(
              new Statement.Comment(
                  "nothing but absent values would leave "
                      + reduction.output().name()
                      + " empty: look again"));
          recheck(reduction, scope, again);
          out.add(new Statement.If(new Value.Element(array, new Value.Whole(0)), again));
        });
  }

  private void write(
      Reduction reduction, Optional<Array> flag, Scope scope, List<Statement> out) {
    Value sum = sum(reduction, scope);
    flag.ifPresent(
        array -> {
          Value isIdentity =
              Arithmetic.any(
                  Arithmetic.infix(
                      Value.Operator.EQUAL, sum, new Value.Number(reduction.identity())));
          Value before = new Value.Element(array, new Value.Whole(0));
          out.add(
              new Statement.Assign(
                  array, new Value.Whole(0), Arithmetic.or(before, isIdentity)));
        });
    Value value = sum;
    if (reduction.contribution().factor() != 1) {
      Value factor = new Value.Number(reduction.contribution().factor());
      value = Arithmetic.infix(Value.Operator.MULTIPLY, sum, factor);
    }
    if (reduction.hasOuterCondition()) {
      Value otherwise = new Value.Number(reduction.output().empty());
      if (!reduction.partials().isComplete()) {
        otherwise = sumBefore(reduction, scope);
      }
      value = Arithmetic.select(condition(reduction, scope).orElseThrow(), value, otherwise);
    }
    accesses.store(reduction.einsum().output(), value, scope, reduction.where(), out);
  }

  private Value sumBefore(Reduction reduction, Scope scope) {
    Value loaded =
        accesses.load(
            reduction.output(),
            reduction.home(),
            reduction.einsum().output(),
            scope,
            reduction.where());
    return reduction.partials().old(reduction.output(), reduction.home(), loaded);
  }

  /** Works out, where a sum equals that of nothing, whether there was anything. */
  private void recheck(Reduction reduction, Scope scope, List<Statement> out) {
    boolean unrolled = Unrolling.isRegisters(reduction.home().array());
    new Walk(state)
        .each(
            reduction.along(),
            scope,
            unrolled,
            out,
            (inner, statements) -> {
              Array present =
                  new Array(
                      state.fresh("present"),
                      AddressSpace.PRIVATE,
                      Type.MASK.withLanes(inner.lanes()),
                      1);
              statements.add(new Statement.DeclareArray(present));
              Value never = Arithmetic.broadcast(new Value.Whole(0), inner.lanes());
              statements.add(new Statement.Assign(present, new Value.Whole(0), never));
              look(reduction, present, 0, inner, statements);
              Value found = new Value.Element(present, new Value.Whole(0));
              Access access = reduction.einsum().output();
              Value old =
                  accesses.load(
                      reduction.output(), reduction.home(), access, inner, reduction.where());
              Value empty = new Value.Number(reduction.output().empty());
              accesses.store(
                  access,
                  Arithmetic.select(found, old, empty),
                  inner,
                  reduction.where(),
                  statements);
            });
  }

  private void look(
      Reduction reduction, Array present, int depth, Scope scope, List<Statement> out) {
    if (depth == reduction.loops().size()) {
      Optional<Value> condition =
          reduction.hasOuterCondition() ? Optional.empty() : condition(reduction, scope);
      Operand operand =
          expressions.lower(reduction.einsum().value(), scope, reduction.where(), out);
      Value zero = new Value.Whole(0);
      Value always = Arithmetic.infix(Value.Operator.EQUAL, zero, zero);
      Value now = Contribution.presence(operand, condition).orElse(always);
      Value before = new Value.Element(present, zero);
      out.add(new Statement.Assign(present, zero, Arithmetic.or(before, now)));
      return;
    }
    Loops.Body body =
        (inner, statements) -> look(reduction, present, depth + 1, inner, statements);
    if (reduction.loops().get(depth).node() instanceof Node.For loop
        && reduction.einsum().reducedRanks().contains(loop.rank())) {
      long tile = facts.problem().value(loop.tile());
      loops.temporal(loop.rank(), tile, scope, Loops.Guard.ALL, false, out, body);
    } else {
      look(reduction, present, depth + 1, scope, out);
    }
  }
}
