package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Type;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sums that several steps add to. From the outermost reducing loop on, the memory of the output
 * holds plain sums, begun with the monoid's identity; after that loop every element becomes what
 * the Einsum says: constant factors are applied, and where nothing contributed it is empty.
 */
final class Reductions {

  private final KernelState state;
  private final Facts facts;
  private final Loops loops;
  private final AccessLowering accesses;
  private final ExpressionLowering expressions;
  private final Merging merging;

  Reductions(
      KernelState state, Loops loops, AccessLowering accesses, ExpressionLowering expressions) {
    this.state = state;
    this.facts = state.facts();
    this.loops = loops;
    this.accesses = accesses;
    this.expressions = expressions;
    this.merging = new Merging(state);
  }

  /**
   * Part of an output that is summed up.
   *
   * @param einsum the Einsum that reduces
   * @param along which elements: the ranks of the output where the reducing loop begins
   * @param sums what holds the sums: the output itself, or registers that stand in for it
   * @param home where the sums are
   * @param access the element of the sums
   */
  record Region(
      Einsum einsum,
      List<Walk.Along> along,
      Tensor sums,
      Home home,
      Access access,
      NodePath where) {}

  /** The memory of the output itself. */
  Region inPlace(Einsum einsum, List<Walk.Along> along, Home home, NodePath where) {
    Tensor output = facts.tensor(einsum.output().tensor());
    return new Region(einsum, along, output, home, einsum.output(), where);
  }

  /** Writes the identity to every element. */
  void begin(Region region, Scope scope, List<Statement> out) {
    fill(region, region.einsum().reduction().identity(), scope, out);
  }

  /** Writes a number to every element. */
  void fill(Region region, double number, Scope scope, List<Statement> out) {
    Value value = new Value.Real(number);
    walk(region, scope, out, (inside, statements) -> store(region, value, inside, statements));
  }

  /** Adds what one point contributes. */
  void contribute(Region region, Scope scope, List<Statement> out) {
    Einsum einsum = region.einsum();
    Spread spread = Spread.of(einsum, region.home(), scope, state, region.where());
    boolean mergesItems = !spread.items().isEmpty();
    Tail tail = tail(mergesItems ? einsum.iterationSpace().stream() : Stream.empty(), scope);
    List<Statement> evaluation = new ArrayList<>();
    Value own = contribution(region, tail.inside(), evaluation);
    Merging.Part part = new Merging.Part(tail, evaluation, own);
    Value merged = merging.merged(einsum, spread, part, scope, region.where(), out);
    Tail beyond = tail(mergesItems ? region.access().ranks() : Stream.empty(), scope);
    List<Statement> adding = new ArrayList<>();
    Value both = combined(einsum, load(region, beyond.inside()), merged, adding);
    store(region, both, beyond.inside(), adding);
    AddressSpace space = region.home().array().space();
    out.addAll(merging.byOwner(spread, space, beyond.guarded(adding), scope, region.where()));
  }

  /** Where work-items merge all of them come by, also those beyond an end. */
  private static Tail tail(Stream<RankName> ranks, Scope scope) {
    return Tail.of(ranks, scope, rank -> scope.range(rank).limits());
  }

  /** What a point adds: the identity where its condition does not hold or it is absent. */
  private Value contribution(Region region, Scope scope, List<Statement> out) {
    Einsum einsum = region.einsum();
    List<Value> conditions = new ArrayList<>(inside(einsum, scope));
    if (!hasOuterCondition(einsum, scope)) {
      condition(region, scope).ifPresent(conditions::add);
    }
    Operand operand =
        expressions.lower(
            Contribution.of(einsum, facts).value(),
            NestLowering.present(einsum, scope),
            region.where(),
            out);
    double identity = einsum.reduction().identity();
    return Contribution.orElse(operand, Arithmetic.all(conditions), identity);
  }

  /** A sum so far and a contribution; an extreme compares them before it takes one. */
  private Value combined(Einsum einsum, Value sum, Value value, List<Statement> out) {
    return switch (einsum.reduction()) {
      case SUM, PRODUCT -> Contribution.combine(einsum.reduction(), sum, value);
      case MAXIMUM, MINIMUM ->
          Contribution.combine(
              einsum.reduction(),
              state.declared("so_far", sum, out),
              state.declared("next", value, out));
    };
  }

