package dev.weir.mapper.model;

import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.schedule.Projection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Terms over the iterations below a place. Equal path sums are worked out once, and so are products
 * that several terms begin with.
 */
final class Formula {

  private final PathSum[] sums;

  /** Further factors that belong to the whole schedule only, behind the sums. */
  private final PresentPoints[] present;

  private final MappedSum[] mapped;
  private final VisitedSum[] visited;

  /** What is a mean; no factors of products, as it need not be whole. */
  private final ExpectedPoints[] expected;

  /** Position of the mean that a term counts, by term; -1 where it counts none. */
  private final int[] means;

  /** Products: node i is node {@code before[i]} times sum {@code sum[i]}; node 0 is 1. */
  private final int[] before;

  private final int[] sum;

  private final int[] outputs;
  private final long[] factors;
  private final int[] nodes;
  private final long[] firstMarks;
  private final long[] lastMarks;

  /** Node of a product by the node before it and its last factor. */
  private record Step(int before, Factor factor) {}

  /**
   * @param terms what is added up
   * @param depth how many loops are around the place; where there are any, all terms must be alike
   *     everywhere, as positions are not known
   */
  Formula(List<Term> terms, int depth, RankTable ranks) {
    Factors known = new Factors(depth, ranks);
    int count = terms.size();
    outputs = new int[count];
    factors = new long[count];
    nodes = new int[count];
    firstMarks = new long[count];
    lastMarks = new long[count];
    means = new int[count];
    for (int i = 0; i < count; i++) {
      Term term = terms.get(i);
      outputs[i] = term.output();
      factors[i] = term.factor();
      firstMarks[i] = term.path().firstMarks(depth);
      lastMarks[i] = term.path().lastMarks(depth);
      nodes[i] = known.product(term);
      means[i] = term.isExpected() ? known.mean(term) : -1;
    }
    sums = known.sums.toArray(PathSum[]::new);
    present = known.present.toArray(PresentPoints[]::new);
    mapped = known.mapped.toArray(MappedSum[]::new);
    visited = known.visited.toArray(VisitedSum[]::new);
    expected = known.expected.toArray(ExpectedPoints[]::new);
    before = known.steps.stream().mapToInt(Step::before).toArray();
    sum = known.steps.stream().mapToInt(step -> known.position(step.factor())).toArray();
  }

  /** A factor of a product. */
  private sealed interface Factor {

    /** Of ranks that no condition couples. */
    record Sum(int number) implements Factor {}

    /** Of those that one does. */
    record Present(int number) implements Factor {}

    /** Of those through which a tensor is read by position. */
    record Mapped(int number) implements Factor {}

    /** Of those that decide what is visited. */
    record Visited(int number) implements Factor {}
  }

  /** Factors and products found so far. */
  private static final class Factors {

    private final int depth;
    private final RankTable ranks;
    private final Map<PathSum.Key, Integer> knownSums = new HashMap<>();
    private final Map<PresentPoints.Key, Integer> knownPresent = new HashMap<>();
    private final Map<MappedSum.Key, Integer> knownMapped = new HashMap<>();
    private final Map<VisitedSum.Key, Integer> knownVisited = new HashMap<>();
    private final List<MappedSum> mapped = new ArrayList<>();
    private final List<VisitedSum> visited = new ArrayList<>();
    private final Map<Step, Integer> products = new HashMap<>();
    private final List<PathSum> sums = new ArrayList<>();
    private final List<PresentPoints> present = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<ExpectedPoints.Key, Integer> knownExpected = new HashMap<>();
    private final List<ExpectedPoints> expected = new ArrayList<>();

    Factors(int depth, RankTable ranks) {
      this.depth = depth;
      this.ranks = ranks;
      steps.add(new Step(0, new Factor.Sum(-1)));
    }

    int position(Factor factor) {
      return switch (factor) {
        case Factor.Sum(int number) -> number;
        case Factor.Present(int number) -> sums.size() + number;
        case Factor.Mapped(int number) -> sums.size() + present.size() + number;
        case Factor.Visited(int number) -> sums.size() + present.size() + mapped.size() + number;
      };
    }

