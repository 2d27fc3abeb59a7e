package dev.weir.einsum.check;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.Quantity.Arithmetic;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.syntax.InfixOperator;
import dev.weir.einsum.syntax.PrefixOperator;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Gives indices their meaning; all names in them are known when it runs. */
final class IndexLowering {

  private static final String FORMS =
      "rank variables, shapes, tensors, scalars, numbers, and + - * / % min max clamp of them";

  private final Scope scope;
  private final Findings findings;

  IndexLowering(Scope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
  }

  /** An access of a tensor whose ranks are known, or of one about which nothing is checked. */
  Access access(Term.Access term) {
    Symbol tensor = scope.tensor(term.tensor().text()).orElseThrow();
    boolean isSwapped = isSwapped(term, tensor);
    if (isSwapped) {
      findings.error(
          term.span(),
          "indices of %s stand in another order (got %s, expected %s)"
              .formatted(tensor.name(), findings.text(term.span()), tensor.shownRead()),
          tensor.shownRead());
    }
    List<Index> indices = new ArrayList<>();
    for (int i = 0; i < term.indices().size(); i++) {
      int position = i;
      Optional<Slot> slot =
          tensor
              .ranks()
              .filter(_ -> !isSwapped)
              .map(ranks -> new Slot(tensor, position, ranks.get(position)));
      indices.add(index(term.indices().get(i), slot));
    }
    return new Access(new TensorName(tensor.name()), indices);
  }

  /** Whether all its rank variables are there, not each at its place. */
  private static boolean isSwapped(Term.Access term, Symbol tensor) {
    List<String> got = term.indices().stream().map(i -> Terms.word(i).orElse("")).toList();
    List<String> expected =
        tensor.ranks().stream().flatMap(List::stream).map(RankName::variable).toList();
    return !got.equals(expected)
        && got.stream().sorted().toList().equals(expected.stream().sorted().toList());
  }

  /** A tensor without ranks. */
  static Access access(Symbol tensor) {
    return new Access(new TensorName(tensor.name()), List.of());
  }

  /** The index that stands in a slot, or anywhere. */
  Index index(Term term, Optional<Slot> slot) {
    Index index = index(term, slot.map(Slot::isGeneration).orElse(false));
    slot.ifPresent(place -> checkRank(term, index, place));
    return index;
  }

  /** The index inside {@code position(...)}: {@code m1+1} is a generation if M1 is iterative. */
  Index position(Term term) {
    boolean generation =
        Terms.successorOf(term)
            .flatMap(name -> scope.rankOfVariable(name.text()))
            .filter(scope.iterativeRanks()::contains)
            .isPresent();
    return index(term, generation);
  }

  /**
   * The index that a term is anywhere.
   *
   * @param generation whether {@code m1+1} means the next generation
   */
  Index index(Term term, boolean generation) {
    return recognise(term, generation).orElseGet(() -> computed(term));
  }

  private Index computed(Term term) {
    refuseStrayParts(term.ungrouped());
    return quantity(term) instanceof Quantity.OfIndex of
        ? of.index()
        : new Index.Computed(quantity(term));
  }

  /** {@code m1*M1+m0} is legal arithmetic and never meant. */
  private void refuseStrayParts(Term term) {
    if (term instanceof Term.Infix sum
        && sum.operator() == InfixOperator.ADD
        && sum.left() instanceof Term.Infix step
        && step.operator() == InfixOperator.MULTIPLY) {
      Optional<Partition> split = partitionOfPart(step.left());
      if (split.isPresent() && partitionOfPart(sum.right()).isPresent()) {
        String joined = joinedText(split.get().parent());
        throw new Rejection(
            term.span(),
            "puts no coordinate of a partitioned rank together (got %s, expected %s)"
                .formatted(findings.text(term.span()), joined),
            Optional.of(joined));
      }
    }
  }