  /** Lanes and work-items beyond the end of what is reduced contribute nothing. */
  private static List<Value> inside(Einsum einsum, Scope scope) {
    return einsum.reducedRanks().stream()
        .sorted()
        .map(scope::range)
        .flatMap(
            range ->
                range.limits().stream()
                    .map(limit -> Arithmetic.less(range.base(), limit, scope.lanes())))
        .toList();
  }

  /** Makes elements out of sums. */
  void finish(Region region, Scope scope, List<Statement> out) {
    Einsum einsum = region.einsum();
    Tensor output = facts.tensor(einsum.output().tensor());
    boolean isDoubtful =
        output.empty() != einsum.reduction().identity()
            && (facts.mayBeAbsent(einsum.value())
                || (scope.condition(einsum).isPresent() && !hasOuterCondition(einsum, scope)));
    boolean isInPlace = region.sums().equals(output);
    boolean isFinal =
        isInPlace
            && !isDoubtful
            && !hasOuterCondition(einsum, scope)
            && Contribution.of(einsum, facts).factor() == 1;
    if (isFinal) {
      return;
    }
    Optional<Array> doubt = isDoubtful ? Optional.of(flag(output, out)) : Optional.empty();
    walk(
        region,
        scope,
        out,
        (inside, statements) -> element(region, output, doubt, inside, statements));
    doubt.ifPresent(
        array -> {
          List<Statement> again = new ArrayList<>();
          again.add(
              new Statement.Comment(
                  output.name() + " is empty where all that could contribute is: look again"));
          recheck(region, output, scope, again);
          out.add(new Statement.If(new Value.Element(array, new Value.Whole(0)), again));
        });
  }

  private Array flag(Tensor output, List<Statement> out) {
    String name = state.fresh("doubt_" + output.name());
    Array array = new Array(name, AddressSpace.PRIVATE, Type.MASK, 1);
    out.add(new Statement.DeclareArray(array));
    out.add(new Statement.Assign(array, new Value.Whole(0), new Value.Whole(0)));
    return array;
  }

  private void element(
      Region region, Tensor output, Optional<Array> doubt, Scope scope, List<Statement> out) {
    Einsum einsum = region.einsum();
    Value loaded = load(region, scope);
    Value sum = doubt.isPresent() ? state.declared("sum", loaded, out) : loaded;
    doubt.ifPresent(
        array -> {
          Value identity = new Value.Real(einsum.reduction().identity());
          Value isIdentity = Arithmetic.any(Arithmetic.infix(Value.Operator.EQUAL, sum, identity));
          Value before = new Value.Element(array, new Value.Whole(0));
          Value either = Arithmetic.or(before, isIdentity);
          out.add(new Statement.Assign(array, new Value.Whole(0), either));
        });
    Value value = sum;
    double factor = Contribution.of(einsum, facts).factor();
    if (factor != 1) {
      value = Arithmetic.infix(Value.Operator.MULTIPLY, sum, new Value.Real(factor));
    }
    if (hasOuterCondition(einsum, scope)) {
      Value mask = condition(region, scope).orElseThrow();
      value = Arithmetic.select(mask, value, new Value.Real(output.empty()));
    }
    accesses.store(einsum.output(), value, scope, region.where(), out);
  }

