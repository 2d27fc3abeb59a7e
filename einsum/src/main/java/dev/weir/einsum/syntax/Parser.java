package dev.weir.einsum.syntax;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostic;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.Severity;
import dev.weir.einsum.source.SourceFile;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Reads a text into its syntax tree. A statement that cannot be read is reported once and left out;
 * reading goes on with the next one. The grammar stands in {@code docs/language.md}.
 */
public final class Parser {

  /** What other languages write before a condition. */
  private static final Set<String> CONDITION_WORDS = Set.of("if", "when", "where");

  private final SourceFile file;
  private final Diagnostics diagnostics;
  private Optional<CascadeSyntax.Header> header = Optional.empty();
  private final List<Statement> statements = new ArrayList<>();
  private final Set<String> unreadable = new HashSet<>();
  private final Set<String> misusedWords = new HashSet<>();

  private Parser(SourceFile file, Diagnostics diagnostics) {
    this.file = file;
    this.diagnostics = diagnostics;
  }

  /**
   * The syntax tree of a text.
   *
   * @param diagnostics gets what is wrong; modified
   */
  public static CascadeSyntax parse(SourceFile file, Diagnostics diagnostics) {
    Parser parser = new Parser(file, diagnostics);
    Line.Split split = Line.split(Lexer.tokens(file, diagnostics));
    parser.checkFirst(split.lines());
    split.lines().forEach(parser::read);
    return new CascadeSyntax(parser.header, parser.statements, split.after(), parser.unreadable);
  }

  private void checkFirst(List<Line> lines) {
    Token first =
        lines.isEmpty()
            ? new Token(Token.Kind.END, "", new Span(0, 0), 0)
            : lines.getFirst().tokens().getFirst();
    boolean isMisspelt =
        Spelling.nearest(first.text(), Keyword.texts()).equals(Optional.of(Keyword.CASCADE.text()));
    // A misspelt one is reported with its statement, and with the nearest keyword.
    if (!first.is(Keyword.CASCADE.text()) && !isMisspelt) {
      String got = lines.isEmpty() ? "an empty text" : first.shown();
      diagnostics.error(
          file,
          first.span(),
          "a file begins with its cascade (got " + got + ", expected 'cascade' and a name)",
          "cascade " + nameFromFile());
    }
  }

  private String nameFromFile() {
    String base = file.name().replaceFirst(".*[/\\\\]", "").replaceFirst("\\.[^.]*$", "");
    return base.matches("[A-Za-z][A-Za-z0-9_]*") ? base : "my_cascade";
  }

  private void read(Line line) {
    try {
      Brackets.check(line.tokens());
      statement(line, new Cursor(line.tokens()));
    } catch (SyntaxError error) {
      if (error.word().map(misusedWords::add).orElse(true)) {
        diagnostics.add(
            new Diagnostic(Severity.ERROR, file, error.span(), error.getMessage(), error.fix()));
      }
      line.tokens().stream()
          .filter(token -> token.kind() == Token.Kind.NAME)
          .map(Token::text)
          // A rank that the statement may declare is used by its variable.
          .flatMap(name -> Stream.of(name, RankName.ofVariable(name).variable()))
          .forEach(unreadable::add);
      Spelling.nearest(line.tokens().getFirst().text(), Keyword.texts()).ifPresent(unreadable::add);
    }
  }

