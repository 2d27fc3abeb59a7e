package dev.weir.einsum.check;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Span;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.CascadeSyntax;
import dev.weir.einsum.syntax.Statement;
import dev.weir.einsum.syntax.Term;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads all declarations and what Einsums declare by their left sides. */
final class ScopeReader {

  /** Names that a finding lists. */
  private static final int MOST_NAMES = 40;

  /** In elements: 1024G; more of one rank cannot be meant. */
  private static final long LARGEST_SHAPE = 1L << 40;

  private final CascadeSyntax syntax;
  private final Findings findings;
  private final List<Statement.Assignment> assignments;
  private final Map<RankName, Span> ranks = new LinkedHashMap<>();
  private final List<Partition> partitions = new ArrayList<>();
  private final Map<RankName, Long> shapes = new LinkedHashMap<>();
  private final Map<RankName, Term> derivedShapes = new LinkedHashMap<>();
  private final Map<String, Symbol> tensors = new LinkedHashMap<>();
  private final Map<String, Statement.Definition> scalars = new LinkedHashMap<>();
  private final Map<String, Statement.Function> functions = new LinkedHashMap<>();
  private final Map<String, Double> empties = new LinkedHashMap<>();
  private final Map<String, Term.Call> distributions = new LinkedHashMap<>();
  private final Map<String, Span> outputs = new LinkedHashMap<>();

  private ScopeReader(CascadeSyntax syntax, Findings findings) {
    this.syntax = syntax;
    this.findings = findings;
    this.assignments = of(Statement.Assignment.class);
  }

  static Scope read(CascadeSyntax syntax, Findings findings) {
    ScopeReader reader = new ScopeReader(syntax, findings);
    reader.readAll();
    return reader.scope();
  }

  private void readAll() {
    of(Statement.Ranks.class).forEach(statement -> statement.ranks().forEach(this::rank));
    of(Statement.Partitions.class).forEach(statement -> statement.splits().forEach(this::split));
    of(Statement.Inputs.class).forEach(statement -> statement.tensors().forEach(this::input));
    of(Statement.Scalars.class).forEach(s -> s.definitions().forEach(this::scalar));
    of(Statement.Function.class).forEach(this::function);
    LeftSides leftSides = new LeftSides(scope(), findings);
    for (Statement.Assignment assignment : assignments) {
      String name = assignment.tensor().text();
      if (!tensors.containsKey(name)) {
        if (checkFree(assignment.tensor(), "tensor")) {
          tensors.put(name, leftSides.symbol(name));
        } else {
          findings.excuse(name);
        }
      } else if (tensors.get(name).input()) {
        findings.error(
            assignment.tensor().span(),
            "%s is an input and cannot be produced (got a second source, expected the input in"
                    .formatted(name)
                + " line %d only)".formatted(findings.line(tensors.get(name).span())));
        findings.excuse(name);
      }
    }
    tensors.values().stream().filter(Symbol::hasNoRanks).forEach(this::checkNoRankIsCalled);
    of(Statement.Empties.class).forEach(s -> s.definitions().forEach(this::empty));
    of(Statement.Outputs.class).forEach(s -> s.tensors().forEach(this::output));
  }

  private Scope scope() {
    return new Scope(
        ranks,
        partitions,
        shapes,
        derivedShapes,
        tensors,
        scalars,
        functions,
        empties,
        distributions,
        outputs,
        of(Statement.Stop.class),
        assignments);
  }

