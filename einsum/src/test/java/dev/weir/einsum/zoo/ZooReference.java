package dev.weir.einsum.zoo;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** An operator as plain loops over arrays, from its equations; knows nothing of cascades. */
interface ZooReference {

  /** Name of the cascade. */
  String cascade();

  /** At least three workloads, those with tails among them: elements by rank. */
  List<Map<String, Long>> workloads();

  /**
   * Values of inputs that are not just any numbers: tables, gates, biases. All others are drawn
   * from a normal distribution.
   *
   * @param shapes elements by rank, derived ones included
   * @return row-major arrays by name
   */
  default Map<String, double[]> special(Map<String, Long> shapes, Random random) {
    return Map.of();
  }

  /**
   * The outputs.
   *
   * @param shapes elements by rank, derived ones included
   * @param inputs row-major arrays by name
   * @return row-major arrays by name
   */
  Map<String, double[]> outputs(Map<String, Long> shapes, Map<String, double[]> inputs);
}
