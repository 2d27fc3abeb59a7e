package dev.weir.einsum.zoo;

import static dev.weir.einsum.zoo.CascadeFacts.binaries;
import static dev.weir.einsum.zoo.CascadeFacts.coordinates;
import static dev.weir.einsum.zoo.CascadeFacts.tables;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.ir.UnaryOperator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What operators need of the language, each as it shows in the intermediate representation. */
record FeatureTag(String name, Predicate<CascadeFacts> predicate) {

  static final List<FeatureTag> ALL =
      List.of(
          // Predicates over coordinates.
          new FeatureTag(
              "PRED",
              f -> f.comparisons().anyMatch(c -> tables(c).isEmpty() && !coordinates(c).isEmpty())),
          // Predicates that read what the cascade computed, at coordinates.
          new FeatureTag(
              "DMASK",
              f ->
                  f.comparisons()
                      .flatMap(c -> tables(c).stream())
                      .anyMatch(
                          t ->
                              t.ranks().findAny().isPresent()
                                  && !f.isRole(t.tensor(), Tensor.Role.INPUT))),
          // A coordinate is a number of the right side.
          new FeatureTag(
              "SMOD",
              f ->
                  f.parts()
                      .anyMatch(
                          part ->
                              part instanceof Expression.Binary
                                  && part.children().stream()
                                      .anyMatch(
                                          child ->
                                              child instanceof Expression.Position p
                                                  && p.index().ranks().findAny().isPresent()))),
          // Scalars from shapes.
          new FeatureTag(
              "SCAL",
              f ->
                  f.cascade().scalars().values().stream()
                      .flatMap(CascadeFacts::parts)
                      .anyMatch(Expression.ShapeValue.class::isInstance)),
          // Windows, offsets, strides.
          new FeatureTag(
              "AFF",
              f ->
                  f.operands()
                      .flatMap(a -> a.indices().stream())
                      .anyMatch(CascadeFacts::isShifted)),
          // A table of differences of coordinates.
          new FeatureTag(
              "BIAS",
              f ->
                  f.operands()
                      .filter(a -> f.isRole(a.tensor(), Tensor.Role.INPUT))
                      .flatMap(a -> a.indices().stream())
                      .anyMatch(CascadeFacts::isDifference)),
          // Windows in two directions.
          new FeatureTag("SPAT", f -> f.operands().anyMatch(FeatureTag::isSpatial)),
          // Several query heads share one of keys.
          new FeatureTag(
              "HMAP",
              f ->
                  f.operands()
                      .flatMap(a -> a.indices().stream())
                      .anyMatch(Index.HeadMap.class::isInstance)),
          // Weights without an exponential.
          new FeatureTag("NSM", f -> !f.functions().isEmpty() && !f.hasExponential()),
          // Blocks of coordinates as coordinates.
          new FeatureTag(
              "BLK",
              f ->
                  f.comparisons().anyMatch(c -> isBlocked(c))
                      || f.operands()
                          .flatMap(a -> a.indices().stream())
                          .anyMatch(CascadeFacts::isBlock)),
          // Parts between boundaries that come in.
          new FeatureTag(
              "RAG",
              f ->
                  f.comparisons()
                      .flatMap(c -> tables(c).stream())
                      .anyMatch(
                          t ->
                              f.cascade().distributions().get(t.tensor())
                                  instanceof Distribution.Rising)),
          // Means over some coordinates.
          new FeatureTag("POOL", f -> f.einsums().stream().anyMatch(FeatureTag::isMean)),
          // Selections.
          new FeatureTag("TOPK", f -> f.einsums().stream().anyMatch(e -> e.populate().isPresent())),
          // Selections of so much weight.
          new FeatureTag(
              "CUM",
              f ->
                  f.einsums().stream()
                      .flatMap(e -> e.populate().stream())
                      .anyMatch(p -> p.mass().isPresent())),
          // Reads through tables.
          new FeatureTag(
              "GATH",
              f ->
                  f.operands()
                      .flatMap(a -> a.indices().stream())
                      .anyMatch(index -> index.tables().findAny().isPresent())),
          // Writes through tables.
          new FeatureTag("SCAT", f -> f.einsums().stream().anyMatch(FeatureTag::isScatter)),
          // Signs of random projections.
          new FeatureTag(
              "HASH",
              f ->
                  f.comparisons()
                      .flatMap(c -> tables(c).stream())
                      .anyMatch(t -> f.making(t.tensor()).anyMatch(e -> readsDrawn(e, f)))),
          // Inputs drawn at random.
          new FeatureTag(
              "RAND",
              f ->
                  f.cascade().distributions().values().stream()
                      .anyMatch(
                          d ->
                              d instanceof Distribution.Normal
                                  || d instanceof Distribution.Permutation)),
          // Recurrences of which a generation is the one before with something added.
          new FeatureTag(
              "SCAN", f -> f.einsums().stream().anyMatch(e -> isStep(e) && readsItself(e))),
          // Iterations whose step is more than one Einsum.
          new FeatureTag(
              "ITER", f -> f.einsums().stream().anyMatch(e -> isStep(e) && !readsItself(e))),
          // Sums over what lies nearest to each centroid.
          new FeatureTag("CLUS", f -> f.einsums().stream().anyMatch(e -> sumsMembers(e, f))),
          // Kernels that slide along a coordinate.
          new FeatureTag("CONV", f -> f.einsums().stream().anyMatch(e -> isConvolution(e, f))),
          // Factors between 0 and 1 made from the data.
          new FeatureTag(
              "GATE",
              f ->
                  f.einsums().stream()
                      .flatMap(e -> binaries(e.value(), BinaryOperator.MULTIPLY))
                      .anyMatch(b -> CascadeFacts.uses(b, UnaryOperator.SIGMOID))),
          // Divisions by the root of a sum.
          new FeatureTag(
              "NORM",
              f ->
                  f.einsums().stream()
                      .flatMap(e -> binaries(e.value(), BinaryOperator.DIVIDE))
                      .anyMatch(
                          b ->
                              CascadeFacts.uses(b.right(), UnaryOperator.SQRT)
                                  && b.right().reads().findAny().isPresent())),
          // Functions other than exponentials.
          new FeatureTag(
              "UFN",
              f ->
                  f.functions().stream()
                      .anyMatch(u -> u != UnaryOperator.EXP && u != UnaryOperator.NEGATE)),
          // Pairs of columns turned by tables of two factors.
          new FeatureTag(
              "ROPE",
              f ->
                  f.einsums().stream()
                      .flatMap(e -> binaries(e.value(), BinaryOperator.SUBTRACT))
                      .anyMatch(FeatureTag::isRotation)),
          // Logarithms of sums.
          new FeatureTag(
              "LSE",
              f ->
                  f.parts()
                      .anyMatch(
                          part ->
                              part
                                      instanceof
                                      Expression.Unary(
                                          UnaryOperator operator,
                                          Expression.Read(Access access))
                                  && operator == UnaryOperator.LOG
                                  && f.making(access.tensor())
                                      .anyMatch(e -> !e.reducedRanks().isEmpty()))),
          // Two sets of keys in one rank, or under one maximum.
          new FeatureTag(
              "CAT",
              f -> hasJoinedRank(f) || f.einsums().stream().anyMatch(FeatureTag::isMaximumOfUnion)),
          // Heads whose numbers come in.
          new FeatureTag("HET", f -> f.comparisons().anyMatch(c -> isByHead(c, f))),
          // A last generation goes out.
          new FeatureTag(
              "STATE",
              f ->
                  f.einsums().stream()
                      .filter(e -> f.isRole(e.output().tensor(), Tensor.Role.OUTPUT))
                      .flatMap(e -> e.value().reads())
                      .flatMap(a -> a.indices().stream())
                      .anyMatch(Index.Last.class::isInstance)),
          // Values of all a head's keys, or a stop, decide what is done.
          new FeatureTag(
              "CTRL",
              f ->
                  !f.cascade().stops().isEmpty()
                      || f.comparisons()
                          .filter(c -> coordinates(c).isEmpty())
                          .flatMap(c -> tables(c).stream())
                          .anyMatch(
                              t ->
                                  t.ranks().count() == 1
                                      && !f.isRole(t.tensor(), Tensor.Role.INPUT))),
          // Normalised weights are summed over other ranks than they were normalised over.
          new FeatureTag("POST", f -> f.einsums().stream().anyMatch(e -> sumsWeights(e, f))),
          // Each coordinate of a rank has a softmax over keys of its own, and the outputs are
          // summed.
          new FeatureTag("DIST", f -> f.einsums().stream().anyMatch(e -> sumsOutputs(e, f))),
          // The outer product of an error and what it was made from.
          new FeatureTag("GRAD", f -> f.einsums().stream().anyMatch(e -> isGradient(e, f))));