  private Optional<Partition> partitionOfPart(Term term) {
    return name(term)
        .flatMap(scope::rankOfVariable)
        .flatMap(
            rank ->
                scope.partitions().stream()
                    .filter(split -> split.outer().equals(rank) || split.inner().equals(rank))
                    .findFirst());
  }

  /** A whole number made of coordinates, shapes and tables. */
  Quantity quantity(Term grouped) {
    Term term = grouped.ungrouped();
    if (term instanceof Term.Name name && scope.bareTensor(name.text()).isEmpty()) {
      Optional<Quantity> shape = scope.rankOfShape(name.text()).map(Quantity.OfShape::new);
      if (shape.isPresent()) {
        return shape.get();
      }
    }
    Optional<Index> index = recognise(term, false);
    if (index.isPresent()) {
      return new Quantity.OfIndex(index.get());
    }
    OptionalDouble number = Terms.constant(term);
    if (number.isPresent()) {
      return new Quantity.OfNumber(number.getAsDouble());
    }
    return switch (term) {
      case Term.Name name when scope.scalars().containsKey(name.text()) ->
          new Quantity.OfScalar(new TensorName(name.text()));
      case Term.Infix infix -> combined(infix);
      case Term.Call call -> called(call);
      case Term.Prefix prefix when prefix.operator() == PrefixOperator.NEGATE ->
          new Quantity.Combined(
              Quantity.constant(0), Arithmetic.SUBTRACT, quantity(prefix.operand()));
      case Term.Numeral _, Term.Name _, Term.Access _, Term.Prefix _, Term.Group _ ->
          throw notAnIndex(term);
    };
  }

  private Quantity combined(Term.Infix infix) {
    ConditionLowering.refuseMerge(infix);
    Arithmetic operator =
        Arrays.stream(Arithmetic.values())
            .filter(a -> a.text().equals(infix.operator().text()))
            .findFirst()
            .orElseThrow(() -> notAnIndex(infix));
    Quantity.Combined combined =
        new Quantity.Combined(quantity(infix.left()), operator, quantity(infix.right()));
    refuseZeroDivisor(infix.right(), combined);
    return combined;
  }

  private void refuseZeroDivisor(Term divisor, Quantity.Combined combined) {
    if (!combined.dividesByZero()) {
      return;
    }
    String text = findings.text(divisor.span());
    throw combined.right().ranks().findAny().isEmpty()
        ? new Rejection(
            divisor.span(), "divides by 0 (got %s, expected another number)".formatted(text))
        : new Rejection(
            divisor.span(),
            "divides by 0 at the first coordinates (got %s, expected a divisor that is never 0)"
                .formatted(text),
            Optional.of("max(%s, 1)".formatted(text)));
  }

  private Quantity called(Term.Call call) {
    String function = call.function().text();
    int expected = function.equals(Words.CLAMP) ? 3 : 2;
    if (!Words.INDEX_FUNCTIONS.contains(function)) {
      throw new Rejection(
          call.span(),
          "%s cannot stand in an index or a condition (expected %s)".formatted(function, FORMS));
    }
    if (call.arguments().size() != expected) {
      throw new Rejection(
          call.span(),
          "wrong number of arguments of %s, which takes %s (got %d, expected %d)"
              .formatted(
                  function,
                  expected == 3 ? "a number and two bounds" : "two numbers",
                  call.arguments().size(),
                  expected));
    }
    List<Quantity> arguments = call.arguments().stream().map(this::quantity).toList();
    return switch (function) {
      case Words.MINIMUM -> both(arguments.get(0), Arithmetic.MINIMUM, arguments.get(1));
      case Words.MAXIMUM -> both(arguments.get(0), Arithmetic.MAXIMUM, arguments.get(1));
      default -> clamped(call, arguments);
    };
  }

