package dev.weir.mapper.schedule;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.UnitName;
import dev.weir.mapper.arch.VariantName;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Units reach the levels, and do one thing at a time. */
final class UnitRules {

  private final Placement placement;
  private final Violations violations;

  private UnitRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    OperationRule.check(placement, violations);
    UnitRules rules = new UnitRules(placement, violations);
    for (Site site : placement.sites) {
      if (site.node() instanceof Node.Compute compute) {
        ComputeUnit unit = placement.problem.architecture().unit(compute.unit()).orElseThrow();
        rules.variants(site, compute, unit);
        rules.reads(site, unit);
        rules.writes(site, unit);
      } else if (site.node() instanceof Node.Par) {
        rules.branches(site);
      }
    }
  }

  /** Variants of different operations, each of which the Einsum needs. */
  private void variants(Site site, Node.Compute compute, ComputeUnit unit) {
    Einsum einsum = placement.einsum(site);
    Set<OperationKind> needed = Operations.perPoint(einsum, placement.problem.cascade()).keySet();
    Map<OperationKind, VariantName> chosen = new EnumMap<>(OperationKind.class);
    for (VariantName name : compute.variants()) {
      OperationKind kind = unit.variant(name).orElseThrow().of();
      VariantName before = chosen.putIfAbsent(kind, name);
      if (before != null) {
        variant(
            site,
            compute,
            name,
            "%s and %s are both variants of %s".formatted(before, name, kind.text()));
      } else if (!needed.contains(kind)) {
        variant(
            site,
            compute,
            name,
            "%s needs no %s, of which %s is a variant"
                .formatted(compute.einsum(), kind.text(), name));
      }
    }
  }

  /** A word alone would leave its {@code with} behind. */
  private void variant(Site site, Node.Compute compute, VariantName name, String message) {
    violations.add(
        Violation.Reason.OPERATION,
        site,
        new Violation.Subject.Word(name.text(), true),
        message,
        Optional.of("leave out " + (compute.variants().size() == 1 ? "with " : "") + name));
  }

  private void reads(Site site, ComputeUnit unit) {
    Einsum einsum = placement.einsum(site);
    for (TensorName operand : placement.facts.operandsOf(einsum)) {
      reach(site, unit, operand, "read", unit.reads());
    }
    if (accumulatesOverTime(site, einsum)) {
      reach(site, unit, einsum.output().tensor(), "read the unfinished sums of", unit.reads());
    }
  }

  /**
   * A sum whose contributions all arrive in one step is written without being read; slots are
   * written once.
   */
  private boolean accumulatesOverTime(Site site, Einsum einsum) {
    if (einsum.populate().isPresent()) {
      return false;
    }
    return placement
        .loopsAround(site)
        .filter(loop -> loop.spatial().isEmpty())
        .filter(loop -> placement.facts.reduced(einsum).contains(loop.rank()))
        .anyMatch(loop -> placement.mostTiles(loop) > 1);
  }

  private void writes(Site site, ComputeUnit unit) {
    reach(site, unit, placement.einsum(site).output().tensor(), "write", unit.writes());
  }

  private void reach(
      Site site, ComputeUnit unit, TensorName tensor, String verb, Set<LevelName> levels) {
    LevelName home = placement.homeLevel(site, tensor);
    if (!levels.contains(home)) {
      violations.add(
          Violation.Reason.REACH,
          site,
          new Violation.Subject.Word(unit.name().text(), true),
          "%s cannot %s %s at %s (got %s, expected one of %s)"
              .formatted(unit.name(), verb, tensor, home, home, join(levels)),
          Optional.of("keep " + tensor + " at a level that it reaches"));
    }
  }

  private static String join(Set<LevelName> levels) {
    return String.join(", ", new TreeSet<>(levels.stream().map(LevelName::text).toList()));
  }

  private void branches(Site par) {
    Set<UnitName> used = new HashSet<>();
    for (Site branch : par.children()) {
      List<UnitName> own =
          branch.all().stream()
              .filter(s -> s.node() instanceof Node.Compute)
              .map(s -> ((Node.Compute) s.node()).unit())
              .distinct()
              .toList();
      own.stream()
          .filter(used::contains)
          .forEach(
              unit ->
                  violations.add(
                      Violation.Reason.SHARED_UNIT,
                      branch,
                      "another branch of the par uses " + unit + " too",
                      "use seq or interleave " + unit));
      used.addAll(own);
    }
  }
}
