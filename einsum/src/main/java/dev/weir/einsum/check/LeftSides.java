package dev.weir.einsum.check;

import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads left sides: the ranks of what is produced, which rank it iterates along, and whether it is
 * produced as often as it must be.
 */
final class LeftSides {

  private static final String FORMS = "a rank variable, m1*M0+m0, m1+1, or 0 for generation 0";

  private final Scope scope;
  private final Findings findings;
  private final Map<String, List<Assignment>> byTensor;
  private final Map<Term, Optional<Index>> read = new HashMap<>();

  LeftSides(Scope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
    this.byTensor =
        scope.assignments().stream().collect(Collectors.groupingBy(a -> a.tensor().text()));
  }

  /** What the Einsums that produce this tensor say about it. */
  Symbol symbol(String name) {
    List<Assignment> all = byTensor.get(name);
    Assignment first = all.getFirst();
    boolean readable = all.stream().map(this::isReadable).reduce(true, Boolean::logicalAnd);
    Optional<Assignment> initial = all.stream().filter(this::isInitial).findFirst();
    Optional<Assignment> main = all.stream().filter(a -> !isInitial(a)).findFirst();
    if (readable) {
      checkSingle(name, all, initial, main);
    } else {
      findings.excuse(name);
    }
    Optional<RankName> generations =
        main.stream().flatMap(a -> indices(a).stream()).flatMap(LeftSides::next).findFirst();
    Optional<List<RankName>> ranks = readable ? main.flatMap(this::ranks) : Optional.empty();
    if (readable && initial.isPresent() && ranks.isPresent() && generations.isPresent()) {
      checkInitial(initial.get(), ranks.get(), generations.get());
    }
    return new Symbol(name, first.tensor().span(), false, ranks, generations);
  }

  private void checkSingle(
      String name, List<Assignment> all, Optional<Assignment> initial, Optional<Assignment> main) {
    Optional<BackwardIteration> backward =
        all.stream().flatMap(a -> BackwardIteration.of(a).stream()).findFirst();
    if (backward.isPresent()) {
      backward.get().report(findings, initial.isPresent());
      findings.excuse(name);
      return;
    }
    boolean iterates = initial.isPresent() && main.filter(this::advances).isPresent();
    if (all.size() > (iterates ? 2 : 1)) {
      Assignment second =
          all.stream()
              .filter(a -> !iterates || (!a.equals(initial.get()) && !a.equals(main.get())))
              .skip(iterates ? 0 : 1)
              .findFirst()
              .orElseThrow();
      findings.error(
          second.left().span(),
          "%s is assigned twice (got a second Einsum, expected the one in line %d only)"
              .formatted(name, findings.line(all.getFirst().span())));
      return;
    }
    if (main.isEmpty()) {
      findings.error(
          initial.orElseThrow().left().span(),
          "%s has an initial generation, but no Einsum makes the next one (got %s only, expected"
                  .formatted(name, findings.text(initial.orElseThrow().left().span()))
              + " one more with m1+1 or the like on its left)",
          nearest(name, a -> indices(a).stream().anyMatch(i -> next(i).findAny().isPresent())));
      findings.excuse(name);
    } else if (initial.isEmpty() && advances(main.get())) {
      missingInitial(name, main.get());
    }
  }

  private void missingInitial(String name, Assignment main) {
    List<String> indices = new ArrayList<>();
    for (Term index : main.indices()) {
      boolean generation = recognise(index).flatMap(i -> next(i).findFirst()).isPresent();
      indices.add(generation ? "0" : findings.text(index.span()));
    }
    String value = DefaultEmpty.of(main) == Double.NEGATIVE_INFINITY ? "-inf" : "0";
    String fix =
        nearest(name, this::isInitial)
            .orElse(name + "[" + String.join(",", indices) + "] = " + value + ", above it");
    findings.error(
        main.left().span(),
        "%s has no initial generation (got %s, expected an Einsum for generation 0 above it)"
            .formatted(name, findings.text(main.left().span())),
        fix);
  }

  /** Another tensor of a similar name that has what this one lacks: probably the same one. */
  private Optional<String> nearest(String name, Predicate<Assignment> has) {
    Map<String, List<Assignment>> others =
        scope.assignments().stream()
            .filter(a -> !a.tensor().text().equals(name))
            .collect(Collectors.groupingBy(a -> a.tensor().text()));
    List<String> candidates =
        others.entrySet().stream()
            .filter(entry -> entry.getValue().size() == 1)
            .filter(entry -> has.test(entry.getValue().getFirst()))
            .map(Map.Entry::getKey)
            .toList();
    return Spelling.nearest(name, candidates);
  }