  /** Works out, where a sum equals that of nothing, whether there was anything. */
  private void recheck(Region region, Tensor output, Scope scope, List<Statement> out) {
    requireReachable(region, scope);
    Home home = accesses.home(output.name(), scope, region.where());
    boolean unrolled = Unrolling.isRegisters(home.array());
    Loops.Body body =
        (inside, statements) -> {
          Array present =
              new Array(
                  state.fresh("present"),
                  AddressSpace.PRIVATE,
                  Type.MASK.withLanes(inside.lanes()),
                  1);
          Value never = Arithmetic.broadcast(new Value.Whole(0), inside.lanes());
          statements.add(new Statement.DeclareArray(present));
          statements.add(new Statement.Assign(present, new Value.Whole(0), never));
          List<RankName> reduced = facts.outerFirst(region.einsum().reducedRanks());
          look(region, present, reduced, inside.without(inputs(region)), statements);
          Value found = new Value.Element(present, new Value.Whole(0));
          Access access = region.einsum().output();
          Value old = accesses.load(output, home, access, inside, region.where());
          Value next = Arithmetic.select(found, old, new Value.Real(output.empty()));
          accesses.store(access, next, inside, region.where(), statements);
        };
    new Walk(state).each(region.along(), scope, unrolled, out, own(region, body));
  }

  /** Inputs are looked at in global memory: lanes may hold their tiles in parts. */
  private Set<TensorName> inputs(Region region) {
    return region
        .einsum()
        .value()
        .reads()
        .map(Access::tensor)
        .filter(tensor -> facts.tensor(tensor).role() == Tensor.Role.INPUT)
        .collect(Collectors.toSet());
  }

  private void look(
      Region region, Array present, List<RankName> reduced, Scope scope, List<Statement> out) {
    if (!reduced.isEmpty()) {
      Loops.Body body =
          (inside, statements) ->
              look(region, present, reduced.subList(1, reduced.size()), inside, statements);
      loops.temporal(
          Loops.Steps.over(reduced.getFirst()), scope, Loops.Guard.ALL, false, out, body);
      return;
    }
    Optional<Value> condition =
        hasOuterCondition(region.einsum(), scope) ? Optional.empty() : condition(region, scope);
    Operand operand = expressions.lower(region.einsum().value(), scope, region.where(), out);
    Value now = Contribution.presence(operand, condition).orElse(Arithmetic.always());
    Value before = new Value.Element(present, new Value.Whole(0));
    Value either = Arithmetic.or(before, now);
    out.add(new Statement.Assign(present, new Value.Whole(0), either));
  }

  private void requireReachable(Region region, Scope scope) {
    for (Access read : region.einsum().value().reads().toList()) {
      Tensor tensor = facts.tensor(read.tensor());
      if (tensor.role() == Tensor.Role.INTERMEDIATE && !scope.homes().containsKey(tensor.name())) {
        throw new RefusedException(
            region.where(),
            region.einsum().output().tensor()
                + " has an empty value that differs from an empty sum, so after its reduction the"
                + " kernel looks again which elements nothing contributed to",
            "keep " + tensor.name() + " outside the reducing loop");
      }
    }
  }

  private void walk(Region region, Scope scope, List<Statement> out, Loops.Body body) {
    boolean unrolled = Unrolling.isRegisters(region.home().array());
    new Walk(state).each(region.along(), scope, unrolled, out, own(region, body));
  }

  /** Beyond a tail of global memory lies what other work-items write. */
  private static Loops.Body own(Region region, Loops.Body body) {
    return switch (region.home()) {
      case Home.Tile _ -> body;
      case Home.Whole _ ->
          (scope, out) -> {
            Tail tail = tail(region.along().stream().map(Walk.Along::rank), scope);
            List<Statement> inside = new ArrayList<>();
            body.emit(tail.inside(), inside);
            out.addAll(tail.guarded(inside));
          };
    };
  }

  private Value load(Region region, Scope scope) {
    return accesses.load(region.sums(), region.home(), region.access(), scope, region.where());
  }

  private void store(Region region, Value value, Scope scope, List<Statement> out) {
    accesses.store(
        region.sums(), region.home(), region.access(), value, scope, region.where(), out);
  }

  private Optional<Value> condition(Region region, Scope scope) {
    return scope
        .condition(region.einsum())
        .map(condition -> expressions.conditions().mask(condition, scope, region.where()));
  }

  /** Whether there is a condition and it is the same for all points of an output element. */
  private static boolean hasOuterCondition(Einsum einsum, Scope scope) {
    return scope
        .condition(einsum)
        .filter(condition -> condition.ranks().noneMatch(einsum.reducedRanks()::contains))
        .isPresent();
  }
}
