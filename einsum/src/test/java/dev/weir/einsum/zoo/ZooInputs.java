package dev.weir.einsum.zoo;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a workload of a reference gives to a cascade and to the reference itself. */
record ZooInputs(
    Shapes shapes,
    Map<String, Long> shapesByName,
    Map<TensorName, DenseTensor> tensors,
    Map<String, double[]> arrays) {

  static ZooInputs of(
      Cascade cascade, ZooReference reference, Map<String, Long> workload, long seed) {
    Map<RankName, Long> given = new HashMap<>(cascade.defaultShapes());
    workload.forEach((rank, shape) -> given.put(new RankName(rank), shape));
    Shapes shapes = cascade.shapes(given);
    Map<String, Long> byName = new TreeMap<>();
    for (RankName rank : new TreeSet<>(cascade.ranks())) {
      byName.put(rank.text(), shapes.of(rank));
    }
    Random random = new Random(seed);
    Map<String, double[]> special = reference.special(byName, random);
    Map<TensorName, DenseTensor> tensors = new HashMap<>();
    Map<String, double[]> arrays = new TreeMap<>();
    for (Tensor tensor : cascade.tensors()) {
      if (tensor.role() == Tensor.Role.INPUT) {
        long[] shape = tensor.ranks().stream().mapToLong(shapes::of).toArray();
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        double[] drawn = random.doubles(size, -1.5, 1.5).toArray();
        if (seed % 2 == 0) {
          // Zeros and ties, as padding and quantised values make them.
          drawn = Arrays.stream(drawn).map(Math::rint).toArray();
        }
        double[] values = special.getOrDefault(tensor.name().text(), drawn);
        tensors.put(tensor.name(), new DenseTensor(shape, tensor.empty(), values));
        arrays.put(tensor.name().text(), values);
      }
    }
    return new ZooInputs(shapes, byName, tensors, arrays);
  }
}