  boolean isIn(CascadeFacts facts) {
    return predicate.test(facts);
  }

  private static boolean isSpatial(Access access) {
    return access.indices().stream().filter(index -> index.ranks().distinct().count() > 1).count()
        > 1;
  }

  private static boolean isBlocked(Condition.Compare compare) {
    return CascadeFacts.isBlock(compare.left()) || CascadeFacts.isBlock(compare.right());
  }

  private static boolean isMean(Einsum einsum) {
    return einsum.reduction() == Monoid.SUM
        && !einsum.reducedRanks().isEmpty()
        && einsum.value() instanceof Expression.Binary b
        && b.operator() == BinaryOperator.DIVIDE
        && b.right().reads().findAny().isEmpty();
  }

  private static boolean isScatter(Einsum einsum) {
    Set<RankName> reduced = einsum.reducedRanks();
    return einsum.condition().stream()
        .flatMap(CascadeFacts::comparisons)
        .filter(c -> c.comparison() == Condition.Comparison.EQUAL)
        .filter(c -> !coordinates(c).isEmpty())
        .flatMap(c -> tables(c).stream())
        .anyMatch(table -> table.ranks().anyMatch(reduced::contains));
  }

  /** Each member chose one coordinate, and is summed where the output has that coordinate. */
  private static boolean sumsMembers(Einsum einsum, CascadeFacts facts) {
    return isScatter(einsum)
        && einsum.condition().stream()
            .flatMap(CascadeFacts::comparisons)
            .flatMap(c -> tables(c).stream())
            .flatMap(table -> facts.making(table.tensor()))
            .flatMap(maker -> maker.populate().stream())
            .filter(choice -> facts.cascade().defaultShapes().containsKey(choice.slot()))
            .filter(choice -> einsum.output().ranks().anyMatch(choice.from()::equals))
            .anyMatch(choice -> facts.cascade().defaultShapes().get(choice.slot()) == 1);
  }

