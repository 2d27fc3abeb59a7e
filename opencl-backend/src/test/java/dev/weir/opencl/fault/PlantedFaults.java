package dev.weir.opencl.fault;

import static dev.weir.opencl.fault.KernelChanges.assigned;
import static dev.weir.opencl.fault.KernelChanges.index;
import static dev.weir.opencl.fault.KernelChanges.loopBound;
import static dev.weir.opencl.fault.KernelChanges.operation;
import static dev.weir.opencl.fault.KernelChanges.plus;
import static dev.weir.opencl.fault.KernelChanges.replacing;
import static dev.weir.opencl.fault.KernelChanges.replacingStatements;
import static dev.weir.opencl.fault.KernelChanges.storeMask;
import static dev.weir.opencl.fault.KernelChanges.without;

import dev.weir.opencl.fault.PlantedFault.Target;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import dev.weir.opencl.kernel.Value.Operator;
import dev.weir.opencl.validate.InputCase;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The faults. */
public final class PlantedFaults {

  private PlantedFaults() {}

  /** Those that give wrong results. */
  public static Stream<PlantedFault> all() {
    return Stream.of(state(), softmax(), sums(), places(), tails()).flatMap(List::stream);
  }

  /** Those whose results may be right where work-items run one after another or memory has room. */
  public static List<PlantedFault> undefined() {
    return List.of(
        fault(
            "tiles are overwritten before all work-items have used them",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            without(0, Statement.Barrier.class::isInstance)),
        fault(
            "tiles are used before all work-items have filled them",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            without(1, Statement.Barrier.class::isInstance)),
        fault(
            "a query beyond the last is stored",
            Target.ONE_PASS_LANES,
            InputCase.RANDOM,
            storeMask("AV", s -> FaultParts.ended(s.mask().orElseThrow(), 1))));
  }

  private static List<PlantedFault> state() {
    Target lanes = Target.ONE_PASS_LANES;
    return List.of(
        fault(
            "numerator is not rescaled",
            lanes,
            InputCase.RANDOM,
            operation(Operator.MULTIPLY, "RNV", "PRM", Value.Infix::left)),
        fault(
            "denominator is not rescaled",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            operation(Operator.MULTIPLY, "RD", "PRM", Value.Infix::left)),
        fault(
            "rescaled in the wrong direction",
            lanes,
            InputCase.RANDOM,
            operation(
                Operator.SUBTRACT,
                "RM",
                "RM",
                i -> new Value.Infix(Operator.SUBTRACT, i.right(), i.left()))),
        fault(
            "rescaled with the new maximum twice",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            operation(
                Operator.SUBTRACT,
                "RM",
                "RM",
                i -> new Value.Infix(Operator.SUBTRACT, i.right(), i.right()))),
        fault(
            "rescaled wrongly in the fifth digit",
            lanes,
            InputCase.RANDOM,
            operation(Operator.MULTIPLY, "RNV", "PRM", i -> FaultParts.times(i, 1.00001))),
        fault("scores less the old maximum", lanes, InputCase.LARGE, FaultParts.oldMaximum()),
        fault(
            "maximum is not carried on",
            lanes,
            InputCase.RANDOM,
            without(0, FaultParts::isCopyOfMaximum)),
        fault(
            "denominator forgets earlier tiles",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            operation(Operator.ADD, "SLD", "SPD", Value.Infix::left)),
        fault(
            "written after the first tile instead of the last",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            replacingStatements(
                s ->
                    s instanceof Statement.If branch && KernelChanges.assigns(s, "AV")
                        ? Optional.of(
                            List.of(
                                new Statement.If(
                                    FaultParts.toZero(branch.condition()), branch.body())))
                        : Optional.empty())));
  }