  private void statement(Line line, Cursor cursor) {
    Token first = cursor.peek();
    Optional<Keyword> keyword =
        first.kind() == Token.Kind.NAME ? Keyword.of(first.text()) : Optional.empty();
    Span whole = cursor.rest(first);
    if (keyword.isEmpty()) {
      statements.add(assignment(cursor, whole, line.trivia()));
      return;
    }
    cursor.take();
    if (cursor.peek().is("[") || cursor.peek().is("=")) {
      throw Cursor.reserved(first, "another name for the tensor");
    }
    Trivia trivia = line.trivia();
    switch (keyword.get()) {
      case CASCADE -> header(cursor, whole, trivia);
      case RANKS ->
          statements.add(new Statement.Ranks(list(cursor, () -> rank(cursor)), whole, trivia));
      case PARTITION ->
          statements.add(
              new Statement.Partitions(list(cursor, () -> split(cursor)), whole, trivia));
      case INPUTS ->
          statements.add(new Statement.Inputs(list(cursor, () -> input(cursor)), whole, trivia));
      case USE -> statements.add(use(cursor, whole, trivia));
      case STOP -> statements.add(stop(cursor, whole, trivia));
      case SCALAR ->
          statements.add(
              new Statement.Scalars(list(cursor, () -> definition(cursor)), whole, trivia));
      case FUNCTION -> statements.add(function(cursor, whole, trivia));
      case EMPTY ->
          statements.add(
              new Statement.Empties(list(cursor, () -> definition(cursor)), whole, trivia));
      case OUTPUTS ->
          statements.add(
              new Statement.Outputs(
                  list(cursor, () -> cursor.expectName("the name of a tensor")), whole, trivia));
    }
  }

  private void header(Cursor cursor, Span whole, Trivia trivia) {
    Term.Name name = cursor.expectName("the name of the cascade");
    Optional<String> description = cursor.acceptString();
    cursor.expectEnd("a description in quotes");
    if (header.isPresent()) {
      throw new SyntaxError(
          whole,
          "a file holds one cascade (got a second, '%s', expected none after '%s')"
              .formatted(name.text(), header.get().name().text()));
    }
    header = Optional.of(new CascadeSyntax.Header(name, description, whole, trivia));
  }

  private static <T> List<T> list(Cursor cursor, Supplier<T> item) {
    List<T> items = new ArrayList<>();
    do {
      items.add(item.get());
    } while (cursor.accept(","));
    cursor.expectEnd("','");
    return items;
  }

  private static Statement.Rank rank(Cursor cursor) {
    Term.Name name = cursor.expectName("the name of a rank");
    Optional<Term> shape =
        cursor.accept("=") ? Optional.of(new TermParser(cursor).term()) : Optional.empty();
    return new Statement.Rank(name, shape);
  }

  private static Statement.Split split(Cursor cursor) {
    Term.Name parent = cursor.expectName("the name of the rank that is split");
    cursor.expect("=");
    Term.Name outer = cursor.expectName("the name of the outer part");
    cursor.expect("*");
    Term.Name inner = cursor.expectName("the name of the inner part");
    Optional<Term> by =
        cursor.accept("by") ? Optional.of(new TermParser(cursor).term()) : Optional.empty();
    return new Statement.Split(parent, outer, inner, by);
  }

  private static Statement.Input input(Cursor cursor) {
    Term tensor = declared(cursor);
    return new Statement.Input(
        tensor,
        cursor.acceptAction() ? Optional.of(new TermParser(cursor).action()) : Optional.empty());
  }

  private static Term declared(Cursor cursor) {
    Term.Name name = cursor.expectName("the name of a tensor");
    if (!cursor.accept("[")) {
      return name;
    }
    List<Term> ranks = new ArrayList<>();
    if (!cursor.peek().is("]")) {
      do {
        ranks.add(cursor.expectName("the name of a rank"));
      } while (cursor.accept(","));
    }
    cursor.expect("]");
    return new Term.Access(name, ranks, cursor.since(name.span()));
  }

  private static Statement use(Cursor cursor, Span whole, Trivia trivia) {
    Token first = cursor.peek();
    Optional<String> path = cursor.acceptString();
    Statement.Source source =
        new Statement.Source(
            path.isPresent()
                ? path.get()
                : cursor
                    .expectName("the name of a cascade, or the path of a file in quotes")
                    .text(),
            path.isPresent(),
            first.span());
    Optional<Term.Name> prefix =
        cursor.accept("as")
            ? Optional.of(cursor.expectName("what its names begin with"))
            : Optional.empty();
    List<Statement.Binding> bindings = new ArrayList<>();
    if (cursor.accept("with")) {
      do {
        bindings.add(binding(cursor));
      } while (cursor.accept(","));
    }
    cursor.expectEnd(bindings.isEmpty() ? "'as', 'with'" : "','");
    return new Statement.Use(source, prefix, bindings, whole, trivia);
  }