  private static boolean readsDrawn(Einsum einsum, CascadeFacts facts) {
    return einsum
        .value()
        .reads()
        .anyMatch(
            a -> facts.cascade().distributions().get(a.tensor()) instanceof Distribution.Normal);
  }

  private static boolean isStep(Einsum einsum) {
    return einsum.output().indices().stream().anyMatch(Index.Next.class::isInstance);
  }

  private static boolean readsItself(Einsum einsum) {
    return einsum.value().reads().anyMatch(a -> a.tensor().equals(einsum.output().tensor()));
  }

  private static boolean isConvolution(Einsum einsum, CascadeFacts facts) {
    List<Access> reads = einsum.value().reads().toList();
    return einsum.reducedRanks().stream()
        .anyMatch(
            rank ->
                reads.stream().anyMatch(a -> slides(a, rank))
                    && reads.stream()
                        .filter(a -> facts.isRole(a.tensor(), Tensor.Role.INPUT))
                        .anyMatch(a -> a.indices().contains(new Index.Coordinate(rank))));
  }

  private static boolean slides(Access access, RankName rank) {
    return access.indices().stream()
        .filter(CascadeFacts::isShifted)
        .anyMatch(
            index ->
                index.ranks().anyMatch(rank::equals)
                    && index.ranks().anyMatch(other -> !other.equals(rank)));
  }

