package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which elements of each input some point reads, as far as coordinates tell. */
final class ReadElements {

  private final PresentPoints present;
  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, List<Presence>> reads = new HashMap<>();

  ReadElements(Cascade cascade, PresentPoints present) {
    this.present = present;
    this.tensors = cascade.tensorsByName();
    for (int at = 0; at < cascade.einsums().size(); at++) {
      find(at, cascade.einsums().get(at));
    }
    cascade.stops().stream()
        .flatMap(Stop::reads)
        .forEach(access -> add(access.tensor(), Presence.UNKNOWN));
  }

  /** Elements of an input, over the axes that {@link PresentPoints} gives it. */
  Presence of(Tensor input) {
    return Presence.any(reads.getOrDefault(input.name(), List.of()));
  }

  private void add(TensorName tensor, Presence elements) {
    reads.computeIfAbsent(tensor, _ -> new ArrayList<>()).add(elements);
  }

  private void find(int at, Einsum einsum) {
    PresentPoints.OfEinsum points = present.of(at);
    boolean isStopped = present.isStopped(at);
    CoordinateScope scope = points.scope();
    Presence computed = isStopped ? points.computed().atMost() : points.computed();
    find(einsum.value(), computed, scope);
    Presence space = Presence.exactly(scope.points());
    einsum
        .condition()
        .ifPresent(condition -> tables(condition, isStopped ? space.atMost() : space, scope));
    einsum.populate().stream()
        .flatMap(populate -> populate.mass().stream())
        .flatMap(quantity -> quantity.indices().flatMap(Index::tables))
        .forEach(table -> read(table, computed.atMost(), scope));
  }

  private void find(Expression expression, Presence where, CoordinateScope scope) {
    switch (expression) {
      case Expression.Literal _,
          Expression.ShapeValue _,
          Expression.ScalarRead _,
          Expression.Parameter _ -> {}
      case Expression.Position position ->
          position.index().tables().forEach(table -> read(table, where, scope));
      case Expression.Read(Access access) -> {
        access.indices().stream()
            .flatMap(Index::tables)
            .forEach(table -> read(table, where, scope));
        read(access, where, scope);
      }
      case Expression.Unary unary -> find(unary.operand(), where, scope);
      case Expression.Apply apply -> find(apply.inlined(), where, scope);
      case Expression.Binary binary -> {
        Presence here = where.and(present.computed(binary, scope));
        find(binary.left(), here, scope);
        find(binary.right(), here, scope);
      }
      case Expression.Select select -> {
        tables(select.condition(), where, scope);
        Presence holds = PresentPoints.where(select.condition(), scope);
        find(select.then(), where.and(holds), scope);
        find(select.otherwise(), where.and(holds.not()), scope);
      }
    }
  }

  private void read(Access access, Presence where, CoordinateScope scope) {
    if (tensors.get(access.tensor()).role() != Tensor.Role.INPUT) {
      return;
    }
    List<CoordinateVariable> axes = present.axes(tensors.get(access.tensor()));
    Presence points = where.and(present.of(access, scope));
    add(
        access.tensor(),
        new Presence(
            scope.elements(access, axes, points.may(), true),
            scope.elements(access, axes, points.must(), false)));
  }

  /**
   * Tables of a condition. One comparison that needs a table cannot do without; of several, one may
   * decide for all.
   */
  private void tables(Condition condition, Presence where, CoordinateScope scope) {
    List<Condition> parts =
        condition instanceof Condition.All all ? all.parts() : List.of(condition);
    List<Condition> reading =
        parts.stream().filter(part -> tables(part).findAny().isPresent()).toList();
    boolean isNeeded = reading.size() == 1 && reading.getFirst() instanceof Condition.Compare;
    Presence decided =
        Presence.all(
            parts.stream()
                .filter(part -> !reading.contains(part))
                .map(part -> PresentPoints.where(part, scope))
                .toList());
    Presence needed = where.and(isNeeded ? decided : decided.atMost());
    reading.stream().flatMap(ReadElements::tables).forEach(table -> read(table, needed, scope));
  }

  private static Stream<Access> tables(Condition condition) {
    return condition.indices().flatMap(Index::tables);
  }
}
