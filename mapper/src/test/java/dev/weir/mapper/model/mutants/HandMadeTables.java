package dev.weir.mapper.model.mutants;

import dev.weir.mapper.example.ExampleArchitectures;
import dev.weir.mapper.random.ProblemText;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.List;

/** Conditions on tables and operands that are gathered through them, each table of few values. */
final class HandMadeTables {

  /**
   * A problem.
   *
   * @param accuracy what its counts are
   */
  record Case(String name, Problem problem, String accuracy) {}

  private HandMadeTables() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    cases.add(
        expected(
            "ragged",
            "N[P] :: integers(1, M)",
            "T[p] = A[p,m] * B[m] | m < N[p]",
            "for p by 1  for m by 4  keep B at GlobalBuffer"
                + "  spatial m by 1 on Array2D.columns reduce T  compute T on Array2D",
            "P=2 M=10"));
    cases.add(
        expected(
            "ragged and causal",
            "N :: integers(0, 70)",
            "T[p] = A[p,m] * B[m] | m < N and m <= p + 60 and p + m != 3",
            "for p by 1  for m by 1  compute T on Array2D",
            "P=9 M=71"));
    cases.add(
        expected(
            "own entries",
            "N[M] :: integers(0, 2)",
            "T[p] = A[p,m] * B[m] | N[m] < 2",
            "for p by 1  for m by 3  spatial m by 1 on Array2D.rows reduce T"
                + "  compute T on Array2D",
            "P=3 M=5"));
    cases.add(
        expected(
            "own and shared entries",
            "N[P] :: integers(0, 1), L :: integers(0, 4)",
            "T[p,m] = A[p,m] * B[m] | m < L + N[p]",
            "for p by 4  for m by 1  spatial p by 1 on Array2D.rows multicast B"
                + "  compute T on Array2D",
            "P=5 M=4"));
    cases.add(
        expected(
            "own entries beside merged coordinates",
            "N[P] :: integers(1, 4)",
            "T[p] = A[p,m] * B[m] | m < N[p]",
            "for m by 2  for p by 2  spatial p by 1 on Array2D.columns multicast B"
                + "  spatial m by 1 on Array2D.rows reduce T  compute T on Array2D",
            "P=3 M=5"));
    addOfSeveralEntries(cases);
    addGathered(cases);
    return cases;
  }

  private static void addOfSeveralEntries(List<Case> cases) {
    cases.add(
        expected(
            "own entries of one sum",
            "N[P] :: integers(1, 4)",
            "T = A[p,m] * B[m] | m < N[p]",
            "for m by 2  for p by 2  spatial p by 1 on Array2D.columns reduce T"
                + "  spatial m by 1 on Array2D.rows reduce T  compute T on Array2D",
            "P=3 M=5"));
    cases.add(
        expected(
            "two entries of one table",
            "N[P] :: integers(0, 2)",
            "T[p,m] = A[p,m] * B[m] | N[p] == N[1*m]",
            "for p by 1  for m by 1  compute T on Array2D",
            "P=4 M=4"));
    cases.add(
        expected(
            "entries outside their table",
            "N[P] :: integers(1, 3)",
            "T[p,m] = A[p,m] * B[m] | m < N[p+1]",
            "for p by 1  for m by 1  compute T on Array2D",
            "P=3 M=3"));
    cases.add(
        expected(
            "signs and a permutation",
            "N[P] :: permutation(), S[M] :: signs()",
            "T[p,m] = A[p,m] * B[m] | N[p] < m and S[m] >= 0",
            "for p by 1  for m by 1  compute T on Array2D",
            "P=3 M=3"));
  }

  private static void addGathered(List<Case> cases) {
    cases.add(
        expected(
            "gathered outside at times",
            "N[P] :: integers(-1, 2)",
            "T[p,m] = A[p,m] * B[N[p]]",
            "for p by 2  keep N at GlobalBuffer  for p by 1"
                + "  for m by 2  spatial m by 1 on Array2D.rows multicast B, N"
                + "  compute T on Array2D",
            "P=3 M=3"));
    cases.add(
        new Case(
            "gathered from a keep",
            problem(
                "N[P] :: integers(0, 2)",
                "T[p,m] = A[p,m] * B[N[p]]",
                "for p by 2  keep B at GlobalBuffer  for p by 1  for m by 1  compute T on Array2D",
                "P=3 M=3"),
            "Exact"));
  }

  private static Case expected(
      String name, String tables, String einsum, String tree, String shapes) {
    return new Case(name, problem(tables, einsum, tree, shapes), "Expected");
  }

  private static Problem problem(String tables, String einsum, String tree, String shapes) {
    return ProblemText.read(
        """
        cascade c
        ranks P, M
        inputs A[P,M], B[M], %s
        empty T = 0
        %s
        outputs T
        """
            .formatted(tables, einsum),
        "schedule s for c " + tree,
        ExampleArchitectures.fuseMax(4, 4096),
        shapes);
  }
}
