package dev.weir.einsum.check;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.syntax.InfixOperator;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Gives indices their meaning; all names in them are known when it runs. */
final class IndexLowering {

  private static final String FORMS =
      "a rank variable, m1*M0+m0, a sum such as 2*p+w-3, h*Hk/H, clamp(i,low,high),"
          + " a table entry such as J[p,t], or a whole number";

  private final Scope scope;
  private final Findings findings;

  IndexLowering(Scope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
  }

  /** An access of a tensor whose ranks are known, or of one about which nothing is checked. */
  Access access(Term.Access term) {
    Symbol tensor = scope.tensor(term.tensor().text()).orElseThrow();
    List<Index> indices = new ArrayList<>();
    for (int i = 0; i < term.indices().size(); i++) {
      int position = i;
      Optional<Slot> slot =
          tensor.ranks().map(ranks -> new Slot(tensor, position, ranks.get(position)));
      indices.add(index(term.indices().get(i), slot));
    }
    return new Access(new TensorName(tensor.name()), indices);
  }

  /** A tensor without ranks. */
  static Access access(Symbol tensor) {
    return new Access(new TensorName(tensor.name()), List.of());
  }

  /** The index that stands in a slot, or anywhere. */
  Index index(Term term, Optional<Slot> slot) {
    Index index =
        recognise(term, slot.map(Slot::isGeneration).orElse(false))
            .orElseThrow(() -> notAnIndex(term));
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
    return recognise(term, generation).orElseThrow(() -> notAnIndex(term));
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
      case Term.Call call -> Optional.of(clamped(call));
      case Term.Infix infix -> headMap(infix).or(() -> LinearForm.of(infix, scope));
      case Term.Prefix prefix -> LinearForm.of(prefix, scope);
    };
  }

  private Optional<Index> named(Term.Name name) {
    Optional<Index> tensor =
        scope.tensor(name.text()).map(symbol -> new Index.Gathered(access(symbol)));
    return tensor
        .or(() -> scope.rankOfVariable(name.text()).map(Index.Coordinate::new))
        .or(() -> scope.rankOfShape(name.text()).map(Index.Last::new));
  }

  private Index clamped(Term.Call call) {
    if (!call.function().text().equals(Words.CLAMP)) {
      throw new Rejection(
          call.span(),
          "%s gives a value, not a coordinate (expected %s)"
              .formatted(call.function().text(), FORMS));
    }
    if (call.arguments().size() != 3) {
      throw new Rejection(
          call.span(),
          "clamp takes an index and two bounds (got %d arguments, expected 3)"
              .formatted(call.arguments().size()));
    }
    Term inner = call.arguments().get(0);
    long low = bound(call.arguments().get(1));
    long high = bound(call.arguments().get(2));
    if (low > high) {
      throw new Rejection(
          call.span(), "bounds of clamp are swapped (got %d to %d)".formatted(low, high));
    }
    Index index = recognise(inner, false).orElseThrow(() -> notAnIndex(inner));
    return new Index.Clamped(index, low, high);
  }

  private long bound(Term term) {
    return Terms.integer(term)
        .orElseThrow(
            () ->
                new Rejection(
                    term.span(),
                    "a bound of clamp is a whole number (got '%s')"
                        .formatted(findings.text(term.span()))));
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
        "not an index (got '%s', expected %s)".formatted(findings.text(term.span()), FORMS));
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
      }
      // These may run over any rank: windows, halos, tables.
      case Index.Affine _, Index.Clamped _, Index.Gathered _ -> {}
    }
  }

  private void expect(Term term, RankName got, Slot slot) {
    if (!got.equals(slot.rank())) {
      findings.error(
          term.span(),
          "index runs over another rank than %s (got %s of rank %s, expected %s)"
              .formatted(slot.shown(), findings.text(term.span()), got, expectedIndex(slot.rank())),
          fixFor(got, slot.rank()));
    }
  }

  private String fixFor(RankName got, RankName expected) {
    boolean partOfIt =
        scope
            .partitionOf(expected)
            .filter(split -> split.outer().equals(got) || split.inner().equals(got))
            .isPresent();
    return partOfIt
        ? joinedText(expected)
        : "%s, or 1*%s to read rank %s at coordinate %s on purpose"
            .formatted(expected.variable(), got.variable(), expected, got.variable());
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
