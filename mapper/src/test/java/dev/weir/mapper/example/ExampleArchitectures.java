package dev.weir.mapper.example;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.arch.Bandwidth;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.OperationVariant;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.arch.VariantName;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Small machines with the names of the shipped ones. */
public final class ExampleArchitectures {

  private ExampleArchitectures() {}

  /** The machine of FuseMax with arrays of this size: a square, and a row of lanes beside it. */
  public static Architecture fuseMax(long size, long globalBufferWords) {
    List<Axis> square =
        List.of(
            axis("Array2D.rows", Axis.Kind.ARRAY, size),
            axis("Array2D.columns", Axis.Kind.ARRAY, size));
    List<Axis> row = List.of(axis("Array1D.lanes", Axis.Kind.ARRAY, size));
    return new Architecture(
        "fusemax_small",
        "a square array, a row of lanes, a global buffer",
        940e6,
        16,
        List.of(
            level("DRAM", Optional.empty(), 4),
            level("GlobalBuffer", Optional.of(globalBufferWords), 16),
            registers("RegisterFile2D", 16, "Array2D.rows", "Array2D.columns"),
            registers("RegisterFile1D", 32, "Array1D.lanes")),
        List.of(
            new ComputeUnit(
                new UnitName("Array2D"),
                square,
                costs(
                    OperationKind.MULTIPLY_ACCUMULATE,
                    OperationKind.MULTIPLY,
                    OperationKind.ADD,
                    OperationKind.SUBTRACT,
                    OperationKind.MAXIMUM,
                    OperationKind.EXPONENTIAL),
                names("DRAM", "GlobalBuffer", "RegisterFile2D"),
                names("DRAM", "GlobalBuffer", "RegisterFile2D", "RegisterFile1D")),
            new ComputeUnit(
                new UnitName("Array1D"),
                row,
                costs(
                    OperationKind.MULTIPLY_ACCUMULATE,
                    OperationKind.MULTIPLY,
                    OperationKind.ADD,
                    OperationKind.SUBTRACT,
                    OperationKind.MAXIMUM,
                    OperationKind.DIVIDE,
                    OperationKind.EXPONENTIAL),
                names("DRAM", "GlobalBuffer", "RegisterFile1D"),
                names("DRAM", "GlobalBuffer", "RegisterFile1D"))),
        List.of(
            new Architecture.Link(new AxisName("Array2D.columns"), new AxisName("Array1D.lanes"))),
        Map.of());
  }

  /** An OpenCL device: groups in three directions, items in two, lanes of a vector in one. */
  public static Architecture openCl(long lanes, long items, long localWords, long privateWords) {
    String[] groups = {"groups.x", "groups.y", "groups.z"};
    String[] all = {"groups.x", "groups.y", "groups.z", "items.x", "items.y", "lanes.x"};
    List<Axis> axes =
        List.of(
            axis("groups.x", Axis.Kind.WORK_GROUP, 1 << 20),
            axis("groups.y", Axis.Kind.WORK_GROUP, 1 << 20),
            axis("groups.z", Axis.Kind.WORK_GROUP, 1 << 20),
            axis("items.x", Axis.Kind.WORK_ITEM, items),
            axis("items.y", Axis.Kind.WORK_ITEM, items),
            axis("lanes.x", Axis.Kind.LANE, lanes));
    return new Architecture(
        "opencl_small",
        "an OpenCL device",
        3e9,
        32,
        List.of(
            level("Global", Optional.empty(), 8),
            registers("Local", localWords, groups),
            registers("Private", privateWords, all)),
        List.of(
            new ComputeUnit(
                new UnitName("Core"),
                axes,
                costs(OperationKind.values()),
                List.of(exponentialPolynomial()),
                names("Global", "Local", "Private"),
                names("Global", "Local", "Private"))),
        List.of(),
        Map.of());
  }

  private static Axis axis(String name, Axis.Kind kind, long width) {
    return new Axis(new AxisName(name), kind, width, width, 1, Axis.Fill.HIDDEN);
  }

  private static MemoryLevel level(String name, Optional<Long> words, long wordsPerCycle) {
    Rational rate = Rational.of(wordsPerCycle);
    return new MemoryLevel(
        new LevelName(name),
        words,
        List.of(),
        Optional.of(new Bandwidth(rate, rate, true)),
        10,
        10);
  }

  private static MemoryLevel registers(String name, long words, String... axes) {
    return new MemoryLevel(
        new LevelName(name),
        Optional.of(words),
        Arrays.stream(axes).map(AxisName::new).toList(),
        Optional.empty(),
        0.1,
        0.1);
  }

  private static OperationVariant exponentialPolynomial() {
    return new OperationVariant(
        new VariantName("exp_polynomial"),
        OperationKind.EXPONENTIAL,
        OptionalInt.of(5),
        new OperationCost(Rational.of(5), 1));
  }

  private static Map<OperationKind, OperationCost> costs(OperationKind... kinds) {
    Map<OperationKind, OperationCost> costs = new EnumMap<>(OperationKind.class);
    for (OperationKind kind : kinds) {
      long interval = kind == OperationKind.EXPONENTIAL ? 7 : 1;
      costs.put(kind, new OperationCost(Rational.of(interval), 1));
    }
    return costs;
  }

  private static Set<LevelName> names(String... levels) {
    return Set.copyOf(Arrays.stream(levels).map(LevelName::new).toList());
  }
}
