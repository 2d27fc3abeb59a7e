package dev.weir.einsum.check;

import dev.weir.einsum.ir.Distribution;
import dev.weir.einsum.ir.Quantity;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Spelling;
import dev.weir.einsum.syntax.Term;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What inputs are like: {@code inputs J[P,T] :: integers(0, M-1)}. */
final class DistributionLowering {

  static final String UNIFORM = "uniform";
  static final String NORMAL = "normal";
  static final String INTEGERS = "integers";
  static final String SIGNS = "signs";
  static final String PERMUTATION = "permutation";
  static final String RISING = "rising";

  /** How each is written. */
  private static final Map<String, String> FORMS = forms();

  private final Scope scope;
  private final Findings findings;
  private final ShapeLowering shapes;

  DistributionLowering(Scope scope, Findings findings, ShapeLowering shapes) {
    this.scope = scope;
    this.findings = findings;
    this.shapes = shapes;
  }

  private static Map<String, String> forms() {
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put(UNIFORM, "uniform(least, most)");
    forms.put(NORMAL, "normal(mean, deviation)");
    forms.put(INTEGERS, "integers(least, most)");
    forms.put(SIGNS, "signs()");
    forms.put(PERMUTATION, "permutation()");
    forms.put(RISING, "rising(first, last)");
    return forms;
  }

  /** All of them; what is wrong is reported and left out. */
  Map<TensorName, Distribution> lower() {
    Map<TensorName, Distribution> lowered = new LinkedHashMap<>();
    scope
        .distributions()
        .forEach(
            (input, said) ->
                lower(input, said).ifPresent(d -> lowered.put(new TensorName(input), d)));
    return lowered;
  }

  private Optional<Distribution> lower(String input, Term.Call said) {
    String word = said.function().text();
    if (!FORMS.containsKey(word)) {
      findings.error(
          said.function().span(),
          "unknown distribution (got %s, expected one of %s)"
              .formatted(word, String.join(", ", FORMS.values())),
          Spelling.nearest(word, FORMS.keySet()));
      return Optional.empty();
    }
    boolean hasBounds = !FORMS.get(word).endsWith("()");
    if (said.arguments().size() != (hasBounds ? 2 : 0)) {
      findings.error(
          said.span(),
          "wrong number of arguments (got %d, expected %s)"
              .formatted(said.arguments().size(), FORMS.get(word)));
      return Optional.empty();
    }
    boolean isAlong = word.equals(PERMUTATION) || word.equals(RISING);
    if (isAlong && scope.tensor(input).filter(Symbol::hasNoRanks).isPresent()) {
      findings.error(
          said.span(),
          "%s runs along the last rank (got %s without ranks, expected one)"
              .formatted(word, input));
      return Optional.empty();
    }
    if (hasBounds && !areInOrder(word, said)) {
      findings.error(
          said.span(),
          "a distribution has values (got '%s', expected %s)"
              .formatted(
                  findings.text(said.span()),
                  word.equals(NORMAL)
                      ? "a deviation above 0"
                      : "a first bound that is no larger than the second"));
      return Optional.empty();
    }
    List<Optional<Quantity>> bounds =
        said.arguments().stream().map(bound -> shapes.quantity(bound, "a distribution")).toList();
    return bounds.stream().allMatch(Optional::isPresent)
        ? Optional.of(of(word, bounds.stream().map(Optional::get).toList()))
        : Optional.empty();
  }

  /** What shapes decide is left to whoever draws. */
  private static boolean areInOrder(String word, Term.Call said) {
    OptionalDouble first = Terms.constant(said.arguments().get(0));
    OptionalDouble second = Terms.constant(said.arguments().get(1));
    return word.equals(NORMAL)
        ? second.isEmpty() || second.getAsDouble() > 0
        : first.isEmpty() || second.isEmpty() || first.getAsDouble() <= second.getAsDouble();
  }

  private static Distribution of(String word, List<Quantity> bounds) {
    return switch (word) {
      case UNIFORM -> new Distribution.Uniform(bounds.get(0), bounds.get(1));
      case NORMAL -> new Distribution.Normal(bounds.get(0), bounds.get(1));
      case INTEGERS -> new Distribution.Integers(bounds.get(0), bounds.get(1));
      case SIGNS -> new Distribution.Signs();
      case PERMUTATION -> new Distribution.Permutation();
      case RISING -> new Distribution.Rising(bounds.get(0), bounds.get(1));
      default -> throw new IllegalArgumentException("no distribution: " + word);
    };
  }
}
