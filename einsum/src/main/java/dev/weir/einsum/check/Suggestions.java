package dev.weir.einsum.check;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds what a wrong name was meant to be. Names are so short that spelling alone rarely decides:
 * which indices stand there, what is produced by then and what is used nowhere else do.
 */
final class Suggestions {

  private final Scope scope;
  private final Findings findings;

  Suggestions(Scope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
  }

  /** For an access of an unknown tensor. */
  Optional<String> tensor(Term.Access written, Assignment at) {
    Predicate<Symbol> fits = symbol -> fits(symbol, written.indices());
    Predicate<Symbol> free =
        symbol ->
            Terms.of(at)
                .filter(Term.Access.class::isInstance)
                .map(Term.Access.class::cast)
                .noneMatch(
                    other ->
                        !other.equals(written)
                            && other.tensor().text().equals(symbol.name())
                            && sameText(other, written));
    Predicate<Symbol> there = symbol -> isThere(symbol, written, at);
    Predicate<Symbol> unread =
        symbol -> !scope.isRead(symbol.name()) && !scope.outputs().containsKey(symbol.name());
    Predicate<Symbol> near =
        symbol -> Scope.reads(at, symbol.name()) || at.tensor().text().equals(symbol.name());
    List<Predicate<Symbol>> ladder =
        List.of(
            fits.and(free).and(there).and(unread),
            fits.and(free).and(there).and(near),
            fits.and(free).and(there),
            fits);
    return ladder.stream()
        .flatMap(rung -> nearestSymbol(written.tensor().text(), rung, at).stream())
        .findFirst()
        .or(
            () ->
                Spelling.nearest(written.tensor().text(), scope.tensors().keySet())
                    .flatMap(scope::tensor))
        .map(symbol -> explained(symbol, written.tensor().text(), unread, at));
  }

  /** Of several near names the one that is read least is missing most. */
  private Optional<Symbol> nearestSymbol(String written, Predicate<Symbol> rung, Assignment at) {
    Map<Long, List<String>> byReaders =
        scope.tensors().values().stream()
            .filter(symbol -> Spelling.nearestInPlace(written, List.of(symbol.name())).isPresent())
            .filter(rung)
            .map(Symbol::name)
            .collect(Collectors.groupingBy(name -> readers(name, at)));
    return byReaders.keySet().stream()
        .min(Comparator.naturalOrder())
        .flatMap(fewest -> Spelling.nearestInPlace(written, byReaders.get(fewest)))
        .flatMap(scope::tensor);
  }

  private long readers(String tensor, Assignment except) {
    return scope.assignments().stream()
        .filter(assignment -> !assignment.equals(except) && Scope.reads(assignment, tensor))
        .count();
  }

  /** The wrong spelling may be where the tensor is made, when nothing else reads it. */
  private String explained(Symbol symbol, String written, Predicate<Symbol> unread, Assignment at) {
    return unread.test(symbol) && !symbol.name().equals(at.tensor().text())
        ? "%s, or %s in line %d where %s is declared or produced"
            .formatted(symbol.name(), written, findings.line(symbol.span()), symbol.name())
        : symbol.name();
  }

  private boolean sameText(Term.Access one, Term.Access other) {
    return texts(one.indices()).equals(texts(other.indices()));
  }

  private List<String> texts(List<Term> terms) {
    return terms.stream().map(term -> findings.text(term.span())).toList();
  }

  private boolean isThere(Symbol symbol, Term.Access written, Assignment at) {
    if (symbol.input() || symbol.span().start() < at.span().start()) {
      boolean sameStep =
          symbol.generations().isPresent()
              && written.indices().stream().anyMatch(i -> Terms.successorOf(i).isPresent());
      return !sameStep || mainIsAbove(symbol, at);
    }
    return symbol.name().equals(at.tensor().text()) && symbol.generations().isPresent();
  }

  private boolean mainIsAbove(Symbol symbol, Assignment at) {
    return scope.assignments().stream()
        .filter(a -> a.tensor().text().equals(symbol.name()))
        .filter(a -> a.indices().stream().anyMatch(i -> Terms.successorOf(i).isPresent()))
        .anyMatch(a -> a.span().start() < at.span().start());
  }

