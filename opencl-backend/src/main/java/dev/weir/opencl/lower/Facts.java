package dev.weir.opencl.lower;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Projection;
import dev.weir.mapper.schedule.Site;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a cascade says, indexed as lowering asks for it. */
final class Facts {

  private final Problem problem;
  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, Einsum> producers = new HashMap<>();
  private final Map<TensorName, Einsum> initials = new HashMap<>();
  private final Set<TensorName> tables;
  private final Set<TensorName> infinite = new HashSet<>();
  private final Map<TensorName, Projection> projections;
  private final Absence absence;
  private final Map<NodePath, Integer> exponentialDegrees = new HashMap<>();

  Facts(Problem problem) {
    this.problem = problem;
    Cascade cascade = problem.cascade();
    this.tensors = cascade.tensorsByName();
    cascade
        .einsums()
        .forEach(
            einsum ->
                (einsum.isInitial() ? initials : producers).put(einsum.output().tensor(), einsum));
    this.tables = Tables.of(cascade);
    this.projections = Projection.all(cascade);
    findInfinite(cascade);
    this.absence = new Absence(cascade, producers);
    findPolynomials(Site.root(problem.schedule().root()));
  }

  private void findPolynomials(Site site) {
    if (site.node() instanceof Node.Compute compute) {
      compute.variants().stream()
          .flatMap(name -> problem.unit(compute).variant(name).stream())
          .forEach(variant -> exponentialDegrees.put(site.path(), variant.degree().orElseThrow()));
    }
    site.children().forEach(this::findPolynomials);
  }

  /** Degree of the polynomial that a compute takes for exp, if it takes one. */
  OptionalInt exponentialDegree(NodePath compute) {
    Integer degree = exponentialDegrees.get(compute);
    return degree == null ? OptionalInt.empty() : OptionalInt.of(degree);
  }

  Problem problem() {
    return problem;
  }