  private boolean advances(Assignment assignment) {
    return indices(assignment).stream().anyMatch(index -> next(index).findAny().isPresent());
  }

  private static Stream<RankName> next(Index index) {
    return index instanceof Index.Next n ? Stream.of(n.rank()) : Stream.empty();
  }

  /** A fixed coordinate on the left makes an initial Einsum. */
  private boolean isInitial(Assignment assignment) {
    return assignment.indices().stream().anyMatch(term -> Terms.integer(term).isPresent());
  }

  private List<Index> indices(Assignment assignment) {
    return assignment.indices().stream().flatMap(term -> recognise(term).stream()).toList();
  }

  /** Tables and functions never stand on the left, and their names are not checked yet. */
  private Optional<Index> recognise(Term term) {
    boolean possible =
        term.all().noneMatch(part -> part instanceof Term.Access || part instanceof Term.Call);
    return possible
        ? read.computeIfAbsent(term, t -> new IndexLowering(scope, findings).recognise(t, true))
        : Optional.empty();
  }

  /** Reports every index that cannot stand on the left. */
  private boolean isReadable(Assignment assignment) {
    int before = findings.errors();
    boolean named = true;
    for (Term term : assignment.indices()) {
      named &= Terms.names(term).allMatch(name -> isRankName(name));
    }
    if (!named) {
      // The check of names says which one is unknown, but for names that mean a tensor.
      assignment.indices().forEach(this::refuseTensors);
      return false;
    }
    Set<RankName> seen = new HashSet<>();
    int generations = 0;
    for (Term term : assignment.indices()) {
      Optional<Index> index = allowed(term);
      if (index.isEmpty()) {
        findings.error(
            term.span(),
            "cannot write at such an index (got '%s', expected %s)"
                .formatted(findings.text(term.span()), FORMS),
            Terms.word(term).flatMap(scope::rankOfShape).map(RankName::variable));
        continue;
      }
      if (index.get() instanceof Index.Next || index.get() instanceof Index.Fixed) {
        generations++;
      }
      if (!index.get().ranks().allMatch(seen::add)) {
        findings.error(
            term.span(),
            "rank variable stands twice on the left (got '%s' again, expected each once)"
                .formatted(findings.text(term.span())));
      }
    }
    if (generations > 1) {
      findings.error(
          assignment.left().span(),
          "a tensor iterates along one rank (got %d generations in %s, expected one)"
              .formatted(generations, findings.text(assignment.left().span())));
    }
    return findings.errors() == before;
  }

  private void refuseTensors(Term index) {
    index
        .all()
        .filter(Term.Name.class::isInstance)
        .map(Term.Name.class::cast)
        .filter(name -> byTensor.containsKey(name.text()) && !isRankName(name.text()))
        .forEach(
            name -> {
              findings.error(
                  name.span(),
                  "a tensor is no rank variable (got %s, expected %s)"
                      .formatted(name.text(), FORMS));
              findings.excuse(name.text());
            });
  }

  private boolean isRankName(String name) {
    return scope.rankOfVariable(name).isPresent() || scope.rankOfShape(name).isPresent();
  }

  private Optional<Index> allowed(Term term) {
    Optional<Index> index = recognise(term);
    return index.filter(
        i ->
            switch (i) {
              case Index.Coordinate _, Index.Joined _, Index.Next _ -> true;
              case Index.Fixed fixed -> fixed.coordinate() == 0;
              case Index.Last _,
                  Index.Affine _,
                  Index.HeadMap _,
                  Index.Computed _,
                  Index.Gathered _ ->
                  false;
            });
  }

  private Optional<List<RankName>> ranks(Assignment assignment) {
    List<RankName> ranks = new ArrayList<>();
    for (Index index : indices(assignment)) {
      switch (index) {
        case Index.Coordinate c -> ranks.add(c.rank());
        case Index.Next n -> ranks.add(n.rank());
        case Index.Joined j -> ranks.add(j.parent());
        case Index.Last _,
            Index.Fixed _,
            Index.Affine _,
            Index.HeadMap _,
            Index.Computed _,
            Index.Gathered _ -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(List.copyOf(ranks));
  }

  private void checkInitial(Assignment initial, List<RankName> ranks, RankName generations) {
    List<String> expected =
        ranks.stream().map(r -> r.equals(generations) ? "0" : r.variable()).toList();
    List<String> got =
        initial.indices().stream().map(term -> Terms.word(term).orElse("?")).toList();
    if (!got.equals(expected)) {
      String whole = initial.tensor().text() + "[" + String.join(",", expected) + "]";
      findings.error(
          initial.left().span(),
          "initial generation does not fit the Einsum that iterates (got %s, expected %s)"
              .formatted(findings.text(initial.left().span()), whole),
          whole);
    }
  }
}
