package dev.weir.cli.experiment;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Normally distributed values for every input of a cascade, the same for the same seed. */
final class RandomInputs {

  private RandomInputs() {}

  static Map<TensorName, DenseTensor> of(Problem problem, long seed) {
    Random random = new Random(seed);
    Map<TensorName, DenseTensor> inputs = new HashMap<>();
    for (Tensor tensor : problem.cascade().tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        inputs.put(tensor.name(), filled(tensor, problem, random));
      }
    }
    return inputs;
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
