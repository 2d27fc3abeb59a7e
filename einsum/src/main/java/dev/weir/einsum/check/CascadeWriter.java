package dev.weir.einsum.check;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.ScalarFunction;
import dev.weir.einsum.ir.Stop;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.syntax.CascadeSyntax;
import dev.weir.einsum.syntax.Printer;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Statement.Assignment;
import dev.weir.einsum.syntax.Term;
import dev.weir.einsum.syntax.Trivia;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Says a cascade in the language, whoever made it: a rewrite, or a person. {@link CascadeReader}
 * reads an equal cascade back, if its inputs come first and its other tensors in the order of their
 * Einsums.
 */
public final class CascadeWriter {

  private static final Span NOWHERE = new Span(0, 0);

  private final Cascade cascade;
  private final TermWriter terms;
  private final List<Statement> statements = new ArrayList<>();

  private CascadeWriter(Cascade cascade) {
    this.cascade = cascade;
    this.terms = new TermWriter(cascade.iterativeRanks());
  }

  /** The canonical text of a cascade. */
  public static String write(Cascade cascade) {
    return Printer.print(new CascadeWriter(cascade).syntax());
  }

  /** The canonical text of one of its Einsums, without a line end. */
  public static String write(Einsum einsum, Cascade cascade) {
    Statement said = new CascadeWriter(cascade).assignment(einsum, false);
    return Printer.print(new CascadeSyntax(Optional.empty(), List.of(said), List.of(), Set.of()))
        .strip();
  }

  private CascadeSyntax syntax() {
    ranks();
    partitions();
    inputs();
    scalars();
    functions();
    empties();
    for (int i = 0; i < cascade.einsums().size(); i++) {
      statements.add(assignment(cascade.einsums().get(i), i == 0));
    }
    for (Stop stop : cascade.stops()) {
      statements.add(
          new Statement.Stop(
              TermWriter.name(stop.rank().variable()),
              terms.condition(stop.condition()),
              NOWHERE,
              Trivia.NONE));
    }
    statements.add(new Statement.Outputs(names(Tensor.Role.OUTPUT), NOWHERE, Trivia.NONE));
    CascadeSyntax.Header header =
        new CascadeSyntax.Header(
            TermWriter.name(cascade.name()),
            Optional.of(cascade.description()).filter(text -> !text.isEmpty()),
            NOWHERE,
            Trivia.NONE);
    return new CascadeSyntax(Optional.of(header), statements, List.of(), Set.of());
  }

  private void ranks() {
    Set<RankName> parts = new LinkedHashSet<>();
    cascade.partitions().forEach(split -> parts.addAll(List.of(split.outer(), split.inner())));
    List<Statement.Rank> ranks =
        cascade.ranks().stream()
            .filter(rank -> !parts.contains(rank))
            .map(rank -> new Statement.Rank(TermWriter.name(rank.text()), shape(rank)))
            .toList();
    if (!ranks.isEmpty()) {
      statements.add(new Statement.Ranks(ranks, NOWHERE, Trivia.NONE));
    }
  }

  private Optional<Term> shape(RankName rank) {
    return Optional.ofNullable(cascade.defaultShapes().get(rank))
        .<Term>map(TermWriter::number)
        .or(() -> Optional.ofNullable(cascade.derivedShapes().get(rank)).map(terms::quantity));
  }

  private void partitions() {
    for (Partition split : cascade.partitions()) {
      Statement.Split said =
          new Statement.Split(
              TermWriter.name(split.parent().text()),
              TermWriter.name(split.outer().text()),
              TermWriter.name(split.inner().text()),
              shape(split.inner()));
      statements.add(new Statement.Partitions(List.of(said), NOWHERE, Trivia.NONE));
    }
  }

  private void inputs() {
    List<Statement.Input> inputs =
        cascade.tensors().stream()
            .filter(tensor -> tensor.role() == Tensor.Role.INPUT)
            .map(this::input)
            .toList();
    if (!inputs.isEmpty()) {
      statements.add(new Statement.Inputs(inputs, NOWHERE, Trivia.NONE));
    }
  }

  private Statement.Input input(Tensor tensor) {
    Term.Name name = TermWriter.name(tensor.name().text());
    List<Term> ranks =
        tensor.ranks().stream().<Term>map(rank -> TermWriter.name(rank.text())).toList();
    return new Statement.Input(
        ranks.isEmpty() ? name : new Term.Access(name, ranks, NOWHERE),
        Optional.ofNullable(cascade.distributions().get(tensor.name())).map(terms::distribution));
  }

