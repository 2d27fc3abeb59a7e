package dev.weir.mapper.random;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Cascades that are simpler in one place: an Einsum less, a rank less, a plainer right side or
 * condition. Tensors may be left over or have the wrong role; {@link Reduced} sees to that.
 */
final class CascadeReductions {

  private final Cascade cascade;

  private CascadeReductions(Cascade cascade) {
    this.cascade = cascade;
  }

  static Stream<Cascade> of(Cascade cascade) {
    CascadeReductions reductions = new CascadeReductions(cascade);
    return Stream.of(
            reductions.withoutEinsums(), reductions.withoutRanks(), reductions.plainerEinsums())
        .flatMap(cascades -> cascades);
  }

  /** Without what produces a tensor; whoever reads it gets an input, without generations. */
  private Stream<Cascade> withoutEinsums() {
    return cascade.tensors().stream()
        .filter(tensor -> tensor.role() != Tensor.Role.INPUT)
        .map(this::withoutProducerOf)
        .filter(fewer -> fewer.einsums().stream().anyMatch(einsum -> !einsum.isInitial()));
  }

  private Cascade withoutProducerOf(Tensor produced) {
    Tensor single =
        new Tensor(
            produced.name(),
            produced.role(),
            produced.ranks().stream()
                .filter(rank -> !produced.generations().equals(Optional.of(rank)))
                .toList(),
            Optional.empty(),
            produced.empty());
    UnaryOperator<Access> ofSingle =
        access -> {
          List<Index> indices = new ArrayList<>(access.indices());
          if (access.tensor().equals(produced.name())) {
            produced.generations().ifPresent(g -> indices.remove(produced.ranks().indexOf(g)));
          }
          return new Access(access.tensor(), indices);
        };
    return with(
        cascade.tensors().stream().map(t -> t.equals(produced) ? single : t).toList(),
        cascade.einsums().stream()
            .filter(einsum -> !einsum.output().tensor().equals(produced.name()))
            .map(einsum -> mapped(einsum, ofSingle))
            .toList());
  }

  private Cascade with(List<Tensor> tensors, List<Einsum> einsums) {
    return new Cascade(cascade.name(), cascade.partitions(), tensors, cascade.scalars(), einsums);
  }

  private Stream<Cascade> withoutRanks() {
    Set<RankName> fixed = new HashSet<>();
    cascade
        .partitions()
        .forEach(split -> fixed.addAll(List.of(split.parent(), split.outer(), split.inner())));
    cascade.einsums().stream()
        .flatMap(e -> e.condition().stream())
        .forEach(c -> c.ranks().forEach(fixed::add));
    return cascade.ranks().stream()
        .filter(rank -> !fixed.contains(rank))
        .filter(rank -> cascade.tensors().stream().allMatch(t -> isPlain(t, rank)))
        .map(this::without);
  }

  /** Whether the rank only ever stands for itself in accesses to the tensor. */
  private boolean isPlain(Tensor tensor, RankName rank) {
    return cascade.einsums().stream()
        .flatMap(einsum -> Stream.concat(Stream.of(einsum.output()), einsum.value().reads()))
        .filter(access -> access.tensor().equals(tensor.name()))
        .allMatch(
            access -> {
              for (int at = 0; at < tensor.ranks().size(); at++) {
                boolean owns = tensor.ranks().get(at).equals(rank);
                Index index = access.indices().get(at);
                boolean plain = index.equals(new Index.Coordinate(rank));
                if (owns != plain || (!plain && index.reads(rank))) {
                  return false;
                }
              }
              return true;
            });
  }

  private Cascade without(RankName rank) {
    List<Tensor> tensors =
        cascade.tensors().stream()
            .map(
                t ->
                    new Tensor(
                        t.name(),
                        t.role(),
                        t.ranks().stream().filter(r -> !r.equals(rank)).toList(),
                        t.generations(),
                        t.empty()))
            .toList();
    UnaryOperator<Access> shorter =
        access ->
            new Access(
                access.tensor(),
                access.indices().stream()
                    .filter(index -> !index.equals(new Index.Coordinate(rank)))
                    .toList());
    return with(tensors, cascade.einsums().stream().map(e -> mapped(e, shorter)).toList());
  }

  private static Einsum mapped(Einsum einsum, UnaryOperator<Access> accesses) {
    return new Einsum(
        accesses.apply(einsum.output()),
        mapped(einsum.value(), accesses),
        einsum.reduction(),
        einsum.condition());
  }

  private static Expression mapped(Expression expression, UnaryOperator<Access> accesses) {
    return switch (expression) {
      case Expression.Read read -> new Expression.Read(accesses.apply(read.access()));
      case Expression.Binary b ->
          new Expression.Binary(
              b.operator(), b.merge(), mapped(b.left(), accesses), mapped(b.right(), accesses));
      case Expression.Unary u -> new Expression.Unary(u.operator(), mapped(u.operand(), accesses));
      case Expression.Select s ->
          new Expression.Select(
              s.condition(), mapped(s.then(), accesses), mapped(s.otherwise(), accesses));
      case Expression.Apply a ->
          new Expression.Apply(
              a.function(), a.arguments().stream().map(x -> mapped(x, accesses)).toList());
      case Expression.Literal _,
          Expression.ShapeValue _,
          Expression.Position _,
          Expression.ScalarRead _,
          Expression.Parameter _ ->
          expression;
    };
  }

  private Stream<Cascade> plainerEinsums() {
    List<Einsum> einsums = cascade.einsums();
    List<Cascade> plainer = new ArrayList<>();
    for (int i = 0; i < einsums.size(); i++) {
      int at = i;
      plainer(einsums.get(at))
          .forEach(
              einsum -> {
                List<Einsum> others = new ArrayList<>(einsums);
                others.set(at, einsum);
                plainer.add(with(cascade.tensors(), others));
              });
    }
    return plainer.stream();
  }

  private static Stream<Einsum> plainer(Einsum e) {
    Stream<Einsum> values =
        operands(e.value()).map(v -> new Einsum(e.output(), v, e.reduction(), e.condition()));
    Stream<Einsum> conditions =
        e.condition().stream()
            .flatMap(CascadeReductions::weaker)
            .map(c -> new Einsum(e.output(), e.value(), e.reduction(), c));
    Stream<Einsum> sums =
        e.reduction() == Monoid.SUM
            ? Stream.empty()
            : Stream.of(new Einsum(e.output(), e.value(), Monoid.SUM, e.condition()));
    return Stream.of(values, conditions, sums).flatMap(einsums -> einsums);
  }

  /** The right side with one of its operators replaced by one of the operands. */
  private static Stream<Expression> operands(Expression value) {
    return value instanceof Expression.Binary b
        ? Stream.of(
                Stream.of(b.left(), b.right()),
                operands(b.left())
                    .map(l -> new Expression.Binary(b.operator(), b.merge(), l, b.right())),
                operands(b.right())
                    .map(r -> new Expression.Binary(b.operator(), b.merge(), b.left(), r)))
            .flatMap(expressions -> expressions)
        : Stream.empty();
  }

  /** None, or a part of it. */
  private static Stream<Optional<Condition>> weaker(Condition condition) {
    Stream<Condition> parts =
        switch (condition) {
          case Condition.Compare _ -> Stream.empty();
          case Condition.All all -> all.parts().stream();
          case Condition.Any any -> any.parts().stream();
          case Condition.Not not -> Stream.of(not.part());
        };
    return Stream.concat(Stream.of(Optional.empty()), parts.map(Optional::of));
  }
}
