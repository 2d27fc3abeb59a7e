package dev.weir.opencl.validate;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Computed values that decide what else is computed: those in conditions and indices, and those
 * that are ordered. Rounding may decide otherwise than the reference, and both are right. So what
 * follows from a decision is compared given what the kernel decided, and what decides is compared
 * for itself.
 */
final class Decisions {

  private Decisions() {}

  /** Tensors that are produced and decide, in order of name. */
  static Set<TensorName> of(Cascade cascade) {
    Set<TensorName> produced =
        cascade.einsums().stream()
            .map(einsum -> einsum.output().tensor())
            .collect(Collectors.toSet());
    return cascade.einsums().stream()
        .flatMap(Decisions::decisive)
        .map(Access::tensor)
        .filter(produced::contains)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<Access> decisive(Einsum einsum) {
    return einsum.populate().isPresent() ? einsum.reads().stream() : einsum.tables().stream();
  }

  /** Parts of a cascade that no computed value decides any more. */
  static List<Cascade> parts(Cascade cascade, Set<TensorName> deciding) {
    List<Cascade> parts = new ArrayList<>();
    for (TensorName tensor : deciding) {
      parts.add(part(cascade, deciding, Set.of(tensor)));
    }
    Set<TensorName> outputs =
        cascade.tensors().stream()
            .filter(tensor -> tensor.role() == Tensor.Role.OUTPUT)
            .map(Tensor::name)
            .filter(name -> !deciding.contains(name))
            .collect(Collectors.toSet());
    parts.add(part(cascade, deciding, outputs));
    return parts;
  }

  /** What some tensors are made of, given the others that decide. */
  private static Cascade part(Cascade cascade, Set<TensorName> deciding, Set<TensorName> outputs) {
    Set<TensorName> needed = new LinkedHashSet<>(outputs);
    List<Einsum> einsums = new ArrayList<>();
    for (Einsum einsum : cascade.einsums().reversed()) {
      TensorName output = einsum.output().tensor();
      boolean isGiven = deciding.contains(output) && !outputs.contains(output);
      if (needed.contains(output) && !isGiven) {
        einsums.addFirst(einsum);
        einsum.reads().forEach(read -> needed.add(read.tensor()));
      }
    }
    List<Tensor> tensors =
        cascade.tensors().stream()
            .filter(tensor -> needed.contains(tensor.name()))
            .map(tensor -> withRole(tensor, role(tensor, deciding, outputs)))
            .toList();
    return new Cascade(
        cascade.name(),
        cascade.description(),
        cascade.partitions(),
        tensors,
        cascade.scalars(),
        cascade.defaultShapes(),
        cascade.derivedShapes(),
        cascade.distributions(),
        cascade.stops(),
        einsums);
  }

  private static Tensor.Role role(
      Tensor tensor, Set<TensorName> deciding, Set<TensorName> outputs) {
    if (outputs.contains(tensor.name())) {
      return Tensor.Role.OUTPUT;
    }
    boolean isGiven = tensor.role() == Tensor.Role.INPUT || deciding.contains(tensor.name());
    return isGiven ? Tensor.Role.INPUT : Tensor.Role.INTERMEDIATE;
  }

  private static Tensor withRole(Tensor tensor, Tensor.Role role) {
    return new Tensor(tensor.name(), role, tensor.ranks(), tensor.generations(), tensor.empty());
  }

  /** Whether the only thing that a part does is to order values that are given. */
  static boolean isOrder(Cascade part) {
    return part.einsums().stream().anyMatch(einsum -> einsum.populate().isPresent());
  }

  /** A deciding tensor that no kernel leaves where it can be looked at. */
  static Optional<TensorName> hidden(Set<TensorName> deciding, Set<TensorName> buffers) {
    return deciding.stream().filter(tensor -> !buffers.contains(tensor)).findFirst();
  }
}
