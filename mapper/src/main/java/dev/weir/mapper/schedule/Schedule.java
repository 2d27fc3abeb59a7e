package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import java.util.Map;
import java.util.Optional;

/**
 * How a cascade runs on an architecture. It names Einsums, ranks, levels, axes and units; cascade,
 * shapes and architecture are given when it is used, so one schedule serves every cascade with
 * these Einsums.
 *
 * @param name its name
 * @param description one line
 * @param cascade name of the cascade that it was written for
 * @param parameters default values; a search may bind others
 * @param shapes shapes that the schedule decides: the inner parts of partitioned ranks
 * @param root the tree
 */
public record Schedule(
    String name,
    String description,
    String cascade,
    Map<String, Long> parameters,
    Map<RankName, Size> shapes,
    Node root) {

  public Schedule {
    parameters = Map.copyOf(parameters);
    shapes = Map.copyOf(shapes);
  }

  /** The same schedule with other values for some of its parameters. */
  public Schedule with(Map<String, Long> values) {
    Map<String, Long> merged = new java.util.HashMap<>(parameters);
    values.forEach(
        (parameter, value) -> {
          if (merged.put(parameter, value) == null) {
            throw new IllegalArgumentException("schedule " + name + " has no " + parameter);
          }
        });
    return new Schedule(name, description, cascade, merged, shapes, root);
  }

  /** The compute of an Einsum, by its output; the first where there are several. */
  Optional<Node.Compute> compute(TensorName einsum) {
    return compute(root, einsum);
  }

  private static Optional<Node.Compute> compute(Node node, TensorName einsum) {
    return node instanceof Node.Compute compute
        ? Optional.of(compute).filter(c -> c.einsum().equals(einsum))
        : node.children().stream().flatMap(child -> compute(child, einsum).stream()).findFirst();
  }

  /** The same with another tree. */
  public Schedule with(Node other) {
    return new Schedule(name, description, cascade, parameters, shapes, other);
  }
}