  private static List<PlantedFault> softmax() {
    return List.of(
        fault(
            "scale is missing",
            Target.THREE_PASSES,
            InputCase.RANDOM,
            assigned("QK", value -> FaultParts.scaled(value, 0))),
        fault(
            "scale is wrong in the fifth digit",
            Target.ONE_PASS_LANES,
            InputCase.TIES,
            assigned("BQK", value -> FaultParts.scaled(value, 1.00001))),
        fault(
            "maximum is not subtracted",
            Target.THREE_PASSES,
            InputCase.LARGE,
            operation(Operator.SUBTRACT, "QK", "GM", Value.Infix::left)),
        fault(
            "maximum begins with 0",
            Target.THREE_PASSES,
            InputCase.MASKED_LARGE,
            assigned("GM", value -> FaultParts.constant(value, Double.NEGATIVE_INFINITY, 0))),
        fault(
            "minimum instead of maximum",
            Target.ONE_PASS_ITEMS,
            InputCase.LARGE,
            operation(
                Operator.LESS,
                "RM",
                "LM",
                i -> new Value.Infix(Operator.GREATER, i.left(), i.right()))),
        fault(
            "division is skipped",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            operation(Operator.DIVIDE, "RNV", "RD", Value.Infix::left)),
        fault(
            "divided without looking for 0",
            Target.THREE_PASSES,
            InputCase.MASKED,
            replacing(FaultParts::withoutDivisionGuard)),
        fault(
            "masked scores are not absent",
            Target.ONE_PASS_ITEMS,
            InputCase.MASKED,
            replacing(FaultParts::withoutExponentialGuard)),
        fault("mask is off by one", Target.ONE_PASS_LANES, InputCase.MASKED, FaultParts.laxMask()),
        fault(
            "mask does not count tiles",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            FaultParts.maskWithoutTiles()));
  }

  private static List<PlantedFault> sums() {
    return List.of(
        fault(
            "denominator begins with 1",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            assigned("SLD", value -> FaultParts.constant(value, 0, 1))),
        fault(
            "numerator begins with 1",
            Target.ONE_PASS_LANES,
            InputCase.RANDOM,
            assigned("SLNV", value -> FaultParts.constant(value, 0, 1))),
        fault(
            "denominator lacks a key",
            Target.ONE_PASS_LANES,
            InputCase.RANDOM,
            loopBound("m0", "SLD", bound -> plus(bound, -1))),
        fault(
            "numerator lacks a key",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            loopBound("m0", "SLNV", bound -> plus(bound, -1))),
        fault(
            "score lacks a product",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            loopBound("e", "BQK", bound -> plus(bound, -1))),
        fault(
            "last tile of keys is lost",
            Target.ONE_PASS_LANES,
            InputCase.RANDOM,
            loopBound("m1", "RNV", bound -> plus(bound, -1))),
        fault(
            "keys beyond the end count",
            Target.THREE_PASSES,
            InputCase.RANDOM,
            replacingStatements(s -> FaultParts.unconditional(s, "SD"))),
        fault(
            "numerator is summed in half precision",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            FaultParts.halfSums("SLNV")));
  }

  private static List<PlantedFault> places() {
    return List.of(
        fault(
            "heads and batches are swapped",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            index("Q", true, FaultParts::swappedGroups)),
        fault(
            "stride of values is one short",
            Target.ONE_PASS_LANES,
            InputCase.RANDOM,
            index("V", true, value -> FaultParts.multiplied(value, 24, 23))),
        fault(
            "coordinates of a tile are swapped",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            index("K", false, FaultParts::swappedCoordinates)),
        fault(
            "values come from the first tile",
            Target.ONE_PASS_LANES,
            InputCase.RANDOM,
            index("V", true, value -> FaultParts.zeroed(value, "m1"))),
        fault(
            "tile of keys is loaded once",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            replacingStatements(s -> FaultParts.onlyFirst(s, "K"))),
        fault(
            "lanes are in reverse order",
            Target.ONE_PASS_LANES,
            InputCase.RANDOM,
            index("Q", true, FaultParts::reversedLanes)),
        fault(
            "a column of values serves all of a tile",
            Target.ONE_PASS_LANES,
            InputCase.RANDOM,
            index("V", false, value -> FaultParts.zeroed(value, "f"))));
  }

  private static List<PlantedFault> tails() {
    return List.of(
        fault(
            "last query is not stored",
            Target.ONE_PASS_LANES,
            InputCase.RANDOM,
            storeMask("AV", s -> FaultParts.ended(s.mask().orElseThrow(), -1))),
        fault(
            "a lane is not stored",
            Target.THREE_PASSES,
            InputCase.RANDOM,
            storeMask("AV", FaultParts::withoutLane)),
        fault(
            "last query is loaded as the one before",
            Target.THREE_PASSES,
            InputCase.RANDOM,
            index("Q", true, value -> FaultParts.clamped(value, -1))),
        fault(
            "keys are clamped at the wrong end",
            Target.ONE_PASS_ITEMS,
            InputCase.RANDOM,
            index("K", true, value -> FaultParts.clamped(value, -74))));
  }

  private static PlantedFault fault(
      String name, Target target, InputCase killer, KernelChanges.Change change) {
    return new PlantedFault(name, target, killer, change);
  }
}