  /** {@code min(max(index, low), high)}. */
  private static Quantity clamped(Term.Call call, List<Quantity> arguments) {
    OptionalLong low = Terms.integer(call.arguments().get(1));
    OptionalLong high = Terms.integer(call.arguments().get(2));
    if (low.isPresent() && high.isPresent() && low.getAsLong() > high.getAsLong()) {
      throw new Rejection(
          call.span(),
          "bounds of clamp are swapped (got %d to %d)"
              .formatted(low.getAsLong(), high.getAsLong()));
    }
    return Quantity.clamped(arguments.get(0), arguments.get(1), arguments.get(2));
  }

  private static Quantity both(Quantity left, Arithmetic operator, Quantity right) {
    return new Quantity.Combined(left, operator, right);
  }

  /**
   * The index that a term is, if it is one.
   *
   * @param generation whether {@code m1+1} means the next generation
   */
  Optional<Index> recognise(Term grouped, boolean generation) {
    Term term = grouped.ungrouped();
    OptionalLong number = Terms.integer(term);
    if (number.isPresent()) {
      return Optional.of(new Index.Fixed(number.getAsLong()));
    }
    if (generation) {
      Optional<Index> next =
          Terms.successorOf(term)
              .flatMap(name -> scope.rankOfVariable(name.text()))
              .map(Index.Next::new);
      if (next.isPresent()) {
        return next;
      }
    }
    return switch (term) {
      case Term.Numeral _, Term.Group _ -> Optional.empty();
      case Term.Name name -> named(name);
      case Term.Access access -> Optional.of(new Index.Gathered(access(access)));
      case Term.Call _ -> Optional.empty();
      case Term.Infix infix -> headMap(infix).or(() -> LinearForm.of(infix, scope));
      case Term.Prefix prefix -> LinearForm.of(prefix, scope);
    };
  }

  private Optional<Index> named(Term.Name name) {
    Optional<Index> tensor =
        scope.bareTensor(name.text()).map(symbol -> new Index.Gathered(access(symbol)));
    return tensor
        .or(() -> scope.rankOfVariable(name.text()).map(Index.Coordinate::new))
        .or(() -> scope.rankOfShape(name.text()).map(Index.Last::new));
  }

  /** {@code h*Hk/H}. */
  private Optional<Index> headMap(Term.Infix division) {
    boolean shaped =
        division.operator() == InfixOperator.DIVIDE
            && division.merge().isEmpty()
            && division.left() instanceof Term.Infix product
            && product.operator() == InfixOperator.MULTIPLY
            && product.merge().isEmpty();
    if (!shaped) {
      return Optional.empty();
    }
    Term.Infix product = (Term.Infix) division.left();
    Optional<RankName> variable = name(product.left()).flatMap(scope::rankOfVariable);
    Optional<RankName> target = name(product.right()).flatMap(scope::rankOfShape);
    Optional<RankName> divisor = name(division.right()).flatMap(scope::rankOfShape);
    return variable.isPresent() && target.isPresent() && divisor.equals(variable)
        ? Optional.of(new Index.HeadMap(variable.get(), target.get()))
        : Optional.empty();
  }

  private static Optional<String> name(Term term) {
    return term instanceof Term.Name name ? Optional.of(name.text()) : Optional.empty();
  }

  private Rejection notAnIndex(Term term) {
    return new Rejection(
        term.span(),
        "not an index or a number (got '%s', expected %s)"
            .formatted(findings.text(term.span()), FORMS));
  }

  private void checkRank(Term term, Index index, Slot slot) {
    switch (index) {
      case Index.Coordinate c -> expect(term, c.rank(), slot);
      case Index.Next n -> expect(term, n.rank(), slot);
      case Index.Joined j -> expect(term, j.parent(), slot);
      case Index.HeadMap h -> expect(term, h.target(), slot);
      case Index.Last l -> checkLast(term, l.rank(), slot);
      case Index.Fixed f -> {
        if (f.coordinate() < 0) {
          findings.error(
              term.span(),
              "coordinate below 0 at %s (got %d, expected 0 or more)"
                  .formatted(slot.shown(), f.coordinate()));
        }
        warnBeyondDefault(term, f.coordinate(), slot);
      }
      case Index.Computed c -> checkInside(term, c.quantity(), slot);
      // These may run over any rank: windows, halos, tables.
      case Index.Affine _, Index.Gathered _ -> {}
    }
  }

