package dev.weir.einsum.check;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.CascadeSyntax;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Term;
import dev.weir.einsum.syntax.Trivia;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One syntax tree of a cascade and all that it uses. */
final class Splice {

  private final CascadeSyntax host;
  private final Findings findings;
  private final Map<Statement.Use, List<Statement>> spliced = new HashMap<>();
  private final Set<String> unknown;
  private final List<Claim> claims = new ArrayList<>();

  /** Ranks here, with the shape that somebody gives them. */
  private final Map<String, Optional<Term>> ranks = new LinkedHashMap<>();

  private final Set<Statement.Split> splits = new HashSet<>();
  private final Set<String> tensors = new HashSet<>();
  private final Set<String> empties = new HashSet<>();
  private final Set<String> prefixes = new HashSet<>();

  Splice(CascadeSyntax host, Findings findings) {
    this.host = host;
    this.findings = findings;
    this.unknown = new HashSet<>(host.unreadable());
    host.statements().forEach(this::declare);
  }

  private void declare(Statement statement) {
    switch (statement) {
      case Statement.Ranks said ->
          said.ranks().forEach(rank -> ranks.putIfAbsent(rank.name().text(), rank.shape()));
      case Statement.Partitions said -> said.splits().forEach(this::declare);
      case Statement.Inputs said ->
          said.tensors().forEach(input -> tensors.add(input.name().text()));
      case Statement.Assignment said -> tensors.add(said.tensor().text());
      case Statement.Empties said -> said.definitions().forEach(d -> empties.add(d.name().text()));
      case Statement.Use _,
          Statement.Scalars _,
          Statement.Function _,
          Statement.Stop _,
          Statement.Outputs _ -> {}
    }
  }

  private void declare(Statement.Split split) {
    splits.add(withoutPlace(split));
    ranks.putIfAbsent(split.outer().text(), Optional.empty());
    ranks.putIfAbsent(split.inner().text(), split.by());
  }

  /** Which rank is split into which parts, wherever that is said. */
  private static Statement.Split withoutPlace(Statement.Split split) {
    Span nowhere = new Span(0, 0);
    return new Statement.Split(
        new Term.Name(split.parent().text(), nowhere),
        new Term.Name(split.outer().text(), nowhere),
        new Term.Name(split.inner().text(), nowhere),
        Optional.empty());
  }

  /** A cascade that could not be used: nothing is said about the names that it would have made. */
  void fail(Statement.Use use) {
    use.bindings().forEach(binding -> unknown.add(binding.here().text()));
    String name = use.source().text().replaceFirst(".*/", "").replaceFirst("[.]edge$", "");
    unknown.add(use.prefix().map(Term.Name::text).orElse(name));
  }

  /** Says a used cascade in names of this one. */
  void add(Statement.Use use, UsedCascade used) {
    String prefix = use.prefix().map(Term.Name::text).orElse(used.name());
    if (!prefixes.add(prefix)) {
      findings.error(
          use.source().span(),
          "names that begin with %s_ are taken (got a second use, expected another word after 'as')"
              .formatted(prefix),
          "as %s%d".formatted(prefix, prefixes.size() + 1));
      fail(use);
      return;
    }
    Optional<Renaming> renaming = new Bindings(use, used, ranks.keySet(), tensors, findings).read();
    if (renaming.isEmpty()) {
      fail(use);
      return;
    }
    List<Statement> statements = new ArrayList<>();
    for (Statement statement : used.syntax().statements()) {
      add(statement, renaming.get(), used, statements);
    }
    used.tensors(Tensor.Role.INPUT)
        .forEach(input -> claim(input, use, used, renaming.get(), statements));
    renaming.get().tensors().values().forEach(tensors::add);
    spliced.put(use, statements);
  }

  private void add(
      Statement statement, Renaming renaming, UsedCascade used, List<Statement> statements) {
    switch (statement) {
      case Statement.Ranks said ->
          said.ranks().forEach(rank -> rank(renaming.rank(rank), used, renaming, statements));
      case Statement.Partitions said -> {
        for (Statement.Split split : said.splits()) {
          Statement.Split here = renaming.split(split);
          if (!splits.contains(withoutPlace(here))) {
            declare(here);
            statements.add(new Statement.Partitions(List.of(here), renaming.span(), Trivia.NONE));
          }
        }
      }
      case Statement.Scalars said -> statements.add(renaming.scalars(said));
      case Statement.Function said -> statements.add(renaming.function(said));
      case Statement.Empties said -> {
        Statement.Empties here = renaming.empties(said);
        declare(here);
        statements.add(here);
      }
      case Statement.Stop said -> statements.add(renaming.stop(said));
      case Statement.Assignment said -> statements.add(renaming.assignment(said));
      case Statement.Inputs _, Statement.Outputs _ -> {}
      case Statement.Use _ ->
          throw new IllegalStateException("a used cascade is whole: " + used.name());
    }
  }

  /**
   * Shapes given here come before those of a used cascade, unless the latter follow from others.
   */
  private void rank(
      Statement.Rank rank, UsedCascade used, Renaming renaming, List<Statement> statements) {
    String name = rank.name().text();
    Optional<Term> here = ranks.get(name);
    if (here == null) {
      ranks.put(name, rank.shape());
      statements.add(new Statement.Ranks(List.of(rank), renaming.span(), Trivia.NONE));
    } else if (here.isEmpty()) {
      ranks.put(name, rank.shape());
    } else if (rank.shape().filter(shape -> Terms.constant(shape).isEmpty()).isPresent()
        && !Terms.isSame(here.get(), rank.shape().get())) {
      findings.error(
          renaming.span(),
          "shape of %s follows from others in %s (got another one here, expected none)"
              .formatted(name, used.name()));
    }
  }

  private void claim(
      Tensor input,
      Statement.Use use,
      UsedCascade used,
      Renaming renaming,
      List<Statement> statements) {
    String there = input.name().text();
    String here = renaming.tensors().get(there);
    Span span =
        use.bindings().stream()
            .filter(binding -> binding.there().text().equals(there))
            .map(binding -> binding.here().span())
            .findFirst()
            .orElse(renaming.span());
    if (input.empty() != 0 && empties.add(here)) {
      Statement.Definition definition =
          new Statement.Definition(new Term.Name(here, span), TermWriter.number(input.empty()));
      statements.add(new Statement.Empties(List.of(definition), span, Trivia.NONE));
    }
    List<RankName> expected =
        input.ranks().stream().map(rank -> renaming.ranks().getOrDefault(rank, rank)).toList();
    claims.add(
        new Claim(
            here, expected, input.empty(), "input %s of %s".formatted(there, used.name()), span));
  }

  /** The tree, and what is expected of the tensors in it. */
  Composition.Whole whole() {
    List<Statement> statements = new ArrayList<>();
    host.statements().stream()
        .flatMap(
            statement ->
                statement instanceof Statement.Use use
                    ? spliced.getOrDefault(use, List.of()).stream()
                    : Stream.of(statement))
        .map(statement -> statement instanceof Statement.Ranks said ? withShapes(said) : statement)
        .forEach(statements::add);
    return new Composition.Whole(
        new CascadeSyntax(host.header(), statements, host.after(), unknown), claims);
  }

  private Statement withShapes(Statement.Ranks said) {
    return new Statement.Ranks(
        said.ranks().stream()
            .map(
                rank ->
                    rank.shape().isPresent()
                        ? rank
                        : new Statement.Rank(rank.name(), ranks.get(rank.name().text())))
            .toList(),
        said.span(),
        said.trivia());
  }
}
