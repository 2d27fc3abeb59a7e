package dev.weir.einsum.check;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether everything is produced before it is read. Neighbouring Einsums over the same iterative
 * rank advance together, one generation at a time; all others run to completion in turn.
 */
final class OrderCheck {

  /**
   * An Einsum and what drives it.
   *
   * @param iterated the iterative rank that it advances along
   * @param group equal for Einsums that advance together
   */
  private record Step(
      Assignment assignment, Einsum einsum, int place, Optional<RankName> iterated, int group) {}

  /** One read. */
  private record Reading(Symbol tensor, List<Term> indices, Span span) {}

  private final Scope scope;
  private final Findings findings;
  private final IndexLowering indices;
  private final Set<RankName> iterativeRanks;
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, List<Step>> producers = new HashMap<>();

  private OrderCheck(Scope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
    this.indices = new IndexLowering(scope, findings);
    this.iterativeRanks = scope.iterativeRanks();
  }

  /** Checks all Einsums; there is one for each assignment, in its order. */
  static void check(Scope scope, Findings findings, List<Einsum> einsums) {
    OrderCheck check = new OrderCheck(scope, findings);
    check.collect(einsums);
    for (Step step : check.steps) {
      check.checkIteration(step);
      check.readings(step.assignment()).forEach(reading -> check.checkReading(step, reading));
    }
  }

  private void collect(List<Einsum> einsums) {
    Optional<RankName> before = Optional.empty();
    int group = 0;
    for (int i = 0; i < einsums.size(); i++) {
      Optional<RankName> iterated =
          einsums.get(i).iterationSpace().stream().filter(iterativeRanks::contains).findFirst();
      if (iterated.isEmpty() || !iterated.equals(before)) {
        group++;
      }
      before = iterated;
      Assignment assignment = scope.assignments().get(i);
      Step step = new Step(assignment, einsums.get(i), i, iterated, group);
      steps.add(step);
      producers.computeIfAbsent(assignment.tensor().text(), _ -> new ArrayList<>()).add(step);
    }
  }

  private void checkIteration(Step step) {
    List<RankName> iterative =
        step.einsum().iterationSpace().stream().filter(iterativeRanks::contains).toList();
    if (iterative.size() > 1) {
      findings.error(
          step.assignment().span(),
          "an Einsum advances along one iterative rank (got %s, expected one of them)"
              .formatted(names(iterative)));
    }
    for (RankName reduced : step.einsum().reducedRanks()) {
      if (iterativeRanks.contains(reduced)) {
        findings.error(
            step.assignment().span(),
            "an iterative rank cannot be reduced (got %s, expected a running value that is read at"
                    .formatted(reduced.variable())
                + " its last generation %s)".formatted(reduced));
      }
    }
  }

  private static String names(List<RankName> ranks) {
    return ranks.stream().map(RankName::variable).collect(Collectors.joining(", "));
  }

  private List<Reading> readings(Assignment assignment) {
    List<Reading> readings = new ArrayList<>();
    Terms.of(assignment)
        .forEach(
            term -> {
              switch (term) {
                case Term.Access access ->
                    scope
                        .tensor(access.tensor().text())
                        .map(t -> new Reading(t, access.indices(), access.span()))
                        .ifPresent(readings::add);
                case Term.Name name ->
                    scope
                        .tensor(name.text())
                        .filter(Symbol::hasNoRanks)
                        .map(t -> new Reading(t, List.of(), name.span()))
                        .ifPresent(readings::add);
                case Term.Numeral _, Term.Call _, Term.Prefix _, Term.Infix _, Term.Group _ -> {}
              }
            });
    return readings;
  }

  private void checkReading(Step reader, Reading reading) {
    if (reading.tensor().input()) {
      return;
    }
    Step producer = producer(reading.tensor().name(), false);
    Optional<RankName> generations = reading.tensor().generations();
    if (generations.isPresent()) {
      checkGeneration(reader, reading, producer, generations.get());
    } else if (producer.place() >= reader.place()) {
      notYet(reader, reading, producer);
    } else if (producer.group() == reader.group()) {
      checkSameStep(reader, reading);
    }
  }

  private Step producer(String tensor, boolean initial) {
    return producers.get(tensor).stream()
        .filter(step -> step.einsum().isInitial() == initial)
        .findFirst()
        .orElseThrow();
  }