  private <T extends Statement> List<T> of(Class<T> kind) {
    return syntax.statements().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void rank(Statement.Rank rank) {
    declareRank(rank.name());
    rank.shape().ifPresent(shape -> shape(rank.name(), shape));
  }

  private boolean declareRank(Term.Name name) {
    String text = name.text();
    if (rankOfVariable(text).isPresent()) {
      RankName owner = RankName.ofVariable(text);
      findings.error(
          name.span(),
          "%s is the variable of rank %s, which line %d declares (expected another rank)"
              .formatted(text, owner, findings.line(ranks.get(owner))),
          "leave it out");
      return false;
    }
    if (!Character.isUpperCase(text.charAt(0))) {
      String upper = RankName.ofVariable(text).text();
      findings.error(
          name.span(),
          "a rank begins with an upper-case letter, its variable with a lower-case one (got %s,"
                  .formatted(text)
              + " expected %s)".formatted(upper),
          upper);
      findings.excuse(text);
    }
    RankName rank = RankName.ofVariable(text);
    if (ranks.containsKey(rank)) {
      findings.error(
          name.span(),
          "rank %s is declared twice (got a second declaration, expected the one in line %d only)"
              .formatted(text, findings.line(ranks.get(rank))));
      return false;
    }
    ranks.put(rank, name.span());
    return true;
  }

  private void shape(Term.Name rank, Term term) {
    RankName name = RankName.ofVariable(rank.text());
    if (Terms.constant(term).isEmpty()) {
      derivedShapes.put(name, term);
    } else {
      shape(name, term, Terms.integer(term).orElse(0), findings)
          .ifPresent(shape -> shapes.put(name, shape));
    }
  }

  /** A shape that is a number; nothing when it is no shape, which is reported. */
  static Optional<Long> shape(RankName rank, Term term, long number, Findings findings) {
    if (number >= 1 && number <= LARGEST_SHAPE) {
      return Optional.of(number);
    }
    findings.error(
        term.span(),
        "shape of %s is not a whole number of elements (got '%s', expected 1 to 1024G)"
            .formatted(rank, findings.text(term.span())));
    return Optional.empty();
  }

  private void split(Statement.Split split) {
    Optional<RankName> parent = scope().rankOfShape(split.parent().text());
    if (parent.isEmpty()) {
      unknownRank(split.parent(), () -> stem(split.outer().text()));
      excuseParts(split);
    } else if (scope().partitionOf(parent.get()).isPresent()) {
      findings.error(
          split.parent().span(),
          "rank %s is split twice (got a second partition, expected one)".formatted(parent.get()));
      excuseParts(split);
    } else if (isPart(parent.get())) {
      findings.error(
          split.parent().span().to(split.inner().span()),
          "a part of a rank is not split further, as a schedule tiles it (got %s, a part of %s)"
              .formatted(parent.get(), wholeOf(parent.get())),
          "leave it out");
      excuseParts(split);
    } else {
      boolean outer = declareRank(split.outer());
      boolean inner = declareRank(split.inner());
      if (outer && inner) {
        partitions.add(
            new Partition(
                parent.get(),
                RankName.ofVariable(split.outer().text()),
                RankName.ofVariable(split.inner().text())));
        split.by().ifPresent(by -> shape(split.inner(), by));
      }
    }
  }

  private boolean isPart(RankName rank) {
    return !wholeOf(rank).equals(rank);
  }

  private RankName wholeOf(RankName part) {
    return partitions.stream()
        .filter(split -> split.outer().equals(part) || split.inner().equals(part))
        .map(Partition::parent)
        .findFirst()
        .orElse(part);
  }

  private void excuseParts(Statement.Split split) {
    for (Term.Name part : List.of(split.outer(), split.inner())) {
      findings.excuse(part.text());
      findings.excuse(part.text().toLowerCase(Locale.ROOT));
    }
  }

  /** {@code M} of {@code M1}, if there is such a rank. */
  private Optional<String> stem(String part) {
    return Optional.of(part.replaceFirst("[0-9]+$", ""))
        .filter(name -> !name.isEmpty() && scope().rankOfShape(name).isPresent());
  }

  private void unknownRank(Term.Name name, Supplier<Optional<String>> better) {
    if (findings.isExcused(name.text())) {
      return;
    }
    List<String> known = ranks.keySet().stream().map(RankName::text).toList();
    findings.error(
        name.span(),
        "unknown rank (got %s, expected %s)".formatted(name.text(), oneOf(known)),
        better
            .get()
            .or(() -> Spelling.nearestInPlace(name.text(), unusedRanks()))
            .or(() -> Spelling.nearest(name.text(), known)));
  }

  /** Ranks that nothing uses: their declaration may be what is misspelt. */
  private List<String> unusedRanks() {
    Set<String> used = new HashSet<>();
    of(Statement.Inputs.class)
        .forEach(
            s -> s.tensors().stream().flatMap(i -> Terms.names(i.tensor())).forEach(used::add));
    for (Statement.Assignment assignment : assignments) {
      assignment.indices().stream().flatMap(Terms::names).forEach(used::add);
      Terms.of(assignment).flatMap(Terms::names).forEach(used::add);
    }
    return ranks.keySet().stream()
        .filter(rank -> !used.contains(rank.text()) && !used.contains(rank.variable()))
        .filter(rank -> scope().partitionOf(rank).isEmpty())
        .map(RankName::text)
        .toList();
  }

  static String oneOf(Collection<String> known) {
    if (known.isEmpty()) {
      return "a declared one";
    }
    String first = known.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
    int more = known.size() - MOST_NAMES;
    return "one of " + first + (more > 0 ? " and %d more".formatted(more) : "");
  }

  private void input(Statement.Input input) {
    Term.Name name = input.name();
    List<Term> declared = input.ranks();
    Optional<List<RankName>> known = Optional.of(new ArrayList<>());
    for (int i = 0; i < declared.size(); i++) {
      int position = i;
      Term.Name rankName = (Term.Name) declared.get(i);
      Optional<RankName> rank = scope().rankOfShape(rankName.text());
      if (rank.isEmpty()) {
        unknownRank(rankName, () -> rankInUse(name.text(), position, declared.size()));
      }
      known =
          known.flatMap(
              list ->
                  rank.map(
                      found -> {
                        list.add(found);
                        return list;
                      }));
    }
    if (tensors.containsKey(name.text())) {
      findings.error(
          name.span(),
          "input %s is declared twice (got a second declaration, expected the one in line %d only)"
              .formatted(name.text(), findings.line(tensors.get(name.text()).span())));
    } else if (checkFree(name, "input")) {
      tensors.put(
          name.text(),
          new Symbol(name.text(), name.span(), true, known.map(List::copyOf), Optional.empty()));
      input.distribution().ifPresent(said -> distributions.put(name.text(), said));
    }
  }

  /** The rank whose variable stands there where the tensor is read. */
  private Optional<String> rankInUse(String tensor, int position, int count) {
    return assignments.stream()
        .flatMap(Terms::of)
        .filter(Term.Access.class::isInstance)
        .map(Term.Access.class::cast)
        .filter(access -> access.tensor().text().equals(tensor))
        .filter(access -> access.indices().size() == count)
        .flatMap(access -> Terms.names(access.indices().get(position)).limit(1))
        .flatMap(variable -> scope().rankOfVariable(variable).stream())
        .map(rank -> parentOf(rank).text())
        .findFirst();
  }

  private RankName parentOf(RankName part) {
    return partitions.stream()
        .filter(split -> split.outer().equals(part))
        .map(Partition::parent)
        .findFirst()
        .orElse(part);
  }

  /** As the scope's, without making one for every name. */
  private Optional<RankName> rankOfVariable(String name) {
    return Character.isLowerCase(name.charAt(0))
        ? Optional.of(RankName.ofVariable(name)).filter(ranks::containsKey)
        : Optional.empty();
  }

  private boolean checkFree(Term.Name name, String kind) {
    String text = name.text();
    Optional<String> taken =
        scalars.containsKey(text)
            ? Optional.of("a scalar")
            : rankOfVariable(text).map(rank -> "the variable of rank " + rank);
    taken.ifPresent(
        meaning ->
            findings.error(
                name.span(),
                "name %s is taken (got a %s, but it is %s already)"
                    .formatted(text, kind, meaning)));
    return taken.isEmpty();
  }

  /** A bare name must have one meaning; a tensor with ranks always has brackets. */
  private void checkNoRankIsCalled(Symbol tensor) {
    if (scope().rankOfShape(tensor.name()).isPresent()) {
      findings.error(
          tensor.span(),
          "name %s is taken (got a tensor without ranks, but it is a rank already)"
              .formatted(tensor.name()));
    }
  }

  private void scalar(Statement.Definition definition) {
    Term.Name name = definition.name();
    if (tensors.containsKey(name.text())) {
      findings.error(
          name.span(),
          "name %s is taken (got a scalar, but it is an input already)".formatted(name.text()));
    } else if (scope().rankOfShape(name.text()).isPresent()) {
      findings.error(
          name.span(),
          "name %s is taken (got a scalar, but it is a rank already)".formatted(name.text()));
    } else if (checkFree(name, "scalar")) {
      scalars.put(name.text(), definition);
    }
  }

  private void function(Statement.Function function) {
    Term.Name name = function.name();
    String text = name.text();
    boolean isBuiltIn =
        Words.VALUE_FUNCTIONS.contains(text)
            || Words.INDEX_FUNCTIONS.contains(text)
            || Words.ACTIONS.contains(text);
    if (isBuiltIn) {
      findings.error(
          name.span(),
          "name %s is taken (got a function, but the language has one already)".formatted(text));
    } else if (functions.containsKey(text)) {
      findings.error(
          name.span(),
          "function %s is defined twice (got a second definition, expected the one in line %d only)"
              .formatted(text, findings.line(functions.get(text).span())));
    } else {
      functions.put(text, function);
    }
  }

  private void empty(Statement.Definition definition) {
    Term.Name name = definition.name();
    if (!tensors.containsKey(name.text())) {
      List<String> unsaid =
          tensors.keySet().stream().filter(tensor -> !empties.containsKey(tensor)).toList();
      unknownTensor(name, unsaid);
    }
    var value = Terms.constant(definition.value());
    if (value.isEmpty()) {
      findings.error(
          definition.value().span(),
          "empty value of %s is not a number (got '%s', expected one such as 0 or -inf)"
              .formatted(name.text(), findings.text(definition.value().span())));
    } else if (empties.putIfAbsent(name.text(), value.getAsDouble()) != null) {
      findings.error(name.span(), "%s has two empty values (expected one)".formatted(name.text()));
    }
  }

  private void unknownTensor(Term.Name name, List<String> preferred) {
    if (!findings.isExcused(name.text())) {
      findings.error(
          name.span(),
          "unknown tensor (got %s, expected %s)".formatted(name.text(), oneOf(tensors.keySet())),
          Spelling.nearestInPlace(name.text(), preferred)
              .or(() -> Spelling.nearest(name.text(), tensors.keySet())));
    }
  }

  private void output(Term.Name name) {
    String text = name.text();
    if (findings.isExcused(text)) {
      outputs.putIfAbsent(text, name.span());
      return;
    }
    Optional<Symbol> symbol = Optional.ofNullable(tensors.get(text));
    List<String> produced =
        tensors.values().stream().filter(s -> !s.input()).map(Symbol::name).toList();
    String expected = produced.isEmpty() ? "a tensor that an Einsum produces" : oneOf(produced);
    if (assignments.isEmpty() && syntax.unreadable().isEmpty()) {
      // That there is no Einsum at all is said once.
      findings.excuse(text);
    } else if (symbol.isEmpty()) {
      List<String> unread = produced.stream().filter(t -> !scope().isRead(t)).toList();
      findings.error(
          name.span(),
          "output is never produced (got %s, expected %s)".formatted(text, expected),
          Spelling.nearestInPlace(text, unread).or(() -> Spelling.nearest(text, produced)));
    } else if (symbol.filter(Symbol::input).isPresent()) {
      findings.error(
          name.span(), "an input cannot go out (got %s, expected %s)".formatted(text, expected));
    } else if (outputs.containsKey(text)) {
      findings.error(name.span(), "output %s is named twice (expected once)".formatted(text));
    }
    outputs.putIfAbsent(text, name.span());
  }
}