  Tensor tensor(TensorName name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new RefusedException(
          NodePath.ROOT, "cascade has no tensor " + name, "give the cascade that it is for");
    }
    return tensor;
  }

  /** The Einsum that writes a tensor, not counting generation 0. */
  Einsum producer(TensorName name) {
    return Optional.ofNullable(producers.get(name))
        .orElseThrow(
            () ->
                new RefusedException(
                    NodePath.ROOT,
                    "no Einsum produces " + name,
                    "give the cascade that it is for"));
  }

  boolean isProduced(TensorName name) {
    return producers.containsKey(name);
  }

  /** Whether the tile of a tensor changes with a rank. */
  boolean has(TensorName tensor, RankName rank) {
    return projections.get(tensor).has(rank, problem.cascade());
  }

  Projection projection(TensorName name) {
    return projections.get(name);
  }

  Optional<Einsum> initial(TensorName name) {
    return Optional.ofNullable(initials.get(name));
  }

  /** Whether it is an input that holds whole numbers. */
  boolean isTable(TensorName name) {
    return tables.contains(name);
  }

  Stream<Partition> partitions() {
    return problem.cascade().partitions().stream();
  }

  Optional<Partition> partitionOfParent(RankName rank) {
    return partitions().filter(split -> split.parent().equals(rank)).findFirst();
  }

  long shape(RankName rank) {
    return problem.shapes().of(rank);
  }

  /** Coordinates of a rank of a tensor, generation 0 included. */
  long shape(Tensor tensor, RankName rank) {
    return shape(rank) + (tensor.generations().equals(Optional.of(rank)) ? 1 : 0);
  }

  /** Loop ranks that move a tensor's coordinates: its own, and the parts of partitioned ones. */
  Set<RankName> rankVariables(TensorName name) {
    Set<RankName> ranks = new LinkedHashSet<>();
    tensor(name).ranks().forEach(rank -> ranks.addAll(rankVariables(rank)));
    return ranks;
  }

  /** The rank itself, and its parts when it is partitioned. */
  List<RankName> rankVariables(RankName rank) {
    return partitionOfParent(rank)
        .map(split -> List.of(rank, split.outer(), split.inner()))
        .orElse(List.of(rank));
  }

  /** Ranks in an order in which outer parts come before inner ones. */
  List<RankName> outerFirst(Set<RankName> ranks) {
    Set<RankName> inner = partitions().map(Partition::inner).collect(Collectors.toSet());
    return ranks.stream().sorted(Comparator.comparing(inner::contains)).toList();
  }

  /** Whether a right side may be absent at some point, for finite inputs. */
  boolean mayBeAbsent(Expression expression) {
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

  /** What may be infinite spreads from empty values along the Einsums, until nothing is new. */
  private void findInfinite(Cascade cascade) {
    cascade.tensors().stream()
        .filter(tensor -> tensor.role() != Tensor.Role.INPUT)
        .filter(tensor -> Double.isInfinite(tensor.empty()))
        .forEach(tensor -> infinite.add(tensor.name()));
    boolean isNew = true;
    while (isNew) {
      isNew = false;
      for (Einsum einsum : cascade.einsums()) {
        isNew |= mayBeInfinite(einsum.value()) && infinite.add(einsum.output().tensor());
      }
    }
  }

  /** What may be absent because of where it is. */
  Absence absence() {
    return absence;
  }

  /**
   * Whether a factor that is absent must be left out of a product because the other one may not be
   * finite. A state that begins with nothing is absent at first; inputs may be anything there,
   * while a number that is not finite and was computed is so in what else the step computes.
   *
   * @param holding conditions that hold here
   */
  boolean isToBeGuarded(Expression factor, Expression other, Set<Condition> holding) {
    return absence.mayBeAbsent(factor, holding)
        || (factor.reads().anyMatch(this::beginsEmpty)
            && other.reads().anyMatch(access -> !isProduced(access.tensor())));
  }

  private boolean beginsEmpty(Access access) {
    return initial(access.tensor())
        .map(einsum -> constant(einsum.value()))
        .equals(Optional.of(OptionalDouble.of(tensor(access.tensor()).empty())));
  }

  /**
   * Whether a value may be infinite although nothing overflows. An exponential is not: of −∞ it is
   * 0, and of +∞ it has overflowed.
   */
  boolean mayBeInfinite(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> Double.isInfinite(literal.value());
      case Expression.ShapeValue _, Expression.ScalarRead _, Expression.Position _ -> false;
      case Expression.Parameter _ -> false;
      case Expression.Apply apply -> mayBeInfinite(apply.inlined());
      case Expression.Read read -> infinite.contains(read.access().tensor());
      case Expression.Unary unary ->
          switch (unary.operator()) {
            case NEGATE, RELU, ABS, SQRT -> mayBeInfinite(unary.operand());
            case LOG -> true;
            case EXP, SIGMOID, TANH -> false;
          };
      case Expression.Binary binary ->
          binary.operator() != BinaryOperator.SUBTRACT_THEN_EXP
              && (mayBeInfinite(binary.left()) || mayBeInfinite(binary.right()));
      case Expression.Select select ->
          mayBeInfinite(select.then()) || mayBeInfinite(select.otherwise());
    };
  }

  /**
   * Inputs hold finite numbers, so an input whose empty value is infinite has no absent element;
   * whoever runs a kernel checks that.
   */
  boolean isAlwaysPresent(Access access) {
    Tensor tensor = tensor(access.tensor());
    boolean isInside =
        access.indices().stream()
            .allMatch(
                index ->
                    index instanceof Index.Coordinate
                        || index instanceof Index.Joined
                        || index instanceof Index.HeadMap);
    return tensor.role() == Tensor.Role.INPUT && Double.isInfinite(tensor.empty()) && isInside;
  }

  /** Every access of an Einsum: the one written first, then those read, tables included. */
  Stream<Access> accesses(TensorName einsum) {
    Einsum producer = producer(einsum);
    return Stream.concat(
        Stream.of(producer.output()),
        Stream.concat(
            Stream.concat(
                producer.value().reads(), producer.value().reads().flatMap(Facts::indexReads)),
            Stream.concat(
                conditions(producer).flatMap(Facts::reads), positions(producer.value()))));
  }

  static Stream<Condition> conditions(Einsum einsum) {
    return Stream.concat(einsum.condition().stream(), einsum.value().conditions());
  }

  static Stream<Access> positions(Expression expression) {
    return expression
        .all()
        .filter(Expression.Position.class::isInstance)
        .flatMap(node -> reads(((Expression.Position) node).index()));
  }

  static Stream<Access> indexReads(Access access) {
    return access.indices().stream().flatMap(Facts::reads);
  }

  static Stream<Access> reads(Index index) {
    return switch (index) {
      case Index.Gathered gathered ->
          Stream.concat(Stream.of(gathered.access()), indexReads(gathered.access()));
      case Index.Computed computed -> computed.tables();
      case Index.Coordinate _, Index.Joined _, Index.Next _, Index.Last _ -> Stream.empty();
      case Index.Fixed _, Index.Affine _, Index.HeadMap _ -> Stream.empty();
    };
  }

  private static Stream<Access> reads(Condition condition) {
    return switch (condition) {
      case Condition.Compare compare ->
          Stream.concat(reads(compare.left()), reads(compare.right()));
      case Condition.All all -> all.parts().stream().flatMap(Facts::reads);
      case Condition.Any any -> any.parts().stream().flatMap(Facts::reads);
      case Condition.Not not -> reads(not.part());
    };
  }

  private static Stream<Access> reads(Quantity quantity) {
    return switch (quantity) {
      case Quantity.OfIndex of -> reads(of.index());
      case Quantity.OfShape _, Quantity.OfNumber _, Quantity.OfScalar _ -> Stream.empty();
      case Quantity.Combined c -> Stream.concat(reads(c.left()), reads(c.right()));
    };
  }

  /** The value of an expression over literals, shapes and scalars. */
  OptionalDouble constant(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> OptionalDouble.of(literal.value());
      case Expression.ShapeValue shape -> OptionalDouble.of((double) shape(shape.rank()));
      case Expression.ScalarRead read -> constant(problem.cascade().scalars().get(read.scalar()));
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

  /** A number that the cascade computes from shapes. */
  double scalar(TensorName name) {
    return constant(problem.cascade().scalars().get(name))
        .orElseThrow(
            () ->
                new RefusedException(
                    NodePath.ROOT,
                    "no number follows for " + name,
                    "compute it from numbers and shapes in the cascade"));
  }
}