    int product(Term term) {
      boolean[] coupled = coupled(term);
      int node = 0;
      if (term.skipped().isPresent()) {
        node = times(node, visited(term, term.skipped().get(), coupled));
      } else if (term.condition().isPresent() && !term.isExpected()) {
        PresentPoints.Key key = term.path().present(term.condition().get(), coupled);
        int number = knownPresent.computeIfAbsent(key, _ -> present.size());
        if (number == present.size()) {
          present.add(PresentPoints.of(ranks, key));
        }
        node = times(node, new Factor.Present(number));
      }
      for (MappedPart part : term.mapped()) {
        if (part.groups().stream().anyMatch(group -> coupled[group])) {
          continue;
        }
        part.groups().forEach(group -> coupled[group] = true);
        node = times(node, mapped(term.path().mapped(part, term.sliding())));
      }
      for (PathSum.Key key : term.path().sums(depth, coupled)) {
        int number = knownSums.computeIfAbsent(key, _ -> sums.size());
        if (number == sums.size()) {
          sums.add(PathSum.of(key));
        }
        if (!sums.get(number).isOne()) {
          node = times(node, new Factor.Sum(number));
        }
      }
      return node;
    }

    /** Together with what is mapped over ranks that decide what is visited. */
    private Factor visited(Term term, Entries entries, boolean[] coupled) {
      entries
          .visits()
          .condition()
          .ranks()
          .forEach(rank -> coupled[ranks.place(rank).group()] = true);
      List<Projection.Part> together = new ArrayList<>();
      for (MappedPart part : term.mapped()) {
        if (part.groups().stream().anyMatch(group -> coupled[group])) {
          together.addAll(part.parts());
          part.groups().forEach(group -> coupled[group] = true);
        }
      }
      VisitedSum.Key key =
          term.path().visited(entries, term.condition(), coupled, together, term.sliding());
      int number = knownVisited.computeIfAbsent(key, _ -> visited.size());
      if (number == visited.size()) {
        visited.add(VisitedSum.of(ranks, key));
      }
      return new Factor.Visited(number);
    }

    private boolean[] coupled(Term term) {
      boolean[] coupled = new boolean[ranks.groups().size()];
      term.own().ifPresent(own -> own.reading().forEach(group -> coupled[group] = true));
      term.condition().stream()
          .flatMap(Condition::ranks)
          .forEach(rank -> coupled[ranks.place(rank).group()] = true);
      return coupled;
    }

    int mean(Term term) {
      Condition condition = term.condition().orElseThrow();
      PresentPoints.Key points = term.path().present(condition, coupled(term));
      ExpectedPoints.Key key = new ExpectedPoints.Key(points, term.entries(), term.own());
      int number = knownExpected.computeIfAbsent(key, _ -> expected.size());
      if (number == expected.size()) {
        expected.add(ExpectedPoints.of(ranks, key));
      }
      return number;
    }

    private Factor mapped(MappedSum.Key key) {
      int number = knownMapped.computeIfAbsent(key, _ -> mapped.size());
      if (number == mapped.size()) {
        mapped.add(MappedSum.of(ranks, key));
      }
      return new Factor.Mapped(number);
    }

    private int times(int node, Factor factor) {
      Step step = new Step(node, factor);
      int product = products.computeIfAbsent(step, _ -> steps.size());
      if (product == steps.size()) {
        steps.add(step);
      }
      return product;
    }
  }

  /** Length of the scratch array that {@link #evaluate} needs. */
  int scratch() {
    return sums.length + present.length + mapped.length + visited.length + before.length;
  }

  /** Whether a condition couples loops in a way that is not counted exactly. */
  boolean isTooLarge(Numbers numbers) {
    for (PresentPoints points : present) {
      if (points.isTooLarge(numbers)) {
        return true;
      }
    }
    for (ExpectedPoints points : expected) {
      if (points.isTooLarge(numbers)) {
        return true;
      }
    }
    return hasTooManyEntries(numbers);
  }

  /** One of them that is counted as if nothing were skipped makes all of them so. */
  private boolean hasTooManyEntries(Numbers numbers) {
    for (VisitedSum entries : visited) {
      if (entries.isTooLarge(numbers)) {
        return true;
      }
    }
    return false;
  }

  /** Ranks of the values over which it counts means that are not the same for all of them. */
  Set<RankName> expectedOver(Numbers numbers) {
    return Arrays.stream(expected)
        .filter(points -> !points.isCertain(numbers))
        .flatMap(ExpectedPoints::values)
        .collect(Collectors.toSet());
  }

