package dev.weir.opencl.execute;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.MergeOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/** What tensors and Einsums of a cascade are to a kernel. */
final class CascadeRoles {

  private final Problem problem;
  private final Cascade cascade;
  private final Map<TensorName, Tensor> tensors;

  CascadeRoles(Problem problem) {
    this.problem = problem;
    this.cascade = problem.cascade();
    this.tensors = cascade.tensorsByName();
  }

  Tensor tensor(TensorName name) {
    return tensors.get(name);
  }

  /** The Einsum that writes a tensor, not counting generation 0. */
  Einsum producer(TensorName name) {
    return cascade.einsums().stream()
        .filter(einsum -> !einsum.isInitial() && einsum.output().tensor().equals(name))
        .findFirst()
        .orElseThrow();
  }

  long shape(RankName rank) {
    return problem.shapes().of(rank);
  }

  Optional<Partition> partitionOfParent(RankName rank) {
    return cascade.partitions().stream().filter(split -> split.parent().equals(rank)).findFirst();
  }

  /** Ranks that loops run over. */
  Set<RankName> loopRanks() {
    Set<RankName> ranks = new LinkedHashSet<>();
    cascade.einsums().forEach(einsum -> ranks.addAll(einsum.iterationSpace()));
    return ranks;
  }

  /**
   * Ranks of loops that move a tensor's coordinates: its own, and the parts of partitioned ones.
   */
  Set<RankName> rankVariables(TensorName name) {
    Set<RankName> ranks = new LinkedHashSet<>();
    for (RankName rank : tensor(name).ranks()) {
      ranks.add(rank);
      partitionOfParent(rank)
          .ifPresent(
              split -> {
                ranks.add(split.outer());
                ranks.add(split.inner());
              });
    }
    return ranks;
  }

  /** What an Einsum writes and reads. */
  Stream<TensorName> accessed(Einsum einsum) {
    return Stream.concat(Stream.of(einsum.output()), einsum.reads().stream())
        .map(Access::tensor)
        .distinct();
  }

  /** Tensors that decide where points are; kernels load them as often as they ask. */
  Set<TensorName> deciding() {
    Set<TensorName> all = new HashSet<>();
    cascade.einsums().forEach(e -> e.tables().forEach(access -> all.add(access.tensor())));
    return all;
  }

  /** Whether the end of a reduction reads and writes its elements; not if sums are elements. */
  boolean isFinished(Einsum einsum) {
    return isDoubtful(einsum) || hasOuterCondition(einsum) || factor(einsum) != 1;
  }

  /** Whether a sum that equals that of nothing is looked at again. */
  boolean isDoubtful(Einsum einsum) {
    return tensor(einsum.output().tensor()).empty() != einsum.reduction().identity()
        && (mayBeAbsent(einsum.value()) || hasInnerCondition(einsum));
  }

  static boolean hasOuterCondition(Einsum einsum) {
    return einsum.condition().isPresent()
        && einsum.condition().get().ranks().noneMatch(einsum.reducedRanks()::contains);
  }

  static boolean hasInnerCondition(Einsum einsum) {
    return einsum.condition().isPresent() && !hasOuterCondition(einsum);
  }

  private boolean mayBeAbsent(Expression expression) {
    return switch (expression) {
      case Expression.Literal _, Expression.ShapeValue _, Expression.ScalarRead _ -> false;
      case Expression.Position _, Expression.Unary _, Expression.Parameter _ -> false;
      case Expression.Apply apply -> mayBeAbsent(apply.inlined());
      case Expression.Read read -> !isAlwaysPresent(read.access());
      case Expression.Binary binary ->
          !binary.merge().touches(!mayBeAbsent(binary.left()), !mayBeAbsent(binary.right()));
      case Expression.Select select ->
          mayBeAbsent(select.then()) || mayBeAbsent(select.otherwise());
    };
  }

  private boolean isAlwaysPresent(Access access) {
    Tensor tensor = tensor(access.tensor());
    return tensor.role() == Tensor.Role.INPUT
        && Double.isInfinite(tensor.empty())
        && access.indices().stream()
            .allMatch(
                index ->
                    index instanceof Index.Coordinate
                        || index instanceof Index.Joined
                        || index instanceof Index.HeadMap);
  }

  /** Product of the constant factors of a sum. */
  private double factor(Einsum einsum) {
    return einsum.reduction() == Monoid.SUM && !constant(einsum.value()).isPresent()
        ? factor(einsum.value())
        : 1;
  }

  private double factor(Expression expression) {
    if (expression instanceof Expression.Binary binary
        && binary.operator() == BinaryOperator.MULTIPLY
        && binary.merge() == MergeOperator.INTERSECTION) {
      return factor(binary.left()) * factor(binary.right());
    }
    return constant(expression).orElse(1);
  }

  private OptionalDouble constant(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> OptionalDouble.of(literal.value());
      case Expression.ShapeValue shape -> OptionalDouble.of((double) shape(shape.rank()));
      case Expression.ScalarRead read -> constant(cascade.scalars().get(read.scalar()));
      case Expression.Unary unary -> {
        OptionalDouble operand = constant(unary.operand());
        yield operand.isEmpty()
            ? operand
            : OptionalDouble.of(unary.operator().apply(operand.getAsDouble()));
      }
      case Expression.Binary binary -> {
        OptionalDouble left = constant(binary.left());
        OptionalDouble right = constant(binary.right());
        yield left.isEmpty() || right.isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(binary.operator().apply(left.getAsDouble(), right.getAsDouble()));
      }
      case Expression.Apply apply -> constant(apply.inlined());
      case Expression.Position _, Expression.Read _, Expression.Select _, Expression.Parameter _ ->
          OptionalDouble.empty();
    };
  }

  /** Whether the old generation is read after the new one is written, or while it is. */
  boolean needsTwoGenerations(TensorName state, Node root) {
    int generation = tensor(state).ranks().indexOf(tensor(state).generations().orElseThrow());
    boolean isWritten = false;
    for (List<Node> path : ScheduleNodes.pathsToComputes(root)) {
      Einsum einsum = producer(((Node.Compute) path.getLast()).einsum());
      boolean writes = einsum.output().tensor().equals(state);
      for (Access read : einsum.value().reads().toList()) {
        boolean readsOld =
            read.tensor().equals(state)
                && read.indices().get(generation) instanceof Index.Coordinate;
        boolean isSamePlace =
            writes
                && einsum.reducedRanks().isEmpty()
                && isSameBut(generation, read.indices(), einsum.output().indices());
        if (readsOld && (isWritten || (writes && !isSamePlace))) {
          return true;
        }
      }
      isWritten |= writes;
    }
    return false;
  }

  private static boolean isSameBut(int position, List<Index> left, List<Index> right) {
    for (int i = 0; i < left.size(); i++) {
      if (i != position && !left.get(i).equals(right.get(i))) {
        return false;
      }
    }
    return true;
  }
}
