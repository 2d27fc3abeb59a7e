package dev.weir.mapper.schedule;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.mapper.arch.ComputeUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Units have the operations of the Einsums that they compute. All that one lacks is one finding.
 */
final class OperationRule {

  /** Beyond this a product is no reasonable way to write a power. */
  private static final int LARGEST_EXPONENT = 4;

  /** An operation that the unit of a compute lacks. */
  private record Lack(Site site, Einsum einsum, OperationKind kind) {}

  private final Placement placement;
  private final Violations violations;

  private OperationRule(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    OperationRule rule = new OperationRule(placement, violations);
    placement.problem.architecture().units().forEach(rule::unit);
  }

  private void unit(ComputeUnit unit) {
    List<Lack> lacks =
        placement.sites.stream()
            .filter(site -> site.node() instanceof Node.Compute c && c.unit().equals(unit.name()))
            .flatMap(site -> lacks(site, unit))
            .toList();
    if (lacks.isEmpty()) {
      return;
    }
    Map<String, List<String>> einsums =
        lacks.stream()
            .collect(
                groupingBy(
                    lack -> lack.kind().text(),
                    TreeMap::new,
                    mapping(lack -> lack.einsum().output().tensor().text(), toList())));
    String missing =
        einsums.entrySet().stream()
            .map(entry -> entry.getKey() + " for " + String.join(", ", entry.getValue()))
            .collect(joining(", "));
    violations.add(
        Violation.Reason.OPERATION,
        lacks.getFirst().site(),
        new Violation.Subject.Word(unit.name().text(), true),
        "%s lacks operations (got %s, expected also %s)"
            .formatted(unit.name(), texts(unit.operations().keySet()), missing),
        Optional.of(fix(unit, lacks)));
  }

  private Stream<Lack> lacks(Site site, ComputeUnit unit) {
    Einsum einsum = placement.einsum(site);
    return Operations.perPoint(einsum, placement.problem.cascade()).keySet().stream()
        .filter(kind -> !unit.operations().containsKey(kind))
        .map(kind -> new Lack(site, einsum, kind));
  }

  private static String texts(Collection<OperationKind> kinds) {
    return String.join(", ", new TreeSet<>(kinds.stream().map(OperationKind::text).toList()));
  }

  /** A product for a power, a unit that has the operations, or the line of the architecture. */
  private String fix(ComputeUnit unit, List<Lack> lacks) {
    List<String> fixes = new ArrayList<>();
    Set<OperationKind> rest = new TreeSet<>();
    for (Lack lack : lacks) {
      Optional<String> product =
          lack.kind() == OperationKind.POWER ? product(lack.einsum()) : Optional.empty();
      product.filter(text -> !fixes.contains(text)).ifPresent(fixes::add);
      if (product.isEmpty()) {
        rest.add(lack.kind());
      }
    }
    if (!rest.isEmpty()) {
      fixes.add(
          capable(lacks)
              .map(other -> "compute " + einsums(lacks) + " on " + other.name())
              .orElse("give " + unit.name() + " " + texts(rest) + " in the architecture"));
    }
    return String.join("; ", fixes);
  }

  private static String einsums(List<Lack> lacks) {
    return lacks.stream()
        .map(lack -> lack.einsum().output().tensor().text())
        .distinct()
        .collect(joining(", "));
  }

  /** The unit that has every operation of the Einsums concerned. */
  private Optional<ComputeUnit> capable(List<Lack> lacks) {
    return placement.problem.architecture().units().stream()
        .filter(
            unit -> lacks.stream().allMatch(lack -> lacks(lack.site(), unit).findAny().isEmpty()))
        .findFirst();
  }

  /** {@code write X*X for X^2}, if that is all the powers of an Einsum. */
  private static Optional<String> product(Einsum einsum) {
    List<Expression.Binary> powers = powers(einsum.value()).toList();
    if (powers.isEmpty()
        || !powers.stream().allMatch(power -> exponent(power.right()).isPresent())) {
      return Optional.empty();
    }
    Expression.Binary first = powers.getFirst();
    String base =
        first.left() instanceof Expression.Read read ? read.access().tensor().text() : "x";
    int exponent = exponent(first.right()).orElseThrow();
    String factors = String.join("*", Collections.nCopies(exponent, base));
    return Optional.of("write %s for %s^%d".formatted(factors, base, exponent));
  }

  private static Stream<Expression.Binary> powers(Expression expression) {
    return expression
        .all()
        .filter(Expression.Binary.class::isInstance)
        .map(Expression.Binary.class::cast)
        .filter(binary -> binary.operator() == BinaryOperator.POWER);
  }

  private static Optional<Integer> exponent(Expression expression) {
    return expression instanceof Expression.Literal literal
            && literal.value() == Math.rint(literal.value())
            && literal.value() >= 2
            && literal.value() <= LARGEST_EXPONENT
        ? Optional.of((int) literal.value())
        : Optional.empty();
  }
}
