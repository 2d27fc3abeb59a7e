package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationVariant;
import dev.weir.mapper.arch.VariantName;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every name in the schedule exists. */
final class NameRules {

  private final Problem problem;
  private final Violations violations;
  private final Collection<String> variables;
  private final Collection<String> tensors;
  private final Collection<String> einsums;
  private final Collection<String> levels;
  private final Collection<String> units;
  private final Collection<String> axes;

  private NameRules(Problem problem, CascadeFacts facts, Violations violations) {
    this.problem = problem;
    this.violations = violations;
    this.variables = texts(Ranges.ranks(problem.cascade()).stream().map(RankName::variable));
    this.tensors = texts(problem.cascade().tensors().stream().map(Tensor::name));
    this.einsums = texts(facts.placed().stream().map(e -> e.output().tensor()));
    this.levels = texts(problem.architecture().levels().stream().map(MemoryLevel::name));
    this.units = texts(problem.architecture().units().stream().map(ComputeUnit::name));
    this.axes =
        texts(
            problem.architecture().units().stream()
                .flatMap(u -> u.axes().stream())
                .map(Axis::name));
  }

  static void check(Problem problem, CascadeFacts facts, Site root, Violations violations) {
    NameRules rules = new NameRules(problem, facts, violations);
    rules.shapes(root);
    root.all().forEach(rules::site);
  }

  private static Collection<String> texts(Stream<?> names) {
    return names.map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
  }

  private void shapes(Site root) {
    Collection<String> inner = texts(problem.cascade().partitions().stream().map(Partition::inner));
    problem
        .schedule()
        .shapes()
        .forEach(
            (rank, shape) -> {
              if (!inner.contains(rank.text())) {
                unknown(
                    root,
                    new Violation.Subject.BoundRank(rank),
                    "inner part of a partitioned rank",
                    rank.text(),
                    inner);
              }
              bound(root, rank, shape);
            });
  }

  /** Parts have their shapes from here, so these can only follow from other ranks. */
  private void bound(Site root, RankName rank, Size shape) {
    switch (shape) {
      case Size.Constant _ -> {}
      case Size.Parameter parameter -> {
        if (!problem.schedule().parameters().containsKey(parameter.name())) {
          unknownInShape(root, rank, parameter.name());
        }
      }
      case Size.ShapeOf of -> {
        if (!wholeRanks().contains(of.rank().text())) {
          unknownInShape(root, rank, of.rank().text());
        }
      }
      case Size.Product product -> {
        bound(root, rank, product.left());
        bound(root, rank, product.right());
      }
    }
  }

  private void unknownInShape(Site root, RankName rank, String name) {
    Collection<String> known = wholeRanks();
    known.addAll(problem.schedule().parameters().keySet());
    unknown(
        root,
        new Violation.Subject.BoundShape(rank, name),
        "parameter or rank of the workload",
        name,
        known);
  }

  private Collection<String> wholeRanks() {
    Collection<String> names = parametersAndRanks();
    names.removeAll(problem.schedule().parameters().keySet());
    for (Partition split : problem.cascade().partitions()) {
      names.remove(split.outer().text());
      names.remove(split.inner().text());
    }
    return names;
  }

  private void site(Site site) {
    switch (site.node()) {
      case Node.For loop -> {
        rank(site, loop.rank());
        size(site, loop.tile());
        loop.recompute().forEach(einsum -> einsum(site, einsum));
      }
      case Node.Spatial loop -> {
        rank(site, loop.rank());
        size(site, loop.tile());
        known(site, "axis", loop.axis().text(), axes, false);
        loop.multicast().forEach(tensor -> tensor(site, tensor));
        loop.reduce().forEach(tensor -> tensor(site, tensor));
        loop.recompute().forEach(einsum -> einsum(site, einsum));
      }
      case Node.Iterate loop -> rank(site, loop.rank());
      case Node.Last last -> rank(site, last.rank());
      case Node.Keep keep -> {
        keep.tensors().forEach(tensor -> tensor(site, tensor));
        keep.inPlaceOf().ifPresent(old -> known(site, "tensor", old.text(), tensors, true));
        known(site, "memory level", keep.level().text(), levels, true);
        size(site, keep.copies());
      }
      case Node.Pipeline loop -> {
        rank(site, loop.rank());
        size(site, loop.tile());
      }
      case Node.Interleave interleave ->
          known(site, "compute unit", interleave.unit().text(), units, true);
      case Node.Compute compute -> {
        einsum(site, compute.einsum());
        known(site, "compute unit", compute.unit().text(), units, true);
        problem
            .architecture()
            .unit(compute.unit())
            .ifPresent(unit -> variants(site, compute, unit));
      }
      case Node.Seq _, Node.Par _, Node.Stage _ -> {}
    }
  }

