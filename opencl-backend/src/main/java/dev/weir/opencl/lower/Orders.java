package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Populate actions: the best values so far stand sorted beside their coordinates, and each new one
 * moves those that it beats by a slot. Equal values keep the order of their coordinates.
 */
final class Orders {

  private final KernelState state;
  private final Facts facts;
  private final AccessLowering accesses;
  private final ExpressionLowering expressions;

  Orders(KernelState state, AccessLowering accesses, ExpressionLowering expressions) {
    this.state = state;
    this.facts = state.facts();
    this.accesses = accesses;
    this.expressions = expressions;
  }

  /**
   * The best so far of one fiber.
   *
   * @param values sorted
   * @param coordinates theirs; −1 in a slot that is still free
   */
  record Slots(Einsum einsum, Array values, Array coordinates, NodePath where) {

    Populate populate() {
      return einsum.populate().orElseThrow();
    }

    long count() {
      return values.length();
    }

    Value value(Value slot) {
      return new Value.Element(values, slot);
    }

    Value coordinate(Value slot) {
      return new Value.Element(coordinates, slot);
    }

    int lanes() {
      return values.element().lanes();
    }
  }

  /** Slots that are all free. */
  Slots begin(Einsum einsum, Scope scope, NodePath where, List<Statement> out) {
    RankName slot = einsum.populate().orElseThrow().slot();
    einsum
        .output()
        .ranks()
        .filter(rank -> !rank.equals(slot))
        .forEach(rank -> IndexLowering.single(rank, scope, where));
    long count = facts.shape(slot);
    String name = einsum.output().tensor().text();
    Slots slots =
        new Slots(
            einsum,
            array("best_" + name, Type.FLOAT.withLanes(scope.lanes()), count),
            array("at_" + name, Type.INT.withLanes(scope.lanes()), count),
            where);
    out.add(new Statement.DeclareArray(slots.values()));
    out.add(new Statement.DeclareArray(slots.coordinates()));
    each(
        slots,
        count,
        out,
        (at, statements) -> {
          statements.add(assign(slots.values(), at, new Value.Real(0)));
          statements.add(assign(slots.coordinates(), at, new Value.Whole(-1)));
        });
    return slots;
  }

  private Array array(String name, Type element, long length) {
    return new Array(state.fresh(name), AddressSpace.PRIVATE, element, length);
  }

  private static Statement assign(Array array, Value index, Value value) {
    return new Statement.Assign(array, index, Arithmetic.broadcast(value, array.element().lanes()));
  }

  /** What is done with a slot. */
  @FunctionalInterface
  private interface OfSlot {
    void emit(Value slot, List<Statement> out);
  }

  private void each(Slots slots, long count, List<Statement> out, OfSlot body) {
    Value.Variable slot = state.freshVariable(slots.populate().slot().variable(), Type.INT);
    List<Statement> statements = new ArrayList<>();
    body.emit(slot, statements);
    out.add(
        new Statement.Loop(
            slot,
            new Value.Whole(0),
            new Value.Whole(count),
            new Value.Whole(1),
            Unrolling.isRegisters(slots.values()) && count <= Walk.UNROLLED_TRIPS,
            statements));
  }

  /** One value takes its place: the last slot is looked at first, so that each moves once. */
  void insert(Slots slots, Scope scope, List<Statement> out) {
    Einsum einsum = slots.einsum();
    Optional<Value> condition =
        scope.condition(einsum).map(c -> expressions.conditions().mask(c, scope, slots.where()));
    Operand operand =
        expressions.lower(einsum.value(), NestLowering.present(einsum, scope), slots.where(), out);
    Optional<Value> presence = Contribution.presence(operand, condition);
    int lanes = slots.lanes();
    Value next = state.declared("next", Arithmetic.broadcast(operand.value(), lanes), out);
    Value at =
        state.declared(
            "next_at",
            Arithmetic.broadcast(
                accesses
                    .indices()
                    .place(new Index.Coordinate(slots.populate().from()), scope, slots.where())
                    .value(scope.lanes()),
                lanes),
            out);
    Optional<Value> present =
        presence.map(
            mask ->
                state.declared(
                    "is_present",
                    mask.type().lanes() == lanes ? mask : Arithmetic.broadcast(mask, lanes),
                    out));
    long last = slots.count() - 1;
    if (last > 0) {
      each(
          slots,
          last,
          out,
          (step, statements) ->
              move(
                  slots,
                  Arithmetic.subtract(new Value.Whole(last), step),
                  next,
                  at,
                  present,
                  statements));
    }
    Value first = new Value.Whole(0);
    Value takes = state.declared("takes", beats(slots, first, next, present), out);
    take(slots, first, takes, next, at, out);
  }