  private static Statement.Binding binding(Cursor cursor) {
    Term.Name there = cursor.expectName("an input, output or rank of the cascade that is used");
    cursor.expect("=");
    return new Statement.Binding(there, cursor.expectName("its name in this cascade"));
  }

  private static Statement stop(Cursor cursor, Span whole, Trivia trivia) {
    Term.Name variable = cursor.expectName("an iterative rank variable");
    cursor.expect("when");
    Term condition = new TermParser(cursor).condition();
    cursor.expectEnd("an operator");
    return new Statement.Stop(variable, condition, whole, trivia);
  }

  private static Statement.Definition definition(Cursor cursor) {
    Term.Name name = cursor.expectName("a name");
    cursor.expect("=");
    return new Statement.Definition(name, new TermParser(cursor).term());
  }

  private static Statement function(Cursor cursor, Span whole, Trivia trivia) {
    Term.Name name = cursor.expectName("the name of the function");
    cursor.expect("(");
    List<Term.Name> parameters = new ArrayList<>();
    do {
      parameters.add(cursor.expectName("the name of an argument"));
    } while (cursor.accept(","));
    cursor.expect(")");
    cursor.expect("=");
    TermParser terms = new TermParser(cursor);
    Term body = terms.term();
    List<Term.Call> facts = actions(cursor, terms);
    cursor.expectEnd("an operator, '::'");
    return new Statement.Function(name, parameters, body, facts, whole, trivia);
  }

  private static List<Term.Call> actions(Cursor cursor, TermParser terms) {
    List<Term.Call> actions = new ArrayList<>();
    while (cursor.acceptAction()) {
      actions.add(terms.action());
    }
    return actions;
  }

  private static Statement assignment(Cursor cursor, Span whole, Trivia trivia) {
    Token first = cursor.peek();
    boolean looksLikeOne =
        cursor.peek(1).is("[") || cursor.peek(1).is("=") || cursor.peek(1).is("==");
    if (first.kind() != Token.Kind.NAME || !looksLikeOne) {
      throw new SyntaxError(
          first.span(),
          "no statement begins like this (got %s, expected one of %s, or an Einsum)"
              .formatted(first.shown(), String.join(", ", Keyword.texts())),
          Spelling.nearest(first.text(), Keyword.texts()));
    }
    TermParser terms = new TermParser(cursor);
    Term left = leftSide(cursor, terms);
    if (cursor.peek().is("==")) {
      throw new SyntaxError(
          cursor.peek().span(), "a tensor gets its value by = (got '==')", Optional.of("="));
    }
    cursor.expect("=");
    Term right = terms.term();
    List<Term.Call> actions = actions(cursor, terms);
    Optional<Term> condition = condition(cursor, terms);
    cursor.expectEnd(condition.isPresent() ? "an operator" : "an operator, '::', '|'");
    return new Statement.Assignment(left, right, actions, condition, whole, trivia);
  }

  private static Optional<Term> condition(Cursor cursor, TermParser terms) {
    Token first = cursor.peek();
    if (CONDITION_WORDS.contains(first.text()) && first.kind() == Token.Kind.NAME) {
      throw new SyntaxError(
          first.span(),
          "a condition follows '|' (got %s)".formatted(first.shown()),
          Optional.of("|"));
    }
    if (!cursor.accept("|")) {
      return Optional.empty();
    }
    Term condition = terms.condition();
    if (cursor.peek().is("::")) {
      Span from = cursor.take().span();
      Term.Call action = terms.action();
      throw new SyntaxError(
          first.span().to(cursor.since(from)),
          "the reduction stands before the condition (got '::' after '|')",
          Optional.of(
              ":: %s | %s".formatted(TermPrinter.print(action), TermPrinter.print(condition))));
    }
    if (cursor.peek().is("|")) {
      throw new SyntaxError(
          cursor.peek().span(),
          "an Einsum has one condition (got a second '|')",
          Optional.of("and"));
    }
    return Optional.of(condition);
  }

  private static Term leftSide(Cursor cursor, TermParser terms) {
    return !cursor.peek(1).is("[") ? cursor.expectName("the name of a tensor") : terms.access();
  }
}
