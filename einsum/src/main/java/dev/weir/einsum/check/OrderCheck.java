package dev.weir.einsum.check;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.GenerationLoop;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.Statement;
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
   * @param loops along which it advances, outermost first; Einsums that advance together share them
   */
  private record Step(Assignment assignment, Einsum einsum, int place, List<GenerationLoop> loops) {

    Optional<GenerationLoop> loop(RankName rank) {
      return loops.stream().filter(loop -> loop.rank().equals(rank)).findFirst();
    }

    boolean advancesWith(Step other, RankName rank) {
      return loop(rank).isPresent() && loop(rank).equals(other.loop(rank));
    }
  }

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
  static void check(Scope scope, Findings findings, List<Einsum> einsums, List<Stop> stops) {
    OrderCheck check = new OrderCheck(scope, findings);
    check.collect(einsums);
    for (int i = 0; i < stops.size(); i++) {
      check.checkStop(stops.get(i), scope.stops().get(i), einsums);
    }
    for (Step step : check.steps) {
      if (!check.iterativeRanks.isEmpty()) {
        check.checkIteration(step);
      }
      check.readings(step.assignment()).forEach(reading -> check.checkReading(step, reading));
    }
  }

  private void collect(List<Einsum> einsums) {
    List<List<GenerationLoop>> loops = GenerationLoop.around(einsums, iterativeRanks);
    for (int i = 0; i < einsums.size(); i++) {
      Assignment assignment = scope.assignments().get(i);
      Step step = new Step(assignment, einsums.get(i), i, loops.get(i));
      steps.add(step);
      producers.computeIfAbsent(assignment.tensor().text(), _ -> new ArrayList<>()).add(step);
    }
  }

  /** A stop reads what its iteration makes, at the end of a step. */
  private void checkStop(Stop stop, Statement.Stop said, List<Einsum> einsums) {
    Optional<GenerationLoop> ended =
        steps.stream()
            .flatMap(step -> step.loop(stop.rank()).stream())
            .filter(loop -> stop.ends(loop, einsums))
            .findFirst();
    if (ended.isEmpty()) {
      findings.error(
          said.condition().span(),
          "a stop reads what its iteration makes (got '%s', expected a tensor made along %s)"
              .formatted(findings.text(said.condition().span()), stop.rank().variable()));
      return;
    }
    List<GenerationLoop> around = new ArrayList<>();
    for (GenerationLoop loop : steps.get(ended.get().first()).loops()) {
      around.add(loop);
      if (loop.equals(ended.get())) {
        break;
      }
    }
    Set<RankName> fixed = around.stream().map(GenerationLoop::rank).collect(Collectors.toSet());
    stop.condition()
        .ranks()
        .filter(rank -> !fixed.contains(rank))
        .findFirst()
        .ifPresent(
            rank ->
                findings.error(
                    said.condition().span(),
                    "a stop is decided once a step (got rank variable %s, expected %s only: fold"
                            .formatted(rank.variable(), stop.rank().variable())
                        + " the others in an Einsum before)"));
    boolean isTooEarly =
        stop.reads().anyMatch(read -> ended.get().needsMore(List.of(read), einsums));
    if (isTooEarly) {
      findings.error(
          said.condition().span(),
          "a stop is decided after a step (got '%s', expected nothing of later steps)"
              .formatted(findings.text(said.condition().span())));
      return;
    }
    Assignment assignment = StopLowering.asEinsum(said);
    Step end = new Step(assignment, einsums.getFirst(), ended.get().end(), around);
    readings(assignment).forEach(reading -> checkReading(end, reading));
  }

  private void checkIteration(Step step) {
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
                        .bareTensor(name.text())
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
    boolean together = main.advancesWith(reader, generations);
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
      interrupted(reader, reading, main, generations);
    } else if (!readable) {
      notYet(reader, reading, main);
    }
  }

  /** Two Einsums that should advance together have another between them. */
  private void interrupted(Step reader, Reading reading, Step main, RankName rank) {
    List<Step> between = steps.subList(reader.place() + 1, main.place());
    String stranger =
        between.stream()
            .filter(step -> step.loop(rank).isEmpty())
            .findFirst()
            .map(step -> "%s in line %d between them".formatted(name(step), line(step)))
            .orElseGet(() -> needy(steps.get(main.loop(rank).orElseThrow().first())));
    findings.error(
        reading.span(),
        "%s and %s cannot advance together (got %s, expected Einsums over %s side by side)"
            .formatted(
                reader.assignment().tensor().text(),
                reading.tensor().name(),
                stranger,
                rank.variable()));
  }

  private String needy(Step step) {
    return "%s in line %d, which needs more than the steps so far"
        .formatted(name(step), line(step));
  }

  private static String name(Step step) {
    return step.assignment().tensor().text();
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
          "cyclic definition (got %s, expected an iterative rank that goes on by one, k to k+1, or an order)"
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

  private int line(Step step) {
    return findings.line(step.assignment().span());
  }
}
