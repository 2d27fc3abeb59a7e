package dev.weir.einsum.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A syntax tree as canonical text. Reading it gives the same tree, comments included, and printing
 * that gives the same text. Neighbouring Einsums have their {@code =} in one column.
 */
public final class Printer {

  private static final int WIDTH = 100;
  private static final String INDENT = "  ";
  private static final String CLAUSE_INDENT = "      ";

  /** Room for the longest keyword and a space. */
  private static final int KEYWORD_WIDTH = Keyword.PARTITION.text().length() + 1;

  private final StringBuilder out = new StringBuilder();

  private Printer() {}

  /** The text of a tree that has no unreadable statements. */
  public static String print(CascadeSyntax cascade) {
    if (!cascade.unreadable().isEmpty()) {
      throw new IllegalArgumentException("statements are missing: " + cascade.unreadable());
    }
    Printer printer = new Printer();
    cascade.header().ifPresent(printer::header);
    printer.statements(cascade.statements());
    printer.comments(cascade.after(), INDENT);
    return printer.out.toString();
  }

  private void header(CascadeSyntax.Header header) {
    String description = header.description().map(text -> " " + quoted(text)).orElse("");
    comments(header.trivia().before(), "");
    end(Keyword.CASCADE.text() + " " + header.name().text() + description, header.trivia());
  }

  private void statements(List<Statement> statements) {
    int from = 0;
    while (from < statements.size()) {
      int to = from + 1;
      while (to < statements.size() && alignsWith(statements.get(to - 1), statements.get(to))) {
        to++;
      }
      List<Statement> block = statements.subList(from, to);
      int width = block.stream().mapToInt(Printer::leftWidth).max().orElse(0);
      block.forEach(statement -> statement(statement, width));
      from = to;
    }
  }

  private static boolean alignsWith(Statement above, Statement below) {
    return above instanceof Statement.Assignment
        && below instanceof Statement.Assignment
        && below.trivia().before().isEmpty();
  }

  private static int leftWidth(Statement statement) {
    return statement instanceof Statement.Assignment assignment
        ? TermPrinter.print(assignment.left()).length()
        : 0;
  }

  private void statement(Statement statement, int leftWidth) {
    comments(statement.trivia().before(), INDENT);
    String text =
        switch (statement) {
          case Statement.Ranks ranks ->
              list(Keyword.RANKS, ranks.ranks().stream().map(Printer::rank).toList());
          case Statement.Partitions partitions ->
              list(Keyword.PARTITION, partitions.splits().stream().map(Printer::split).toList());
          case Statement.Inputs inputs ->
              list(Keyword.INPUTS, inputs.tensors().stream().map(Printer::input).toList());
          case Statement.Use use -> use(use);
          case Statement.Stop stop ->
              list(
                  Keyword.STOP,
                  List.of(stop.variable().text() + " when " + TermPrinter.print(stop.condition())));
          case Statement.Scalars scalars ->
              list(Keyword.SCALAR, scalars.definitions().stream().map(Printer::define).toList());
          case Statement.Function function -> function(function);
          case Statement.Empties empties ->
              list(Keyword.EMPTY, empties.definitions().stream().map(Printer::define).toList());
          case Statement.Outputs outputs ->
              list(Keyword.OUTPUTS, outputs.tensors().stream().map(Term.Name::text).toList());
          case Statement.Assignment assignment -> assignment(assignment, leftWidth);
        };
    end(text, statement.trivia());
  }

  private static String rank(Statement.Rank rank) {
    return rank.name().text()
        + rank.shape().map(shape -> " = " + TermPrinter.print(shape)).orElse("");
  }

  private static String split(Statement.Split split) {
    return "%s = %s * %s"
            .formatted(split.parent().text(), split.outer().text(), split.inner().text())
        + split.by().map(by -> " by " + TermPrinter.print(by)).orElse("");
  }

  private static String input(Statement.Input input) {
    return TermPrinter.print(input.tensor())
        + input.distribution().map(d -> " :: " + TermPrinter.print(d)).orElse("");
  }

  private static String use(Statement.Use use) {
    String source = use.source().isPath() ? quoted(use.source().text()) : use.source().text();
    String start = source + use.prefix().map(name -> " as " + name.text()).orElse("");
    List<String> items = new ArrayList<>();
    for (Statement.Binding binding : use.bindings()) {
      String item = binding.there().text() + " = " + binding.here().text();
      items.add(items.isEmpty() ? start + " with " + item : item);
    }
    return list(Keyword.USE, items.isEmpty() ? List.of(start) : items);
  }

  private static String define(Statement.Definition definition) {
    return definition.name().text() + " = " + TermPrinter.print(definition.value());
  }

  private static String list(Keyword keyword, List<String> items) {
    String start = INDENT + keyword.text() + " ".repeat(KEYWORD_WIDTH - keyword.text().length());
    StringBuilder text = new StringBuilder(start);
    int column = start.length();
    for (int i = 0; i < items.size(); i++) {
      String item = items.get(i) + (i + 1 < items.size() ? "," : "");
      if (i > 0 && column + 1 + item.length() > WIDTH) {
        text.append('\n').append(" ".repeat(start.length()));
        column = start.length();
      } else if (i > 0) {
        text.append(' ');
        column++;
      }
      text.append(item);
      column += item.length();
    }
    return text.toString();
  }

  private static String function(Statement.Function function) {
    String parameters =
        function.parameters().stream().map(Term.Name::text).collect(Collectors.joining(", "));
    String start = list(Keyword.FUNCTION, List.of(function.name().text() + "(" + parameters + ")"));
    List<String> parts = new ArrayList<>();
    parts.add(start + " = " + TermPrinter.print(function.body()));
    function.facts().forEach(fact -> parts.add(":: " + TermPrinter.print(fact)));
    return joined(parts);
  }

  /** In one line, or each clause in its own. */
  private static String joined(List<String> parts) {
    String line = String.join(" ", parts);
    return line.length() <= WIDTH ? line : String.join("\n" + CLAUSE_INDENT, parts);
  }

  private static String assignment(Statement.Assignment assignment, int leftWidth) {
    String left = TermPrinter.print(assignment.left());
    String start = INDENT + left + " ".repeat(Math.max(0, leftWidth - left.length())) + " = ";
    List<String> parts = new ArrayList<>();
    parts.add(start + TermPrinter.print(assignment.right()));
    assignment.actions().forEach(action -> parts.add(":: " + TermPrinter.print(action)));
    assignment.condition().ifPresent(condition -> parts.add("| " + TermPrinter.print(condition)));
    return joined(parts);
  }

  private void end(String text, Trivia trivia) {
    out.append(text);
    trivia.after().ifPresent(comment -> out.append("  ").append(comment(comment)));
    out.append('\n');
  }

  private void comments(List<Optional<String>> lines, String indent) {
    for (Optional<String> line : lines) {
      out.append(line.map(text -> indent + comment(text)).orElse("")).append('\n');
    }
  }

  private static String comment(String text) {
    return text.isEmpty() ? "#" : "# " + text;
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
