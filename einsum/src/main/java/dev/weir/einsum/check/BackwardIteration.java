package dev.weir.einsum.check;

import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.InfixOperator;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An iteration that is written as {@code S[k] = S[k-1] + A[k]}. */
final class BackwardIteration {

  private final Assignment assignment;
  private final Term.Name variable;
  private final List<Term> earlier;

  private BackwardIteration(Assignment assignment, Term.Name variable, List<Term> earlier) {
    this.assignment = assignment;
    this.variable = variable;
    this.earlier = earlier;
  }

  /** The iteration that an Einsum is, if it is written so. */
  static Optional<BackwardIteration> of(Assignment assignment) {
    List<Term.Access> own = ownReads(assignment);
    if (own.isEmpty()) {
      return Optional.empty();
    }
    List<Term> left = assignment.indices();
    for (int rank = 0; rank < left.size(); rank++) {
      if (left.get(rank) instanceof Term.Name variable) {
        List<Term> earlier = earlier(own, rank, variable);
        if (!earlier.isEmpty()) {
          return Optional.of(new BackwardIteration(assignment, variable, earlier));
        }
      }
    }
    return Optional.empty();
  }

  /** Where the tensor itself is read. */
  private static List<Term.Access> ownReads(Assignment assignment) {
    return Terms.of(assignment)
        .filter(Term.Access.class::isInstance)
        .map(Term.Access.class::cast)
        .filter(access -> access.tensor().text().equals(assignment.tensor().text()))
        .filter(access -> access.indices().size() == assignment.indices().size())
        .toList();
  }

  /** Each {@code k-1} among the indices of one rank. */
  private static List<Term> earlier(List<Term.Access> reads, int rank, Term.Name variable) {
    return reads.stream()
        .map(access -> access.indices().get(rank))
        .filter(index -> isPredecessor(index, variable))
        .toList();
  }

  private static boolean isPredecessor(Term index, Term.Name variable) {
    return index.ungrouped() instanceof Term.Infix infix
        && infix.operator() == InfixOperator.SUBTRACT
        && infix.left() instanceof Term.Name name
        && name.text().equals(variable.text())
        && Terms.integer(infix.right()).orElse(0) == 1;
  }

  /** Says how it is written here. */
  void report(Findings findings, boolean hasInitial) {
    String next = variable.text() + "+1";
    String left = edited(findings, assignment.left().span(), Map.of(variable.span(), next));
    Map<Span, String> changes = new TreeMap<>(Comparator.comparingInt(Span::start));
    changes.put(variable.span(), next);
    earlier.forEach(index -> changes.put(index.span(), variable.text()));
    String whole = edited(findings, assignment.span(), changes);
    String initial = edited(findings, assignment.left().span(), Map.of(variable.span(), "0"));
    findings.error(
        assignment.span(),
        "an iteration makes the next generation from this one (got %s from %s, expected %s from %s)"
            .formatted(
                findings.text(assignment.left().span()),
                findings.text(earlier.get(0).span()),
                left,
                variable.text()),
        hasInitial ? whole : whole + ", and above it " + initial + " = 0");
  }

  private static String edited(Findings findings, Span whole, Map<Span, String> changes) {
    StringBuilder text = new StringBuilder(findings.text(whole));
    List<Span> places = new ArrayList<>(changes.keySet());
    places.sort(Comparator.comparingInt(Span::start).reversed());
    for (Span place : places) {
      text.replace(place.start() - whole.start(), place.end() - whole.start(), changes.get(place));
    }
    return text.toString();
  }
}
