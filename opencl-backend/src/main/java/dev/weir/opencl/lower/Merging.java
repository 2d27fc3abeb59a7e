package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Einsum;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Merges what lanes and work-items contribute in one step into one contribution. */
final class Merging {

  private final KernelState state;

  Merging(KernelState state) {
    this.state = state;
  }

  /**
   * What a work-item, or the lanes of one, contribute.
   *
   * @param tail where it contributes nothing
   * @param evaluation what must be worked out first where it does
   * @param value the value there
   */
  record Part(Tail tail, List<Statement> evaluation, Value value) {}

  /** The merged value; where several work-items contributed, only the first of them has it. */
  Value merged(
      Einsum einsum, Spread spread, Part part, Scope scope, NodePath where, List<Statement> out) {
    List<Statement> evaluation = new ArrayList<>(part.evaluation());
    Value value = part.value();
    if (spread.lanes()) {
      value = ofLanes(einsum, Arithmetic.broadcast(value, scope.lanes()), evaluation);
    }
    if (spread.items().isEmpty()) {
      out.addAll(evaluation);
      return value;
    }
    return ofItems(einsum, spread, new Part(part.tail(), evaluation, value), scope, where, out);
  }

  /**
   * What only the work-item that has the merged value does. All meet afterwards: PoCL 3.1 aborts
   * when a compiler joins two branches of one condition across a loop in which work-items meet.
   */
  List<Statement> byOwner(
      Spread spread, AddressSpace space, List<Statement> statements, Scope scope, NodePath where) {
    Optional<Value> owns = Arithmetic.all(spread.items().stream().map(this::isFirst).toList());
    if (owns.isEmpty()) {
      return statements;
    }
    List<Statement> guarded = new ArrayList<>();
    guarded.add(
        new Statement.If(owns.get(), Barriers.once(state, space, scope.parallel(), statements)));
    Barriers.barrier(state, AddressSpace.LOCAL, scope, where, guarded);
    return guarded;
  }

  private Value isFirst(int dimension) {
    return Arithmetic.infix(Value.Operator.EQUAL, state.item(dimension), new Value.Whole(0));
  }

  /** Halves the work-items that hold something, until the first holds all. */
  private Value ofItems(
      Einsum einsum, Spread spread, Part part, Scope scope, NodePath where, List<Statement> out) {
    long items = state.grid().items().stream().reduce(1L, Math::multiplyExact);
    Array parts = state.localArray("parts_" + einsum.output().tensor(), part.value().type(), items);
    AffineForm own = state.itemNumber();
    if (part.tail().isInside().isPresent()) {
      Value identity = new Value.Real(einsum.reduction().identity());
      int lanes = part.value().type().lanes();
      out.add(new Statement.Assign(parts, own.value(1), Arithmetic.broadcast(identity, lanes)));
    }
    List<Statement> handing = new ArrayList<>(part.evaluation());
    handing.add(new Statement.Assign(parts, own.value(1), part.value()));
    out.addAll(part.tail().guarded(handing));
    Barriers.barrier(state, AddressSpace.LOCAL, scope, where, out);
    for (int dimension : spread.items()) {
      Value.Variable item = state.item(dimension);
      long stride = own.coefficient(item);
      long holding = state.grid().items(dimension);
      while (holding > 1) {
        long rest = Math.ceilDiv(holding, 2L);
        List<Statement> halving = new ArrayList<>();
        Value mine = state.declared("mine", new Value.Element(parts, own.value(1)), halving);
        Value other =
            state.declared(
                "other", new Value.Element(parts, own.plus(rest * stride).value(1)), halving);
        Value both = Contribution.combine(einsum.reduction(), mine, other);
        Value hasOther =
            Arithmetic.infix(Value.Operator.LESS, item, new Value.Whole(holding - rest));
        halving.add(new Statement.Assign(parts, own.value(1), both));
        out.add(new Statement.If(hasOther, halving));
        Barriers.barrier(state, AddressSpace.LOCAL, scope, where, out);
        holding = rest;
      }
    }
    return new Value.Element(parts, own.value(1));
  }

  /** Halves the vector until it is a scalar, so that rounding errors stay small. */
  private Value ofLanes(Einsum einsum, Value vector, List<Statement> out) {
    Value left = vector;
    while (left.type().lanes() > 1) {
      Value whole = state.declared("lanes", left, out);
      Value lower = state.declared("lower", new Value.Half(whole, false), out);
      Value upper = state.declared("upper", new Value.Half(whole, true), out);
      left = Contribution.combine(einsum.reduction(), lower, upper);
    }
    return left;
  }
}