  private void variants(Site site, Node.Compute compute, ComputeUnit unit) {
    Collection<String> variants = texts(unit.variants().stream().map(OperationVariant::name));
    for (VariantName name : compute.variants()) {
      if (!variants.contains(name.text())) {
        // A word alone would leave its "with" behind.
        String without =
            "leave out " + (compute.variants().size() == 1 ? "with " : "") + name.text();
        Optional<String> near = nearest(name.text(), variants);
        unknown(
            site,
            new Violation.Subject.Word(name.text(), true),
            "variant of " + unit.name(),
            name.text(),
            variants,
            Optional.of(near.map(text -> text + ", or " + without).orElse(without)));
      }
    }
  }

  private void rank(Site site, RankName rank) {
    Optional<Partition> split =
        problem.cascade().partitions().stream().filter(s -> s.parent().equals(rank)).findFirst();
    if (split.isPresent()) {
      String parts = split.get().outer().variable() + " and " + split.get().inner().variable();
      violations.addAt(
          Violation.Reason.UNKNOWN_NAME,
          site,
          rank.variable(),
          "rank %s is partitioned and has no loops of its own (got %s, expected %s)"
              .formatted(rank, rank.variable(), parts),
          "loop over " + parts);
    } else {
      known(site, "rank variable", rank.variable(), variables, false);
    }
  }

  private void tensor(Site site, TensorName tensor) {
    known(site, "tensor", tensor.text(), tensors, false);
  }

  private void einsum(Site site, TensorName einsum) {
    known(site, "Einsum", einsum.text(), einsums, false);
  }

  private void size(Site site, Size size) {
    switch (size) {
      case Size.Constant _ -> {}
      case Size.Parameter parameter ->
          known(
              site, "parameter", parameter.name(), problem.schedule().parameters().keySet(), false);
      case Size.ShapeOf shape ->
          known(site, "parameter or rank", shape.rank().text(), parametersAndRanks(), false);
      case Size.Product product -> {
        size(site, product.left());
        size(site, product.right());
      }
    }
  }

  private Collection<String> parametersAndRanks() {
    Collection<String> names = texts(Ranges.ranks(problem.cascade()).stream());
    problem.cascade().partitions().forEach(split -> names.add(split.parent().text()));
    names.addAll(problem.schedule().parameters().keySet());
    return names;
  }

  private void known(Site site, String what, String name, Collection<String> known, boolean last) {
    if (!known.contains(name)) {
      unknown(site, new Violation.Subject.Word(name, last), what, name, known);
    }
  }

  private void unknown(
      Site site, Violation.Subject subject, String what, String name, Collection<String> known) {
    unknown(site, subject, what, name, known, nearest(name, known));
  }

  /** What was probably meant: a name alike, or the only one that there is. */
  private static Optional<String> nearest(String name, Collection<String> known) {
    return Spelling.nearest(name, known)
        .or(() -> known.size() == 1 ? known.stream().findFirst() : Optional.empty())
        .map(near -> "write " + near);
  }

  private void unknown(
      Site site,
      Violation.Subject subject,
      String what,
      String name,
      Collection<String> known,
      Optional<String> fix) {
    String expected =
        switch (known.size()) {
          case 0 -> "but there is none";
          case 1 -> "expected " + known.iterator().next();
          default -> "expected one of " + String.join(", ", known);
        };
    violations.add(
        Violation.Reason.UNKNOWN_NAME,
        site,
        subject,
        "no " + what + " " + name + " (got " + name + ", " + expected + ")",
        fix);
  }
}
