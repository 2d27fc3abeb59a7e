package dev.weir.opencl.lower;

import dev.weir.mapper.schedule.NodePath;
import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keeps work-items out of each other's way. */
final class Barriers {

  private Barriers() {}

  /** A meeting of all work-items of a group; only where all of them come by. */
  static void barrier(
      KernelState state, AddressSpace space, Scope scope, NodePath where, List<Statement> out) {
    if (!state.grid().hasSeveralItems()) {
      return;
    }
    if (!scope.uniform()) {
      throw new RefusedException(
          where,
          "work-items would have to wait for each other where not all of them come by",
          "give the spatial loops around as many tiles as the work-group has items, or move the"
              + " keep outside them");
    }
    out.add(new Statement.Barrier(space));
  }

  /**
   * Adds what writes a home: once for the whole group or grid where no loop spreads it, and between
   * barriers where other work-items read it.
   *
   * @param inside spatial loops around the write
   */
  static void guard(
      KernelState state,
      Home home,
      List<Statement> body,
      Parallel inside,
      boolean isShared,
      Scope scope,
      NodePath where,
      List<Statement> out) {
    AddressSpace space = home.array().space();
    if (isShared) {
      barrier(state, space, scope, where, out);
    }
    out.addAll(once(state, space, inside, body));
    if (isShared) {
      barrier(state, space, scope, where, out);
    }
  }

  /** The statements, on the first of the work-groups and work-items that no loop spreads over. */
  static List<Statement> once(
      KernelState state, AddressSpace space, Parallel inside, List<Statement> body) {
    List<Value> conditions = new ArrayList<>();
    if (space != AddressSpace.PRIVATE) {
      first(state.grid().items(), inside.items())
          .forEach(dimension -> conditions.add(isFirst(state.item(dimension))));
    }
    if (space == AddressSpace.GLOBAL) {
      first(state.grid().groups(), inside.groups())
          .forEach(dimension -> conditions.add(isFirst(state.group(dimension))));
    }
    return Arithmetic.all(conditions)
        .map(condition -> List.<Statement>of(new Statement.If(condition, body)))
        .orElse(body);
  }

  private static List<Integer> first(List<Long> sizes, Map<Integer, ?> used) {
    return Grid.dimensionsAbove1(sizes).stream()
        .filter(dimension -> !used.containsKey(dimension))
        .toList();
  }

  private static Value isFirst(Value counter) {
    return Arithmetic.infix(Value.Operator.EQUAL, counter, new Value.Whole(0));
  }
}