  private void checkGeneration(Step reader, Reading reading, Step main, RankName generations) {
    String name = reading.tensor().name();
    Step initial = producer(name, true);
    int at = reading.tensor().ranks().orElseThrow().indexOf(generations);
    Index index = indices.index(reading.indices().get(at), true);
    boolean together = main.group() == reader.group();
    boolean readable =
        switch (index) {
          case Index.Fixed fixed when fixed.coordinate() == 0 -> true;
          case Index.Coordinate _ -> main.place() < reader.place() || together;
          case Index.Next _ -> main.place() < reader.place();
          case Index.Last _,
              Index.Fixed _,
              Index.Affine _,
              Index.Joined _,
              Index.HeadMap _,
              Index.Computed _,
              Index.Gathered _ ->
              main.place() < reader.place() && !together;
        };
    if (initial.place() >= reader.place()) {
      findings.error(
          reading.span(),
          "read before its initial generation exists (got %s, expected %s in line %d above this"
                  .formatted(
                      findings.text(reading.span()),
                      findings.text(initial.assignment().left().span()),
                      line(initial))
              + " line)");
    } else if (!readable && main.place() > reader.place() && index instanceof Index.Coordinate) {
      interrupted(reader, reading, main);
    } else if (!readable && together && main.place() < reader.place()) {
      findings.error(
          reading.span(),
          "this generation is known only when the iteration along %s is over (got %s, expected %s"
                  .formatted(
                      generations.variable(), findings.text(reading.span()), generations.variable())
              + " or %s+1 inside it)".formatted(generations.variable()));
    } else if (!readable) {
      notYet(reader, reading, main);
    }
  }

  /** Two Einsums that should advance together have another between them. */
  private void interrupted(Step reader, Reading reading, Step main) {
    Optional<Step> between =
        steps.stream()
            .filter(step -> step.place() > reader.place() && step.place() < main.place())
            .filter(step -> !step.iterated().equals(main.iterated()))
            .findFirst();
    String stranger =
        between
            .map(
                step ->
                    "%s in line %d between them"
                        .formatted(step.assignment().tensor().text(), line(step)))
            .orElse("a reader along another rank");
    findings.error(
        reading.span(),
        "%s and %s cannot advance together (got %s, expected Einsums over %s side by side)"
            .formatted(
                reader.assignment().tensor().text(),
                reading.tensor().name(),
                stranger,
                main.iterated().map(RankName::variable).orElse("one rank")));
  }

  private void notYet(Step reader, Reading reading, Step producer) {
    String name = reading.tensor().name();
    String own = reader.assignment().tensor().text();
    Optional<List<String>> circle = path(name, own, new HashSet<>());
    if (circle.isPresent()) {
      List<String> names = new ArrayList<>(circle.get());
      names.addFirst(own);
      findings.error(
          reading.span(),
          "cyclic definition (got %s, expected a generational rank or an order)"
              .formatted(String.join(" from ", names)));
    } else {
      findings.error(
          reading.span(),
          "read before it is produced (got %s, which line %d produces; expected that above line %d)"
              .formatted(findings.text(reading.span()), line(producer), line(reader)),
          "move line %d above line %d".formatted(line(producer), line(reader)));
    }
  }

  /** Tensors from one to another along what is read at the same step. */
  private Optional<List<String>> path(String from, String to, Set<String> seen) {
    if (from.equals(to)) {
      return Optional.of(List.of(from));
    }
    if (!seen.add(from)) {
      return Optional.empty();
    }
    Step producer = producer(from, false);
    for (Reading reading : readings(producer.assignment())) {
      if (reading.tensor().input() || readsEarlierGeneration(reading)) {
        continue;
      }
      Optional<List<String>> rest = path(reading.tensor().name(), to, seen);
      if (rest.isPresent()) {
        List<String> whole = new ArrayList<>(rest.get());
        whole.addFirst(from);
        return Optional.of(whole);
      }
    }
    return Optional.empty();
  }

  private boolean readsEarlierGeneration(Reading reading) {
    Optional<RankName> generations = reading.tensor().generations();
    if (generations.isEmpty()) {
      return false;
    }
    int at = reading.tensor().ranks().orElseThrow().indexOf(generations.get());
    Index index = indices.index(reading.indices().get(at), true);
    return index instanceof Index.Coordinate || index instanceof Index.Fixed;
  }

  /** While an iteration runs, what it produces exists up to the current coordinate. */
  private void checkSameStep(Step reader, Reading reading) {
    RankName iterated = reader.iterated().orElseThrow();
    int at = reading.tensor().ranks().orElseThrow().indexOf(iterated);
    boolean current =
        at >= 0
            && indices
                .recognise(reading.indices().get(at), false)
                .filter(new Index.Coordinate(iterated)::equals)
                .isPresent();
    if (at >= 0 && !current) {
      Term index = reading.indices().get(at);
      findings.error(
          index.span(),
          "%s is produced one %s at a time here (got %s, expected %s)"
              .formatted(
                  reading.tensor().name(),
                  iterated.variable(),
                  findings.text(index.span()),
                  iterated.variable()),
          iterated.variable());
    }
  }

  private int line(Step step) {
    return findings.line(step.assignment().span());
  }
}
