package dev.weir.mapper.random;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.check.CascadeWriter;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.Site;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Problems put together again after a cut, without what the cut left over. */
final class Reduced {

  private final Problem problem;
  private final Cascade cascade;
  private final LevelName top;
  private final Map<TensorName, Einsum> placed = new HashMap<>();
  private final Map<TensorName, Tensor> tensors;

  private Reduced(Problem problem, Cascade cascade) {
    this.problem = problem;
    this.cascade = cascade;
    this.top = problem.architecture().top().name();
    this.tensors = cascade.tensorsByName();
    cascade.einsums().stream()
        .filter(einsum -> !einsum.isInitial())
        .forEach(einsum -> placed.put(einsum.output().tensor(), einsum));
  }

  /** The problem with a simpler cascade; nothing when it is none. */
  static Optional<Problem> with(Problem problem, Cascade cut) {
    List<Tensor> tensors = tensors(cut);
    Cascade cascade =
        new Cascade(cut.name(), cut.partitions(), tensors, cut.scalars(), cut.einsums());
    SourceFile file = new SourceFile("reduced.edge", CascadeWriter.write(cascade));
    return CascadeReader.read(file, new Diagnostics())
        .flatMap(
            read ->
                new Reduced(problem, read)
                    .problem(problem.schedule().root(), problem.shapes()::of));
  }

  /** The problem with a simpler tree. */
  static Optional<Problem> with(Problem problem, Node root) {
    return new Reduced(problem, problem.cascade()).problem(root, problem.shapes()::of);
  }

  /** The problem with a smaller shape of one rank. */
  static Optional<Problem> with(Problem problem, RankName rank, long shape) {
    return new Reduced(problem, problem.cascade())
        .problem(
            problem.schedule().root(),
            other -> other.equals(rank) ? shape : problem.shapes().of(other));
  }

  /** Inputs first; what nobody produces any more comes in, what nobody reads any more goes out. */
  private static List<Tensor> tensors(Cascade cut) {
    Set<TensorName> produced = new HashSet<>();
    Set<TensorName> read = new HashSet<>();
    for (Einsum einsum : cut.einsums()) {
      produced.add(einsum.output().tensor());
      einsum.value().reads().forEach(access -> read.add(access.tensor()));
    }
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> others = new ArrayList<>();
    for (Tensor tensor : cut.tensors()) {
      if (!produced.contains(tensor.name()) && read.contains(tensor.name())) {
        inputs.add(with(tensor, Tensor.Role.INPUT));
      } else if (produced.contains(tensor.name())) {
        others.add(read.contains(tensor.name()) ? tensor : with(tensor, Tensor.Role.OUTPUT));
      }
    }
    inputs.addAll(others);
    return inputs;
  }

  private static Tensor with(Tensor tensor, Tensor.Role role) {
    Optional<RankName> generations =
        role == Tensor.Role.INPUT ? Optional.empty() : tensor.generations();
    return new Tensor(tensor.name(), role, tensor.ranks(), generations, tensor.empty());
  }

  private Optional<Problem> problem(Node root, ToLongFunction<RankName> shapes) {
    Map<RankName, Long> workload = new HashMap<>();
    cascade.workloadRanks().forEach(rank -> workload.put(rank, shapes.applyAsLong(rank)));
    Map<RankName, Size> bound = new HashMap<>();
    cascade
        .partitions()
        .forEach(split -> bound.put(split.inner(), Size.of(shapes.applyAsLong(split.inner()))));
    return swept(root)
        .map(
            node ->
                Problem.of(
                    cascade,
                    new Schedule(
                        problem.schedule().name(), "", cascade.name(), Map.of(), bound, node),
                    problem.architecture(),
                    workload));
  }

  /** Without computes of nothing, loops around nothing, and keeps of what nobody uses. */
  private Optional<Node> swept(Node node) {
    return switch (node) {
      case Node.Compute compute ->
          placed.containsKey(compute.einsum()) ? Optional.of(node) : Optional.empty();
      case Node.Seq seq -> seq(seq.parts());
      case Node.Par par -> parts(par.parts(), Node.Par::new);
      case Node.Interleave i -> parts(i.parts(), p -> new Node.Interleave(i.unit(), p));
      case Node.Keep keep -> swept(keep.body()).map(body -> keep(keep, body));
      case Node.Spatial l -> swept(l.body()).map(body -> spatial(l, body));
      case Node.For l -> swept(l.body()).map(body -> temporal(l, body));
      case Node.Iterate l when cascade.iterativeRanks().contains(l.rank()) ->
          swept(l.body()).map(body -> l.withChildren(List.of(body)));
      case Node.Iterate l -> swept(new Node.For(l.rank(), Size.of(1), false, l.body()));
      case Node.Last l when !cascade.iterativeRanks().contains(l.rank()) -> swept(l.body());
      case Node.Pipeline _, Node.Stage _, Node.Last _ ->
          swept(node.children().getFirst()).map(body -> node.withChildren(List.of(body)));
    };
  }