  private void move(
      Slots slots, Value slot, Value next, Value at, Optional<Value> present, List<Statement> out) {
    Value own = state.declared("slot", slot, out);
    Value before = state.declared("before", Arithmetic.subtract(own, new Value.Whole(1)), out);
    Value moves = state.declared("moves", beats(slots, before, next, present), out);
    Value takes =
        state.declared(
            "takes", Arithmetic.and(new Value.Not(moves), beats(slots, own, next, present)), out);
    out.add(
        assign(
            slots.values(), own, Arithmetic.select(moves, slots.value(before), slots.value(own))));
    out.add(
        assign(
            slots.coordinates(),
            own,
            Arithmetic.select(moves, slots.coordinate(before), slots.coordinate(own))));
    take(slots, own, takes, next, at, out);
  }

  private static void take(
      Slots slots, Value slot, Value takes, Value next, Value at, List<Statement> out) {
    out.add(assign(slots.values(), slot, Arithmetic.select(takes, next, slots.value(slot))));
    out.add(
        assign(slots.coordinates(), slot, Arithmetic.select(takes, at, slots.coordinate(slot))));
  }

  /** Whether a value comes before the one in a slot, or the slot is free. */
  private static Value beats(Slots slots, Value slot, Value next, Optional<Value> present) {
    Operator better =
        switch (slots.populate().order()) {
          case LARGEST_FIRST -> Operator.GREATER;
          case SMALLEST_FIRST -> Operator.LESS;
        };
    Value isFree = Arithmetic.infix(Operator.LESS, slots.coordinate(slot), new Value.Whole(0));
    Value beats = Arithmetic.or(isFree, Arithmetic.infix(better, next, slots.value(slot)));
    return present.map(mask -> Arithmetic.and(mask, beats)).orElse(beats);
  }

  /** Writes the coordinates; of a mass only as many as reach it, and the first in any case. */
  void finish(Slots slots, Scope scope, List<Statement> out) {
    double empty = facts.tensor(slots.einsum().output().tensor()).empty();
    Optional<Array> sum = slots.populate().mass().map(_ -> sum(slots, out));
    Optional<Value> bound =
        slots
            .populate()
            .mass()
            .map(mass -> accesses.indices().quantity(mass, scope, slots.where()));
    each(
        slots,
        slots.count(),
        out,
        (slot, statements) -> {
          Value isTaken =
              Arithmetic.infix(
                  Operator.GREATER_OR_EQUAL, slots.coordinate(slot), new Value.Whole(0));
          if (sum.isPresent()) {
            Value so = new Value.Element(sum.get(), new Value.Whole(0));
            Value isShort = Arithmetic.compare(Operator.LESS, so, bound.orElseThrow());
            Value isFirst = Arithmetic.infix(Operator.EQUAL, slot, new Value.Whole(0));
            isTaken =
                state.declared(
                    "is_kept",
                    Arithmetic.and(isTaken, Arithmetic.or(isFirst, isShort)),
                    statements);
            statements.add(
                assign(
                    sum.get(),
                    new Value.Whole(0),
                    // What is left out adds nothing: a negative value must not begin it again.
                    Arithmetic.infix(
                        Operator.ADD,
                        so,
                        Arithmetic.select(isTaken, slots.value(slot), new Value.Real(0)))));
          }
          Value number =
              Arithmetic.select(
                  isTaken, new Value.ToFloat(slots.coordinate(slot)), new Value.Real(empty));
          Scope of =
              scope.with(
                  slots.populate().slot(),
                  new Range(AffineForm.of((Value.Variable) slot), 1, List.of(), List.of()));
          accesses.store(slots.einsum().output(), number, of, slots.where(), statements);
        });
  }

  private Array sum(Slots slots, List<Statement> out) {
    Array sum =
        array("mass_" + slots.einsum().output().tensor(), Type.FLOAT.withLanes(slots.lanes()), 1);
    out.add(new Statement.DeclareArray(sum));
    out.add(assign(sum, new Value.Whole(0), new Value.Real(0)));
    return sum;
  }
}
