package dev.weir.mapper.example;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.schedule.ParsedSchedule;
import dev.weir.mapper.schedule.ScheduleReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Shipped cascades and schedules, schedules from text, shapes and values. */
public final class Examples {

  private static final Path CONFIGS = Path.of("../configs");

  private Examples() {}

  /** A shipped cascade. */
  public static Cascade cascade(String name) {
    return CascadeReader.readFile(CONFIGS.resolve("cascades").resolve(name + ".edge"));
  }

  /** A cascade from text. */
  public static Cascade cascadeFrom(String text) {
    Diagnostics diagnostics = new Diagnostics();
    var read = CascadeReader.read(new SourceFile("test.edge", text), diagnostics);
    diagnostics.throwIfErrors();
    return read.orElseThrow();
  }

  /** A shipped schedule with some of its words replaced, such as 256 by 4. */
  public static ParsedSchedule shipped(String name, String... replacements) {
    Path path = CONFIGS.resolve("schedules").resolve(name + ".schedule");
    String text = SourceFile.read(path).text();
    for (int i = 0; i < replacements.length; i += 2) {
      text = text.replace(replacements[i], replacements[i + 1]);
    }
    return schedule(text);
  }

  /** A schedule from text. */
  public static ParsedSchedule schedule(String text) {
    Diagnostics diagnostics = new Diagnostics();
    var parsed = ScheduleReader.read(new SourceFile("test.schedule", text), diagnostics);
    diagnostics.throwIfErrors();
    return parsed.orElseThrow();
  }

  /** Shapes written as {@code "P=5 M=13"}. */
  public static Map<RankName, Long> shapes(String text) {
    Map<RankName, Long> shapes = new HashMap<>();
    for (String part : text.trim().split("\\s+", -1)) {
      String[] sides = part.split("=", 2);
      shapes.put(new RankName(sides[0]), Long.valueOf(sides[1]));
    }
    return shapes;
  }

  /** Values in -1 to 1 for every input. */
  public static Map<TensorName, DenseTensor> realInputs(Cascade cascade, Shapes shapes, long seed) {
    return inputs(cascade, shapes, seed, random -> 2 * random.nextDouble() - 1);
  }

  /** Small whole numbers for every input, so that sums and products are exact. */
  public static Map<TensorName, DenseTensor> wholeInputs(
      Cascade cascade, Shapes shapes, long seed) {
    return inputs(cascade, shapes, seed, random -> random.nextInt(7) - 3);
  }

  private static Map<TensorName, DenseTensor> inputs(
      Cascade cascade, Shapes shapes, long seed, ToDoubleFunction<Random> value) {
    Random random = new Random(seed);
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        long[] shape = tensor.ranks().stream().mapToLong(shapes::of).toArray();
        DenseTensor values = new DenseTensor(shape, tensor.empty());
        fill(values, shape, new long[shape.length], 0, () -> value.applyAsDouble(random));
        inputs.put(tensor.name(), values);
      }
    }
    return inputs;
  }

  private static void fill(
      DenseTensor tensor,
      long[] shape,
      long[] at,
      int depth,
      java.util.function.DoubleSupplier value) {
    if (depth == shape.length) {
      tensor.set(value.getAsDouble(), at);
      return;
    }
    for (at[depth] = 0; at[depth] < shape[depth]; at[depth]++) {
      fill(tensor, shape, at, depth + 1, value);
    }
  }
}
