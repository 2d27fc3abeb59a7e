package dev.weir.opencl.validate;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Computed values that decide what else is computed: those in conditions and indices, and those
 * that are ordered. Rounding may decide otherwise than the reference, and both are right. So what
 * follows from a decision is compared given what the kernel decided, and what decides is compared
 * for itself. Decisions that stay inside a kernel are worked out where they follow without rounding
 * from what it decided by.
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

  /**
   * Parts of a cascade that no computed value decides any more.
   *
   * @param compared those of the deciding tensors that are compared for themselves
   */
  static List<Cascade> parts(Cascade cascade, Set<TensorName> deciding, Set<TensorName> compared) {
    List<Cascade> parts = new ArrayList<>();
    for (TensorName tensor : compared) {
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

  /** What some tensors are made of, given others that decide. */
  static Cascade part(Cascade cascade, Set<TensorName> deciding, Set<TensorName> outputs) {
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

  /**
   * Which deciding tensors can be read: those of the kernel's buffers that are there whole. A state
   * is not: of its generations a buffer holds two.
   */
  static Set<TensorName> seen(Cascade cascade, Set<TensorName> deciding, Set<TensorName> buffers) {
    Map<TensorName, Tensor> tensors = cascade.tensorsByName();
    return deciding.stream()
        .filter(buffers::contains)
        .filter(tensor -> tensors.get(tensor).generations().isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A deciding tensor that nobody can see, nor work out from those that are seen. */
  static Optional<TensorName> hidden(
      Cascade cascade, Set<TensorName> deciding, Set<TensorName> seen) {
    Set<TensorName> following = new TreeSet<>(deciding);
    following.removeAll(seen);
    Set<TensorName> unseen = Set.copyOf(following);
    Set<TensorName> known = new HashSet<>(seen);
    cascade.tensors().stream()
        .filter(tensor -> tensor.role() == Tensor.Role.INPUT)
        .forEach(tensor -> known.add(tensor.name()));
    while (following.removeIf(tensor -> !isExact(tensor, cascade, known, following))) {
      // What was removed may have been what another one follows from.
    }
    return unseen.stream().filter(tensor -> !following.contains(tensor)).sorted().findFirst();
  }

  /** Whether nothing is rounded on the way from known tensors, or others that follow from them. */
  private static boolean isExact(
      TensorName tensor, Cascade cascade, Set<TensorName> known, Set<TensorName> following) {
    return cascade.einsums().stream()
        .filter(einsum -> einsum.output().tensor().equals(tensor))
        .allMatch(
            einsum ->
                isExact(einsum.value())
                    && (einsum.reducedRanks().isEmpty() || einsum.populate().isPresent())
                    && einsum.reads().stream()
                        .map(Access::tensor)
                        .allMatch(read -> known.contains(read) || following.contains(read)));
  }

  private static boolean isExact(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> literal.value() == (float) literal.value();
      case Expression.Read _, Expression.Position _ -> true;
      case Expression.Select select -> select.children().stream().allMatch(Decisions::isExact);
      case Expression.ShapeValue _, Expression.ScalarRead _, Expression.Parameter _ -> false;
      case Expression.Unary _, Expression.Binary _, Expression.Apply _ -> false;
    };
  }
}
