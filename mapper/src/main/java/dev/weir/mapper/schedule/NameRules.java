package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Spelling;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import java.util.Collection;
import java.util.List;
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
    List<RankName> inner = problem.cascade().partitions().stream().map(Partition::inner).toList();
    for (RankName rank : problem.schedule().shapes().keySet()) {
      if (!inner.contains(rank)) {
        unknown(root, "inner part of a partitioned rank", rank.text(), texts(inner.stream()));
      }
    }
  }

  private void site(Site site) {
    switch (site.node()) {
      case Node.For loop -> {
        rank(site, loop.rank());
        size(site, loop.tile());
      }
      case Node.Spatial loop -> {
        rank(site, loop.rank());
        size(site, loop.tile());
        known(site, "axis", loop.axis().text(), axes);
        loop.multicast().forEach(tensor -> tensor(site, tensor));
        loop.reduce().forEach(tensor -> tensor(site, tensor));
      }
      case Node.Iterate loop -> rank(site, loop.rank());
      case Node.Last last -> rank(site, last.rank());
      case Node.Keep keep -> {
        keep.tensors().forEach(tensor -> tensor(site, tensor));
        known(site, "memory level", keep.level().text(), levels);
        size(site, keep.copies());
      }
      case Node.Pipeline loop -> {
        rank(site, loop.rank());
        size(site, loop.tile());
      }
      case Node.Interleave interleave ->
          known(site, "compute unit", interleave.unit().text(), units);
      case Node.Compute compute -> {
        known(site, "Einsum", compute.einsum().text(), einsums);
        known(site, "compute unit", compute.unit().text(), units);
      }
      case Node.Seq _, Node.Par _, Node.Stage _ -> {}
    }
  }

  private void rank(Site site, RankName rank) {
    Optional<Partition> split =
        problem.cascade().partitions().stream().filter(s -> s.parent().equals(rank)).findFirst();
    if (split.isPresent()) {
      String parts = split.get().outer().variable() + " and " + split.get().inner().variable();
      violations.add(
          Violation.Reason.UNKNOWN_NAME,
          site,
          "rank " + rank + " is partitioned and has no loops of its own",
          "loop over " + parts);
    } else {
      known(site, "rank variable", rank.variable(), variables);
    }
  }

  private void tensor(Site site, TensorName tensor) {
    known(site, "tensor", tensor.text(), tensors);
  }

  private void size(Site site, Size size) {
    switch (size) {
      case Size.Constant _ -> {}
      case Size.Parameter parameter ->
          known(site, "parameter", parameter.name(), problem.schedule().parameters().keySet());
      case Size.ShapeOf shape ->
          known(site, "parameter or rank", shape.rank().text(), parametersAndRanks());
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

  private void known(Site site, String what, String name, Collection<String> known) {
    if (!known.contains(name)) {
      unknown(site, what, name, known);
    }
  }

  private void unknown(Site site, String what, String name, Collection<String> known) {
    String all = known.isEmpty() ? "none, there is none" : String.join(", ", known);
    violations.add(
        Violation.Reason.UNKNOWN_NAME,
        site,
        "no " + what + " " + name + " (got " + name + ", expected one of " + all + ")",
        Spelling.nearest(name, known).map(near -> "write " + near));
  }
}
