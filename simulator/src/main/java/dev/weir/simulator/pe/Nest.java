package dev.weir.simulator.pe;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.arch.UnitName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the processing elements of a unit run as one piece: the loops right around a compute. The
 * elements lie along the <em>directions</em> of all spatial loops around the compute, those outside
 * the nest first.
 *
 * @param einsum whose compute it is
 * @param unit the unit that runs it
 * @param unitNumber its number
 * @param path loops around the nest
 * @param loops loops of the nest, outermost first
 * @param directions spatial loops
 * @param cyclesPerStep Σ operations × initiation interval
 * @param addingCycles from a step until what it adds to an element can be added to
 * @param lateCycles by which the last result is there later than the unit could go on
 * @param operations of one point
 * @param operands in the order in which the right side reads them
 * @param result where results go
 * @param value the right side
 * @param condition which points are there
 * @param asksForCoordinates whether the right side or an address needs coordinates themselves
 */
record Nest(
    TensorName einsum,
    UnitName unit,
    int unitNumber,
    LoopPath path,
    List<Loop> loops,
    List<Direction> directions,
    Rational cyclesPerStep,
    long addingCycles,
    long lateCycles,
    Map<OperationKind, Integer> operations,
    List<Use> operands,
    Result result,
    PointValue.Computed value,
    Optional<Condition> condition,
    boolean asksForCoordinates) {

  /**
   * A spatial loop around the compute.
   *
   * @param loop the loop
   * @param depth how many loops of the path, or of the nest, are around it
   * @param isInNest whether it is one of the nest's
   * @param hopCycles from an element to the next; 0 where the architecture hides it
   * @param drainCycles that merged contributions take besides to leave
   * @param isWhole whether steps and sums pass elements without a tile, too
   */
  record Direction(
      Loop loop, int depth, boolean isInNest, int hopCycles, long drainCycles, boolean isWhole) {}

  /**
   * An access.
   *
   * @param store its innermost home
   * @param address of an element there
   * @param merged by direction: whether its elements share one read, or one contribution
   * @param selects by direction: whether its elements see different instances of the home's level
   */
  record Use(
      TensorName tensor,
      TileStore store,
      Address address,
      List<Boolean> merged,
      List<Boolean> selects) {}

  /**
   * The result.
   *
   * @param use how it is written
   * @param reduction how contributions to an element combine
   * @param reduced ranks that are reduced, by number
   * @param mustBeFirst loops around by number: in another step than the first of one of them, sums
   *     go on
   */
  record Result(Use use, Monoid reduction, List<Integer> reduced, List<Integer> mustBeFirst) {}
}
