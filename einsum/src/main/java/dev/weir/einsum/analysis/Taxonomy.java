package dev.weir.einsum.analysis;

import dev.weir.einsum.analysis.Dependences.Edge;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a cascade stands in the taxonomy of FuseMax (Table I), which sorts exact attention by the
 * passes over the rank of its softmax. A cascade is <em>softmax-like over a rank</em> when
 * something is divided by a value that comes, not by way of a maximum, from exponentials along that
 * rank and no longer has it. Nothing is known of names.
 */
public final class Taxonomy {

  /** A row of Table I: works that state attention with so many passes. */
  public enum TableRow {
    ONE_PASS(1, "FlashAttention, FlashAttention-2, Rabe & Staats"),
    TWO_PASS(2, "TileFlow, Choi et al."),
    THREE_PASS(3, "PyTorch, TensorFlow, FLAT, E.T.");

    private final int passes;
    private final String members;

    TableRow(int passes, String members) {
      this.passes = passes;
      this.members = members;
    }

    public int passes() {
      return passes;
    }

    /** The works that the table names. */
    public String members() {
      return members;
    }

    /** The row for a number of passes; the table has none for more than three. */
    static Optional<TableRow> of(int passes) {
      return Stream.of(values()).filter(row -> row.passes == passes).findFirst();
    }
  }

  /** What is subtracted in the exponent. */
  public enum Maximum {
    NONE("none: large exponents overflow"),
    COMPLETE("complete before the first exponential"),
    OF_TILES("of each tile first, corrected afterwards"),
    RUNNING("running, corrected at each step");

    private final String text;

    Maximum(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * A softmax.
   *
   * @param ranks the ranks that it normalises over
   * @param passes passes over each
   * @param row the row of Table I, if it has one
   * @param maximum what is subtracted in the exponent
   * @param dividing Einsums that divide by the sum of exponentials
   * @param isDeferred whether none of them iterates the ranks
   */
  public record Softmax(
      List<RankName> ranks,
      int passes,
      Optional<TableRow> row,
      Maximum maximum,
      List<TensorName> dividing,
      boolean isDeferred) {
    public Softmax {
      ranks = List.copyOf(ranks);
      dividing = List.copyOf(dividing);
    }

    private Softmax over(List<RankName> others) {
      return new Softmax(others, passes, row, maximum, dividing, isDeferred);
    }
  }

  private final Cascade cascade;
  private final Dependences dependences;
  private final List<Einsum> einsums;
  private final Map<TensorName, Tensor> tensors;
  private final RankFamily family;

  private Taxonomy(Dependences dependences, RankFamily family) {
    this.cascade = dependences.cascade();
    this.dependences = dependences;
    this.einsums = cascade.einsums();
    this.tensors = cascade.tensorsByName();
    this.family = family;
  }

  /** Every softmax of a cascade, those with most passes first; none if it is not softmax-like. */
  public static List<Softmax> of(Cascade cascade) {
    Dependences dependences = Dependences.of(cascade);
    PassReport passes = PassAnalysis.of(cascade);
    List<Softmax> softmaxes = new ArrayList<>();
    for (PassReport.OfRank rank : passes.swept()) {
      new Taxonomy(dependences, RankFamily.of(rank.rank(), cascade))
          .softmax(rank.passes())
          .ifPresent(softmax -> add(softmax, softmaxes));
    }
    return List.copyOf(softmaxes);
  }

  /** Ranks whose softmax is told in the same words, as the two of a window, share one entry. */
  private static void add(Softmax softmax, List<Softmax> softmaxes) {
    for (int at = 0; at < softmaxes.size(); at++) {
      Softmax other = softmaxes.get(at);
      if (other.over(softmax.ranks()).equals(softmax)) {
        List<RankName> both = new ArrayList<>(other.ranks());
        both.addAll(softmax.ranks());
        softmaxes.set(at, other.over(both));
        return;
      }
    }
    softmaxes.add(softmax);
  }

  private Optional<Softmax> softmax(int passes) {
    List<TensorName> dividing = new ArrayList<>();
    BitSet exponentials = new BitSet();
    boolean deferred = true;
    for (int place = 0; place < einsums.size(); place++) {
      BitSet below = exponentialsBelow(place);
      if (!below.isEmpty()) {
        exponentials.or(below);
        dividing.add(einsums.get(place).output().tensor());
        deferred &= !family.hasSteps(einsums.get(place).iterationSpace());
      }
    }
    return dividing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Softmax(
                List.of(family.root()),
                passes,
                TableRow.of(passes),
                maximum(exponentials),
                dividing.stream().distinct().toList(),
                deferred));
  }