  /** How far the last coordinate that exists lies before the shape of its rank. */
  private static int lastBeforeShape(Slot slot) {
    return slot.isGeneration() ? 0 : 1;
  }

  private void warnBeyondDefault(Term term, long coordinate, Slot slot) {
    Long shape = scope.defaultShapes().get(slot.rank());
    if (shape != null && coordinate > shape - lastBeforeShape(slot)) {
      findings.warning(
          term.span(),
          "nothing is read there unless a workload makes %s larger (got coordinate %d, expected 0"
                  .formatted(slot.rank(), coordinate)
              + " to %d at %s)".formatted(shape - lastBeforeShape(slot), slot.shown()),
          Long.toString(shape - lastBeforeShape(slot)));
    }
  }

  /** A shape and a number: {@code T+1} lies outside at any shape. */
  private void checkInside(Term term, Quantity quantity, Slot slot) {
    boolean isBeyond =
        quantity instanceof Quantity.Combined sum
            && sum.operator() == Arithmetic.ADD
            && sum.left().equals(new Quantity.OfShape(slot.rank()))
            && sum.right() instanceof Quantity.OfIndex of
            && of.index() instanceof Index.Fixed fixed
            && fixed.coordinate() > -lastBeforeShape(slot);
    if (isBeyond) {
      String last = slot.isGeneration() ? slot.rank().text() : slot.rank() + "-1";
      findings.error(
          term.span(),
          "coordinate outside %s at any shape (got '%s', expected %s at most)"
              .formatted(slot.shown(), findings.text(term.span()), last),
          last);
    }
  }

  private void expect(Term term, RankName got, Slot slot) {
    if (!got.equals(slot.rank())) {
      findings.error(
          term.span(),
          "index runs over another rank than %s (got %s of rank %s, expected %s)"
              .formatted(slot.shown(), findings.text(term.span()), got, expectedIndex(slot.rank())),
          fixFor(got, slot));
    }
  }

  /** What is wrong is the index, or a rank where the tensor gets its ranks, or nothing. */
  private String fixFor(RankName got, Slot slot) {
    RankName expected = slot.rank();
    boolean partOfIt =
        scope
            .partitionOf(expected)
            .filter(split -> split.outer().equals(got) || split.inner().equals(got))
            .isPresent();
    return partOfIt
        ? joinedText(expected)
        : "%s, or %s in line %d where %s gets its ranks, or 1*%s to read rank %s at coordinate %s on purpose"
            .formatted(
                expected.variable(),
                slot.tensor().input() ? got : got.variable(),
                findings.line(slot.tensor().span()),
                slot.tensor().name(),
                got.variable(),
                expected,
                got.variable());
  }

  private String expectedIndex(RankName rank) {
    return scope.partitionOf(rank).isPresent()
        ? rank.variable() + " or " + joinedText(rank)
        : rank.variable();
  }

  private String joinedText(RankName parent) {
    return scope
        .partitionOf(parent)
        .map(s -> s.outer().variable() + "*" + s.inner() + "+" + s.inner().variable())
        .orElse(parent.variable());
  }

  private void checkLast(Term term, RankName rank, Slot slot) {
    if (!slot.isGeneration()) {
      findings.error(
          term.span(),
          "%s is one past the last coordinate, and %s keeps no generations along %s (got %s,"
                  .formatted(rank, slot.tensor().name(), slot.rank(), rank)
              + " expected %s)".formatted(slot.rank().variable()),
          slot.rank().variable());
    } else {
      expect(term, rank, slot);
    }
  }
}