  private Optional<Node> seq(List<Node> parts) {
    List<Node> flat = new ArrayList<>();
    for (Node part : parts) {
      swept(part)
          .ifPresent(
              swept -> flat.addAll(swept instanceof Node.Seq s ? s.parts() : List.of(swept)));
    }
    return together(flat, Node.Seq::new);
  }

  private Optional<Node> parts(List<Node> parts, Function<List<Node>, Node> all) {
    return together(parts.stream().flatMap(part -> swept(part).stream()).toList(), all);
  }

  private static Optional<Node> together(List<Node> parts, Function<List<Node>, Node> all) {
    return switch (parts.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(parts.getFirst());
      default -> Optional.of(all.apply(parts));
    };
  }

  private Node keep(Node.Keep keep, Node body) {
    Set<TensorName> used = usedBelow(body);
    List<TensorName> kept =
        keep.tensors().stream()
            .filter(used::contains)
            .filter(tensor -> !(keep.level().equals(top) && livesAtTop(tensor)))
            .toList();
    return kept.isEmpty()
        ? body
        : new Node.Keep(
            kept,
            keep.level(),
            keep.copies(),
            keep.doubleBuffered(),
            keep.refetch(),
            keep.inPlaceOf().filter(tensors::containsKey),
            body);
  }

  private boolean livesAtTop(TensorName tensor) {
    return tensors.get(tensor).role() != Tensor.Role.INTERMEDIATE;
  }

  private Set<TensorName> usedBelow(Node body) {
    Set<TensorName> used = new HashSet<>();
    for (Einsum einsum : below(body)) {
      used.add(einsum.output().tensor());
      einsum.value().reads().forEach(access -> used.add(access.tensor()));
    }
    return used;
  }

  private List<Einsum> below(Node body) {
    return Site.root(body).all().stream()
        .map(Site::node)
        .filter(Node.Compute.class::isInstance)
        .map(compute -> placed.get(((Node.Compute) compute).einsum()))
        .toList();
  }

  private Node spatial(Node.Spatial l, Node body) {
    Set<TensorName> used = usedBelow(body);
    Set<TensorName> outputs = new HashSet<>();
    for (Einsum einsum : below(body)) {
      if (einsum.reducedRanks().contains(l.rank())) {
        outputs.add(einsum.output().tensor());
      }
    }
    Node swept =
        new Node.Spatial(
            l.rank(),
            l.tile(),
            l.axis(),
            common(l.multicast(), used),
            common(l.reduce(), outputs),
            recomputed(l.recompute(), l.rank(), body),
            body);
    return loop(swept, l.rank(), body);
  }

  private Node temporal(Node.For l, Node body) {
    Set<TensorName> again = recomputed(l.recompute(), l.rank(), body);
    Node swept = new Node.For(l.rank(), l.tile(), l.skip(), again, l.flow(), body);
    return loop(swept, l.rank(), body);
  }

  /** Those that are still produced below, from Einsums that still lack the rank. */
  private Set<TensorName> recomputed(Set<TensorName> before, RankName rank, Node body) {
    Set<TensorName> lacking = new HashSet<>();
    for (Einsum einsum : below(body)) {
      if (!einsum.iterationSpace().contains(rank)) {
        lacking.add(einsum.output().tensor());
      }
    }
    return common(before, lacking);
  }

  private static Set<TensorName> common(Set<TensorName> one, Set<TensorName> other) {
    Set<TensorName> both = new HashSet<>(one);
    both.retainAll(other);
    return both;
  }

  /** The loop, unless no compute below has its rank. */
  private Node loop(Node loop, RankName rank, Node body) {
    boolean isNeeded = below(body).stream().anyMatch(e -> e.iterationSpace().contains(rank));
    return isNeeded ? loop.withChildren(List.of(body)) : body;
  }

  /** Ranks whose shape a schedule or a workload gives. */
  static Stream<RankName> shapedRanks(Problem problem) {
    return Stream.concat(
        problem.cascade().workloadRanks().stream().sorted(),
        problem.schedule().shapes().keySet().stream().sorted());
  }
}