  /** Exponentials along the rank from which what an Einsum divides by comes. */
  private BitSet exponentialsBelow(int place) {
    BitSet found = new BitSet();
    List<Access> divisors =
        all(einsums.get(place).value())
            .filter(Expression.Binary.class::isInstance)
            .map(Expression.Binary.class::cast)
            .filter(binary -> binary.operator() == BinaryOperator.DIVIDE)
            .map(Expression.Binary::right)
            .filter(Taxonomy::isWeighted)
            .flatMap(Expression::reads)
            .filter(access -> !runsAlong(access))
            .toList();
    dependences.into(place).stream()
        .filter(edge -> divisors.contains(edge.access()))
        .forEach(edge -> found.or(summed(edge.producer())));
    return found;
  }

  private boolean runsAlong(Access access) {
    Tensor tensor = tensors.get(access.tensor());
    return family.hasSteps(tensor.ranks()) && family.isAlongFibers(access, tensor);
  }

  private BitSet summed(int divisor) {
    BitSet found = new BitSet();
    BitSet seen = new BitSet();
    Deque<Integer> waiting = new ArrayDeque<>(List.of(divisor));
    while (!waiting.isEmpty()) {
      int place = waiting.poll();
      if (seen.get(place) || takesMaximum(place)) {
        continue;
      }
      seen.set(place);
      if (isExponential(einsums.get(place).value())
          && family.isWhole(einsums.get(place).iterationSpace())) {
        found.set(place);
        continue;
      }
      if (isWeighted(einsums.get(place).value())) {
        dependences.into(place).forEach(edge -> waiting.add(edge.producer()));
      }
    }
    return found;
  }

  /**
   * Whether a value is still a sum of exponentials where its operands are: a norm that comes after
   * a softmax is a root of what has been divided already, and none of its own.
   */
  private static boolean isWeighted(Expression expression) {
    return all(expression)
        .noneMatch(
            part ->
                part instanceof Expression.Unary
                    || (part instanceof Expression.Binary binary
                        && binary.operator() == BinaryOperator.DIVIDE
                        && binary.right().reads().findAny().isPresent()));
  }

  private Maximum maximum(BitSet exponentials) {
    SweepTimes times = new SweepTimes(family, dependences);
    BitSet above = new BitSet();
    Deque<Integer> waiting = new ArrayDeque<>(exponentials.stream().boxed().toList());
    while (!waiting.isEmpty()) {
      for (Edge edge : dependences.into(waiting.poll())) {
        if (!above.get(edge.producer())) {
          above.set(edge.producer());
          waiting.add(edge.producer());
        }
      }
    }
    List<Integer> maxima =
        above.stream()
            .boxed()
            .filter(this::takesMaximum)
            .filter(place -> family.hasSteps(einsums.get(place).iterationSpace()))
            .toList();
    if (maxima.isEmpty()) {
      return Maximum.NONE;
    }
    boolean isRunning =
        maxima.stream()
            .map(place -> tensors.get(einsums.get(place).output().tensor()))
            .flatMap(tensor -> tensor.generations().stream())
            .anyMatch(family.members()::contains);
    if (isRunning) {
      return Maximum.RUNNING;
    }
    boolean waits =
        exponentials.stream()
            .anyMatch(
                place ->
                    maxima.stream()
                        .anyMatch(
                            top ->
                                times.written(top, times.earliest(top)) < times.earliest(place)));
    return waits ? Maximum.COMPLETE : Maximum.OF_TILES;
  }

  private boolean takesMaximum(int place) {
    Einsum einsum = einsums.get(place);
    return (einsum.reduction() == Monoid.MAXIMUM && !einsum.reducedRanks().isEmpty())
        || (einsum.value() instanceof Expression.Binary binary
            && binary.operator() == BinaryOperator.MAXIMUM);
  }

  /** Whether an exponential is a term or a factor of a value, and not inside of a function. */
  private static boolean isExponential(Expression value) {
    return switch (value) {
      case Expression.Unary unary ->
          switch (unary.operator()) {
            case EXP -> true;
            case NEGATE -> isExponential(unary.operand());
            case SQRT, LOG, SIGMOID, TANH, RELU, ABS -> false;
          };
      case Expression.Binary binary ->
          switch (binary.operator()) {
            case SUBTRACT_THEN_EXP -> true;
            case ADD, SUBTRACT, MULTIPLY ->
                isExponential(binary.left()) || isExponential(binary.right());
            case DIVIDE -> isExponential(binary.left());
            case POWER, MAXIMUM, MINIMUM -> false;
          };
      case Expression.Select select ->
          isExponential(select.then()) || isExponential(select.otherwise());
      case Expression.Literal _, Expression.ShapeValue _, Expression.Position _ -> false;
      case Expression.ScalarRead _, Expression.Read _ -> false;
      case Expression.Apply _, Expression.Parameter _ -> false;
    };
  }

  private static Stream<Expression> all(Expression expression) {
    Stream<Expression> inner =
        expression instanceof Expression.Apply apply
            ? all(apply.inlined())
            : expression.children().stream().flatMap(Taxonomy::all);
    return Stream.concat(Stream.of(expression), inner);
  }
}