  private void scalars() {
    Map<TensorName, Expression> open = new TreeMap<>(cascade.scalars());
    while (!open.isEmpty()) {
      TensorName next =
          open.keySet().stream()
              .filter(name -> readsNone(open.get(name), open.keySet()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException("scalars define each other: " + open.keySet()));
      Statement.Definition said =
          new Statement.Definition(TermWriter.name(next.text()), terms.value(open.remove(next)));
      statements.add(new Statement.Scalars(List.of(said), NOWHERE, Trivia.NONE));
    }
  }

  private static boolean readsNone(Expression expression, Set<TensorName> scalars) {
    boolean own =
        expression instanceof Expression.ScalarRead read && scalars.contains(read.scalar());
    return !own && expression.children().stream().allMatch(child -> readsNone(child, scalars));
  }

  /** Those that reading would not guess. */
  private void empties() {
    Map<TensorName, Double> guessed = new TreeMap<>();
    for (Einsum einsum : cascade.einsums()) {
      double value = DefaultEmpty.of(assignment(einsum, false));
      guessed.merge(einsum.output().tensor(), value, (a, b) -> a == 0 ? b : a);
    }
    Predicate<Tensor> isGuessed =
        tensor -> Double.compare(tensor.empty(), guessed.getOrDefault(tensor.name(), 0.0)) == 0;
    List<Statement.Definition> said =
        cascade.tensors().stream()
            .filter(isGuessed.negate())
            .map(
                tensor ->
                    new Statement.Definition(
                        TermWriter.name(tensor.name().text()), TermWriter.number(tensor.empty())))
            .toList();
    if (!said.isEmpty()) {
      statements.add(new Statement.Empties(said, NOWHERE, Trivia.NONE));
    }
  }

  private void functions() {
    Map<String, ScalarFunction> used = new LinkedHashMap<>();
    cascade.scalars().values().forEach(value -> collect(value, used));
    cascade.einsums().forEach(einsum -> collect(einsum.value(), used));
    used.values().forEach(function -> statements.add(function(function)));
  }

  /** Those that a function uses stand above it. */
  private static void collect(Expression expression, Map<String, ScalarFunction> used) {
    expression.children().forEach(child -> collect(child, used));
    if (expression instanceof Expression.Apply apply) {
      collect(apply.function().body(), used);
      used.putIfAbsent(apply.function().name(), apply.function());
    }
  }

  private Statement function(ScalarFunction function) {
    List<Term.Call> facts = new ArrayList<>();
    function
        .cost()
        .ifPresent(
            cost -> {
              List<Term> words = new ArrayList<>();
              cost.forEach(
                  (word, count) -> words.addAll(Collections.nCopies(count, TermWriter.name(word))));
              facts.add(TermWriter.call("cost", words));
            });
    ScalarFunction.Range range = function.range();
    if (!range.equals(ScalarFunction.Range.ANY)) {
      facts.add(
          TermWriter.call(
              "range", List.of(TermWriter.number(range.least()), TermWriter.number(range.most()))));
    }
    switch (function.direction()) {
      case RISING -> facts.add(TermWriter.call("rising", List.of()));
      case FALLING -> facts.add(TermWriter.call("falling", List.of()));
      case UNKNOWN -> {}
    }
    return new Statement.Function(
        TermWriter.name(function.name()),
        function.parameters().stream().map(TermWriter::name).toList(),
        terms.value(function.body()),
        facts,
        NOWHERE,
        Trivia.NONE);
  }

  private Assignment assignment(Einsum einsum, boolean afterDeclarations) {
    List<Term> reduced =
        einsum.reducedRanks().stream().<Term>map(r -> TermWriter.name(r.variable())).toList();
    List<Term.Call> actions =
        einsum.populate().isPresent()
            ? List.of(terms.populate(einsum.populate().get()))
            : einsum.reduction() == Monoid.SUM
                ? List.of()
                : List.of(TermWriter.call(Words.of(einsum.reduction()), reduced));
    return new Assignment(
        terms.access(einsum.output()),
        terms.value(einsum.value()),
        actions,
        einsum.condition().map(terms::condition),
        NOWHERE,
        afterDeclarations ? Trivia.BLANK_LINE : Trivia.NONE);
  }

  private List<Term.Name> names(Tensor.Role role) {
    return cascade.tensors().stream()
        .filter(tensor -> tensor.role() == role)
        .map(tensor -> TermWriter.name(tensor.name().text()))
        .toList();
  }
}