  private static boolean isRotation(Expression.Binary difference) {
    List<TensorName> left = difference.left().reads().map(Access::tensor).toList();
    List<TensorName> right = difference.right().reads().map(Access::tensor).toList();
    return left.size() == 2
        && right.size() == 2
        && left.getFirst().equals(right.getFirst())
        && !left.getLast().equals(right.getLast());
  }

  private static boolean hasJoinedRank(CascadeFacts facts) {
    return facts.cascade().derivedShapes().values().stream()
        .anyMatch(
            shape ->
                shape instanceof Quantity.Combined c
                    && c.operator() == Quantity.Arithmetic.ADD
                    && c.left() instanceof Quantity.OfShape
                    && c.right() instanceof Quantity.OfShape);
  }

  private static boolean isMaximumOfUnion(Einsum einsum) {
    return einsum.reduction() == Monoid.MAXIMUM
        && einsum.condition().filter(CascadeFacts::isUnion).isPresent();
  }

  private static boolean isByHead(Condition.Compare compare, CascadeFacts facts) {
    Set<RankName> coordinates = coordinates(compare);
    return !coordinates.isEmpty()
        && tables(compare).stream()
            .filter(table -> facts.isRole(table.tensor(), Tensor.Role.INPUT))
            .filter(table -> table.ranks().count() == 1)
            .flatMap(Access::ranks)
            .anyMatch(
                rank ->
                    !coordinates.contains(rank)
                        && facts.cascade().tensors().stream()
                            .filter(tensor -> tensor.role() == Tensor.Role.OUTPUT)
                            .anyMatch(tensor -> tensor.ranks().contains(rank)));
  }

  private static boolean sumsWeights(Einsum einsum, CascadeFacts facts) {
    return einsum.reduction() == Monoid.SUM
        && einsum
            .value()
            .reads()
            .anyMatch(
                read ->
                    facts
                        .normalisedOver(read.tensor())
                        .filter(
                            over ->
                                einsum.reducedRanks().stream()
                                    .anyMatch(
                                        rank ->
                                            !over.contains(rank)
                                                && read.ranks().anyMatch(rank::equals)))
                        .isPresent());
  }

  /** What it reads is a sum of weighted values, and it sums those over a rank that weights have. */
  private static boolean sumsOutputs(Einsum einsum, CascadeFacts facts) {
    return einsum
        .value()
        .reads()
        .flatMap(read -> facts.making(read.tensor()))
        .anyMatch(
            inside ->
                inside
                    .value()
                    .reads()
                    .anyMatch(
                        weight ->
                            facts
                                    .normalisedOver(weight.tensor())
                                    .filter(inside.reducedRanks()::containsAll)
                                    .isPresent()
                                && weight.ranks().anyMatch(einsum.reducedRanks()::contains)));
  }

  private static boolean isGradient(Einsum einsum, CascadeFacts facts) {
    List<TensorName> read = einsum.value().reads().map(Access::tensor).toList();
    return einsum.reducedRanks().isEmpty()
        && read.stream()
            .flatMap(facts::making)
            .map(Einsum::value)
            .filter(
                error ->
                    error instanceof Expression.Binary b && b.operator() == BinaryOperator.SUBTRACT)
            .flatMap(Expression::reads)
            .flatMap(answer -> facts.making(answer.tensor()))
            .filter(answer -> !answer.reducedRanks().isEmpty())
            .flatMap(answer -> answer.value().reads())
            .anyMatch(source -> read.contains(source.tensor()));
  }
}