  /**
   * Works out all outputs.
   *
   * @param kind ranges at the place
   * @param results set to 0 and filled
   * @param scratch overwritten
   */
  void evaluate(Numbers numbers, Kinds kinds, int kind, long[] results, long[] scratch) {
    for (int i = 0; i < sums.length; i++) {
      scratch[i] = kinds.sum(sums[i], numbers, kind);
    }
    for (int i = 0; i < present.length; i++) {
      scratch[sums.length + i] = present[i].count(numbers);
    }
    int first = sums.length + present.length;
    for (int i = 0; i < mapped.length; i++) {
      scratch[first + i] = mapped[i].value(numbers);
    }
    first += mapped.length;
    boolean asIfAll = hasTooManyEntries(numbers);
    for (int i = 0; i < visited.length; i++) {
      scratch[first + i] = visited[i].value(numbers, asIfAll);
    }
    first += visited.length;
    scratch[first] = 1;
    for (int i = 1; i < before.length; i++) {
      scratch[first + i] = Math.multiplyExact(scratch[first + before[i]], scratch[sum[i]]);
    }
    Arrays.fill(results, 0);
    long isFirst = kinds.first(kind);
    long isLast = kinds.last(kind);
    if (expected.length > 0) {
      addMeans(numbers, results, scratch);
    }
    for (int i = 0; i < outputs.length; i++) {
      if (means[i] >= 0) {
        continue;
      }
      if ((firstMarks[i] & ~isFirst) == 0 && (lastMarks[i] & ~isLast) == 0) {
        long value = Math.multiplyExact(factors[i], scratch[first + nodes[i]]);
        results[outputs[i]] = Math.addExact(results[outputs[i]], value);
      }
    }
  }

  /** Whether all terms are products of path sums. */
  boolean isSymbolic() {
    return present.length == 0 && mapped.length == 0 && visited.length == 0 && expected.length == 0;
  }

  /** What {@link #evaluate} works out, as expressions by output. */
  int[] expressions(Symbols symbols, SymbolicKind kind, int outputCount) {
    int[] products = new int[before.length];
    products[0] = symbols.constant(1);
    for (int i = 1; i < before.length; i++) {
      PathSum factor = sums[sum[i]];
      int value = symbols.sum(factor.key(), kind.extents().get(factor.group()));
      products[i] = symbols.expressions.times(products[before[i]], value);
    }
    int[] results = new int[outputCount];
    Arrays.fill(results, symbols.constant(0));
    for (int i = 0; i < outputs.length; i++) {
      if ((firstMarks[i] & ~kind.first()) == 0 && (lastMarks[i] & ~kind.last()) == 0) {
        int value = symbols.expressions.times(symbols.constant(factors[i]), products[nodes[i]]);
        results[outputs[i]] = symbols.expressions.plus(results[outputs[i]], value);
      }
    }
    return results;
  }

  /** What it depends on below a root, where all terms are alike everywhere. */
  Relevance relevance() {
    Relevance all = Relevance.NOTHING;
    for (PathSum factor : sums) {
      all = all.and(Relevance.ofGroup(factor.group()));
    }
    for (int i = 0; i < outputs.length; i++) {
      all = all.and(new Relevance(0, 0, firstMarks[i], lastMarks[i]));
    }
    return all;
  }

  /** From the root of the tree, where every iteration counts. */
  private void addMeans(Numbers numbers, long[] results, long[] scratch) {
    boolean isBound = isTooLarge(numbers);
    Fraction[] values = new Fraction[expected.length];
    for (int i = 0; i < expected.length; i++) {
      values[i] = isBound ? expected[i].asIfAll(numbers) : expected[i].value(numbers);
    }
    Fraction[] sums = new Fraction[results.length];
    Arrays.fill(sums, Fraction.ZERO);
    int first = scratch.length - before.length;
    for (int i = 0; i < outputs.length; i++) {
      if (means[i] >= 0) {
        Fraction each = values[means[i]].times(factors[i]).times(scratch[first + nodes[i]]);
        sums[outputs[i]] = sums[outputs[i]].plus(each);
      }
    }
    for (int output = 0; output < results.length; output++) {
      results[output] = Math.addExact(results[output], sums[output].rounded());
    }
  }
}
