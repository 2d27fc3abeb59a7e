package dev.weir.cli.experiment;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.eval.InputData;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Values for every input of a cascade, the same for the same seed: as the cascade says that they
 * are drawn, else normally distributed.
 */
final class RandomInputs {

  private RandomInputs() {}

  static Map<TensorName, DenseTensor> of(Problem problem, long seed) {
    Random random = new Random(seed);
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    Map<TensorName, DenseTensor> drawn = drawn(problem, seed);
    for (Tensor tensor : problem.cascade().tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        DenseTensor normal = filled(tensor, problem, random);
        inputs.put(tensor.name(), drawn.getOrDefault(tensor.name(), normal));
      }
    }
    return inputs;
  }

  /** Inputs of which the cascade says what they are like. */
  private static Map<TensorName, DenseTensor> drawn(Problem problem, long seed) {
    Map<TensorName, InputData.IntegerRange> others = new HashMap<>();
    for (Tensor tensor : problem.cascade().tensors()) {
      others.put(tensor.name(), new InputData.IntegerRange(0, 0));
    }
    others.keySet().removeAll(problem.cascade().distributions().keySet());
    Map<TensorName, DenseTensor> all =
        new HashMap<>(
            InputData.of(problem.cascade(), problem.shapes(), InputData.Kind.RANDOM, seed, others));
    all.keySet().removeAll(others.keySet());
    return all;
  }

  private static DenseTensor filled(Tensor tensor, Problem problem, Random random) {
    long[] shape = new long[tensor.ranks().size()];
    long size = 1;
    for (int place = 0; place < shape.length; place++) {
      RankName rank = tensor.ranks().get(place);
      shape[place] = problem.shapes().of(rank);
      size = Math.multiplyExact(size, shape[place]);
    }
    DenseTensor values = new DenseTensor(shape, tensor.empty());
    long[] coordinate = new long[shape.length];
    for (long point = 0; point < size; point++) {
      values.set(random.nextGaussian(), coordinate);
      for (int place = shape.length - 1; place >= 0; place--) {
        coordinate[place]++;
        if (coordinate[place] < shape[place]) {
          break;
        }
        coordinate[place] = 0;
      }
    }
    return values;
  }
}