  private boolean fits(Symbol symbol, List<Term> indices) {
    List<RankName> ranks = symbol.ranks().orElse(List.of());
    if (ranks.size() != indices.size()) {
      return false;
    }
    for (int i = 0; i < ranks.size(); i++) {
      if (!fits(ranks.get(i), indices.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean fits(RankName rank, Term index) {
    Set<String> names = new HashSet<>(Terms.names(index).toList());
    boolean fixedOrTable =
        names.isEmpty() || index.all().anyMatch(term -> term instanceof Term.Access);
    return fixedOrTable || ownNames(rank).anyMatch(names::contains);
  }

  private Stream<String> ownNames(RankName rank) {
    Stream<RankName> parts =
        scope
            .partitionOf(rank)
            .map(split -> Stream.of(split.inner(), split.outer()))
            .orElse(Stream.empty());
    return Stream.concat(Stream.of(rank), parts)
        .flatMap(name -> Stream.of(name.variable(), name.text()));
  }

  /**
   * For an unknown name inside an index or condition.
   *
   * @param slot where it stands, when that is inside a tensor's brackets
   * @param index the whole index that it is part of, when that is known
   */
  Optional<String> variable(
      Term.Name written, Optional<Slot> slot, Optional<Term> index, Assignment at) {
    boolean alone = index.filter(term -> term.ungrouped().equals(written)).isPresent();
    boolean lower =
        Character.isLowerCase(written.text().charAt(0))
            || (alone && !slot.map(Slot::isGeneration).orElse(true));
    Set<String> beside = new HashSet<>(index.stream().flatMap(Terms::names).toList());
    List<String> bySlot =
        slot.map(place -> alone ? names(place.rank()) : ownNames(place.rank()).toList())
            .orElse(List.of());
    List<String> variables = Stream.concat(unusedVariables().stream(), bySlot.stream()).toList();
    Predicate<String> likely =
        name -> Character.isLowerCase(name.charAt(0)) == lower && !beside.contains(name);
    List<String> inner = scope.partitions().stream().map(split -> split.inner().text()).toList();
    List<String> all =
        Stream.concat(
                scope.ranks().keySet().stream().flatMap(rank -> names(rank).stream()),
                scope.scalars().keySet().stream())
            .toList();
    List<List<String>> rungs =
        Stream.of(unusedVariables(), variables, inner, variablesIn(at))
            .map(rung -> rung.stream().filter(likely).toList())
            .toList();
    return nearest(written.text(), rungs)
        .or(() -> Spelling.nearest(written.text(), all.stream().filter(likely).toList()))
        .or(() -> Spelling.nearest(written.text(), all));
  }

  private static List<String> names(RankName rank) {
    return List.of(rank.variable(), rank.text());
  }

  private List<String> unusedVariables() {
    Set<String> used = new HashSet<>();
    for (Assignment assignment : scope.assignments()) {
      used.addAll(variablesIn(assignment));
      assignment.indices().stream().flatMap(Terms::names).forEach(used::add);
    }
    return scope.ranks().keySet().stream()
        .filter(rank -> scope.partitionOf(rank).isEmpty())
        .map(RankName::variable)
        .filter(variable -> !used.contains(variable))
        .toList();
  }

  private List<String> variablesIn(Assignment assignment) {
    return Terms.of(assignment)
        .flatMap(Terms::names)
        .filter(name -> scope.rankOfVariable(name).isPresent())
        .distinct()
        .toList();
  }

  /** For an unknown rank variable on the left: what stands there where the tensor is read. */
  Optional<String> leftVariable(Term.Name written, int position, Assignment at) {
    List<String> inUse =
        scope.assignments().stream()
            .flatMap(
                assignment ->
                    Stream.concat(
                        Terms.of(assignment),
                        assignment.equals(at) ? Stream.empty() : Stream.of(assignment.left())))
            .filter(Term.Access.class::isInstance)
            .map(Term.Access.class::cast)
            .filter(access -> access.tensor().text().equals(at.tensor().text()))
            .filter(access -> access.indices().size() == at.indices().size())
            .flatMap(access -> Terms.names(access.indices().get(position)))
            .flatMap(name -> scope.rankOfVariable(name).or(() -> scope.rankOfShape(name)).stream())
            .map(RankName::variable)
            .distinct()
            .toList();
    Set<String> onTheLeft = new HashSet<>(at.indices().stream().flatMap(Terms::names).toList());
    List<String> missing =
        variablesIn(at).stream().filter(variable -> !onTheLeft.contains(variable)).toList();
    return nearest(written.text(), List.of(unusedVariables(), inUse, missing))
        .or(() -> variable(written, Optional.empty(), Optional.empty(), at));
  }

  /** For an unknown name that stands for a value. */
  Optional<String> value(Term.Name written, Assignment at) {
    List<String> plain =
        scope.tensors().values().stream().filter(Symbol::hasNoRanks).map(Symbol::name).toList();
    return nearest(written.text(), List.of(List.copyOf(scope.scalars().keySet()), plain))
        .or(() -> variable(written, Optional.empty(), Optional.empty(), at))
        .or(() -> Spelling.nearest(written.text(), scope.tensors().keySet()));
  }

  private static Optional<String> nearest(
      String written, List<? extends Collection<String>> ladder) {
    return ladder.stream()
        .flatMap(known -> Spelling.nearestInPlace(written, known).stream())
        .findFirst();
  }
}
