package dev.weir.einsum.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Printing and reading undo each other, on trees made without the parser. */
class PrinterTest {

  private static final long SEED = 20261124;
  private static final Span NOWHERE = new Span(0, 0);
  private static final List<String> NAMES = List.of("A", "QK", "m1", "M0", "scale", "x_2");
  private static final List<String> COMMENTS = List.of("", "why", "  indented", "# twice", "::|[");

  private final Random random = new Random(SEED);

  @Test
  void readingAPrintedTreeGivesTheTree() {
    for (int i = 0; i < 1_000; i++) {
      CascadeSyntax tree = tree();
      String text = Printer.print(tree);
      Diagnostics diagnostics = new Diagnostics();
      CascadeSyntax read = Parser.parse(new SourceFile("text", text), diagnostics);

      assertThat(diagnostics.render()).as("seed %d:\n%s", SEED, text).isEmpty();
      assertThat(read)
          .as("seed %d:\n%s", SEED, text)
          .usingRecursiveComparison()
          .ignoringFieldsOfTypes(Span.class)
          .isEqualTo(tree);
      assertThat(Printer.print(read)).isEqualTo(text);
    }
  }

  @Test
  void theFormatterMovesSpacesLinesAndCommentsOnly() {
    String text =
        """
        #top

        cascade   c   # header
        ranks M,P # two
        inputs A[ M , P ]


        # above
        # twice
        S [ p ] =A[m,p]::max( m )
        LONG[m,p]=A[m,p]*   # inside
          # more
          2 | m+1<p
        outputs S,LONG
        # end\
        """;

    assertThat(Formatter.format(new SourceFile("text", text), new Diagnostics()))
        .contains(
            """
            # top

            cascade c  # header
              ranks     M, P  # two
              inputs    A[M,P]

              # above
              # twice
              S[p] = A[m,p] :: max(m)
              # inside
              # more
              LONG[m,p] = A[m,p] * 2 | m+1 < p
              outputs   S, LONG
              # end
            """);
  }

  @Test
  void longStatementsBreakWhereReadingGoesOn() {
    String name = "A".repeat(30);
    String text =
        "cascade c\n  ranks M\n  inputs %1$s1[M], %1$s2[M], %1$s3[M]\n  Z = %1$s1[m] * %1$s2[m] :: max(m) | m < %1$s3[m]\n  outputs Z\n"
            .formatted(name);

    assertThat(Formatter.format(new SourceFile("text", text), new Diagnostics()))
        .contains(
            """
            cascade c
              ranks     M
              inputs    %1$s1[M], %1$s2[M],
                        %1$s3[M]
              Z = %1$s1[m] * %1$s2[m]
                  :: max(m)
                  | m < %1$s3[m]
              outputs   Z
            """
                .formatted(name));
  }

  @Test
  void wrongSyntaxIsNotFormatted() {
    Diagnostics diagnostics = new Diagnostics();
    SourceFile wrong = new SourceFile("text", "cascade c\n  Z = (A\n");

    assertThat(Formatter.format(wrong, diagnostics)).isEmpty();
    assertThat(diagnostics.render()).startsWith("text:2:7: error: '(' is never closed");
    assertThatThrownBy(() -> Printer.print(Parser.parse(wrong, diagnostics)))
        .hasMessageStartingWith("statements are missing");
  }

  private CascadeSyntax tree() {
    List<Statement> statements = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      statements.add(statement());
    }
    var header =
        new CascadeSyntax.Header(
            name(), maybe("say \"it\" \\ twice\n"), NOWHERE, new Trivia(List.of(), maybe("why")));
    List<Optional<String>> after = random.nextBoolean() ? List.of() : List.of(Optional.of("end"));
    return new CascadeSyntax(Optional.of(header), statements, after, Set.of());
  }

  private Statement statement() {
    List<Optional<String>> before = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      before.add(Optional.of(pick(COMMENTS)));
    }
    Trivia trivia = new Trivia(before, maybe(pick(COMMENTS)));
    return switch (random.nextInt(9)) {
      case 0 ->
          new Statement.Ranks(List.of(new Statement.Rank(name(), maybe(term(2)))), NOWHERE, trivia);
      case 1 ->
          new Statement.Partitions(
              List.of(new Statement.Split(name(), name(), name(), maybe(term(1)))),
              NOWHERE,
              trivia);
      case 2 ->
          new Statement.Inputs(
              List.of(
                  new Statement.Input(
                      new Term.Access(name(), List.of(name(), name()), NOWHERE),
                      maybe(new Term.Call(name(), Optional.empty(), terms(1), NOWHERE))),
                  new Statement.Input(name(), Optional.empty())),
              NOWHERE,
              trivia);
      case 3 ->
          new Statement.Scalars(
              List.of(new Statement.Definition(name(), term(3))), NOWHERE, trivia);
      case 4 -> new Statement.Outputs(List.of(name(), name()), NOWHERE, trivia);
      case 5 -> new Statement.Stop(name(), term(3), NOWHERE, trivia);
      case 6 ->
          new Statement.Use(
              random.nextBoolean()
                  ? new Statement.Source(name().text(), false, NOWHERE)
                  : new Statement.Source("../a \"b\".edge", true, NOWHERE),
              maybe(name()),
              random.nextBoolean() ? List.of() : List.of(new Statement.Binding(name(), name())),
              NOWHERE,
              trivia);
      default ->
          new Statement.Assignment(
              random.nextBoolean() ? name() : new Term.Access(name(), terms(2), NOWHERE),
              term(4),
              random.nextBoolean()
                  ? List.of()
                  : List.of(new Term.Call(name(), Optional.empty(), terms(1), NOWHERE)),
              maybe(term(3)),
              NOWHERE,
              trivia);
    };
  }

  /** Parts of operators are in parentheses unless they are atoms, as only the reader groups. */
  private Term term(int depth) {
    if (depth == 0) {
      return random.nextBoolean()
          ? name()
          : new Term.Numeral(pick(List.of("0", "2.5", "inf", "1e-5")), NOWHERE);
    }
    return switch (random.nextInt(6)) {
      case 0 -> new Term.Access(name(), terms(depth - 1), NOWHERE);
      case 1 -> new Term.Call(name(), maybe(name()), terms(depth - 1), NOWHERE);
      case 2 -> new Term.Prefix(PrefixOperator.NEGATE, part(depth - 1), NOWHERE);
      case 3 -> new Term.Group(term(depth - 1), NOWHERE);
      case 4 ->
          new Term.Infix(
              part(depth - 1),
              pick(List.of(InfixOperator.values())),
              maybe(name()),
              part(depth - 1),
              NOWHERE);
      default -> term(0);
    };
  }

  private Term part(int depth) {
    Term term = term(depth);
    return term instanceof Term.Infix || term instanceof Term.Prefix
        ? new Term.Group(term, NOWHERE)
        : term;
  }

  private List<Term> terms(int depth) {
    List<Term> terms = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      terms.add(term(depth));
    }
    return terms;
  }

  private Term.Name name() {
    return new Term.Name(pick(NAMES), NOWHERE);
  }

  private <T> Optional<T> maybe(T value) {
    return random.nextBoolean() ? Optional.of(value) : Optional.empty();
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
