package dev.weir.einsum.analysis;

import dev.weir.einsum.analysis.Dependences.Edge;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What crosses the moment at which a value that needs a whole fiber is complete, for one rank.
 * Everything that the value depends on has then been computed, nothing that depends on it has, so
 * what leads from the one to the other is somewhere: the lightest set of tensors whose fibers part
 * them is a lower bound for it, whatever the mapping, as long as no point is computed twice. Only
 * reads whose indices are plain rank variables count, since others may leave elements out.
 */
final class Crossings {

  private final RankFamily family;
  private final Cascade cascade;
  private final SweepTimes times;
  private final Shapes shapes;
  private final List<Einsum> einsums;
  private final List<Tensor> inputs;
  private final Map<TensorName, Tensor> tensors;
  private final List<RankFamily> others;
  private final List<Edge> plain;

  Crossings(
      RankFamily family,
      List<RankFamily> families,
      Dependences dependences,
      SweepTimes times,
      Shapes shapes) {
    this.family = family;
    this.cascade = dependences.cascade();
    this.times = times;
    this.shapes = shapes;
    this.einsums = cascade.einsums();
    this.tensors = cascade.tensorsByName();
    this.inputs = cascade.tensors().stream().filter(t -> t.role() == Tensor.Role.INPUT).toList();
    this.others = families.stream().filter(other -> !other.root().equals(family.root())).toList();
    this.plain =
        IntStream.range(0, einsums.size())
            .mapToObj(times::into)
            .flatMap(List::stream)
            .filter(edge -> isPlain(edge.access()) && !einsums.get(edge.producer()).isInitial())
            .toList();
  }

  /**
   * A moment.
   *
   * @param producer place of the Einsum whose whole fiber is needed
   * @param before Einsums that have been everywhere by then
   * @param after Einsums that have been nowhere
   * @param fixed ranks, no part of another, for each of whose coordinates there is such a moment
   */
  record Moment(int producer, BitSet before, BitSet after, List<RankFamily> fixed) {}

  /**
   * What is somewhere at a moment.
   *
   * @param tensors whose fibers
   * @param blocks the ranks of each that are there in full
   * @param forEach ranks for each of whose coordinates that holds anew, about other words
   * @param words all of them, at one coordinate of {@code forEach}
   * @param candidates all tensors that could be among them
   */
  record Cut(
      List<Tensor> tensors,
      List<List<RankName>> blocks,
      List<RankName> forEach,
      long words,
      BitSet candidates) {

    /** Enough to compare by, and never too large. */
    private double roughTotal(Shapes shapes) {
      return forEach.stream().mapToDouble(shapes::of).reduce((double) words, (a, b) -> a * b);
    }
  }

  /** All moments, in the order of the Einsums that complete something. */
  List<Moment> moments() {
    List<Moment> moments = new ArrayList<>();
    for (int place = 0; place < einsums.size(); place++) {
      Einsum einsum = einsums.get(place);
      Tensor output = tensors.get(einsum.output().tensor());
      if (einsum.isInitial() || !family.hasSteps(einsum.iterationSpace())) {
        continue;
      }
      if (!family.isStepwise(einsum.output(), output)) {
        int producer = place;
        moment(place, plain.stream().filter(e -> e.producer() == producer).toList())
            .ifPresent(moments::add);
      } else {
        moment(place, lastReads(place)).ifPresent(moments::add);
      }
    }
    return moments;
  }

  private List<Edge> lastReads(int producer) {
    return IntStream.range(0, einsums.size())
        .mapToObj(times::into)
        .flatMap(List::stream)
        .filter(edge -> edge.producer() == producer)
        .filter(edge -> edge.kind() == Dependences.Kind.LAST_GENERATION)
        .filter(edge -> family.among(tensors.get(edge.access().tensor()).ranks()).size() == 1)
        .filter(edge -> !family.isAlongFibers(edge.access(), tensors.get(edge.access().tensor())))
        .filter(edge -> isPlainExceptLast(edge.access()))
        .toList();
  }

  private Optional<Moment> moment(int producer, List<Edge> readers) {
    BitSet after = new BitSet();
    readers.forEach(edge -> after.set(edge.reader()));
    BitSet before = new BitSet();
    before.set(producer);
    boolean changed = true;
    while (changed) {
      int known = before.cardinality() + after.cardinality();
      for (Edge edge : plain) {
        if (before.get(edge.reader())) {
          before.set(edge.producer());
        }
        if (after.get(edge.producer())) {
          after.set(edge.reader());
        }
      }
      changed = before.cardinality() + after.cardinality() > known;
    }
    List<RankName> ranks = new ArrayList<>(einsums.get(producer).output().ranks().toList());
    einsums.get(producer).populate().map(Populate::slot).ifPresent(ranks::remove);
    List<RankFamily> fixed = others.stream().filter(other -> other.isWhole(ranks)).toList();
    return after.isEmpty() || before.intersects(after)
        ? Optional.empty()
        : Optional.of(new Moment(producer, before, after, fixed));
  }

  /**
   * The lightest set that parts what was before a moment from some Einsums after it.
   *
   * @param intermediateOnly whether inputs and outputs weigh nothing, as they are off the chip
   *     anyway
   */
  Cut cut(Moment moment, BitSet targets, boolean intermediateOnly) {
    BitSet candidates = candidates(moment, targets);
    List<RankFamily> shared =
        moment.fixed().stream()
            .filter(
                other ->
                    candidates.stream()
                        .mapToObj(this::tensor)
                        .filter(tensor -> family.hasSteps(tensor.ranks()))
                        .allMatch(tensor -> other.isWhole(tensor.ranks())))
            .toList();
    Cut ofAll = cut(moment, targets, candidates, shared, intermediateOnly);
    Cut ofOwn = cut(moment, targets, candidates, moment.fixed(), intermediateOnly);
    return ofOwn.roughTotal(shapes) > ofAll.roughTotal(shapes) ? ofOwn : ofAll;
  }

  /** Tensors that lack one of the ranks weigh nothing: their words are the same for all of it. */
  private Cut cut(
      Moment moment,
      BitSet targets,
      BitSet candidates,
      List<RankFamily> forEach,
      boolean intermediateOnly) {
    long[] weights = new long[einsums.size() + inputs.size()];
    List<List<RankName>> blocks = new ArrayList<>();
    for (int vertex = 0; vertex < weights.length; vertex++) {
      Tensor tensor = tensor(vertex);
      boolean weighs =
          family.hasSteps(tensor.ranks())
              && !(intermediateOnly && tensor.role() != Tensor.Role.INTERMEDIATE)
              && forEach.stream().allMatch(other -> other.isWhole(tensor.ranks()));
      blocks.add(weighs ? block(tensor, moment) : List.of());
      weights[vertex] =
          weighs ? TensorWords.of(blocks.get(vertex), cascade.partitions(), shapes) : 0;
    }
    SmallestCut graph = new SmallestCut(weights);
    moment.before().stream().forEach(graph::source);
    sources(moment).stream().forEach(graph::source);
    targets.stream().forEach(graph::sink);
    crossing().forEach(edge -> graph.edge(edge[0], edge[1]));
    BitSet cut = graph.vertices();
    List<Integer> chosen = cut.stream().filter(vertex -> weights[vertex] > 0).boxed().toList();
    return new Cut(
        chosen.stream().map(this::tensor).toList(),
        chosen.stream().map(blocks::get).toList(),
        forEach.stream().map(RankFamily::root).toList(),
        chosen.stream().mapToLong(vertex -> weights[vertex]).reduce(0, Math::addExact),
        candidates);
  }

  /** Ranks of a tensor that a moment concerns in full: not those that it concerns one by one. */
  private List<RankName> block(Tensor tensor, Moment moment) {
    List<RankName> block = new ArrayList<>(tensor.ranks());
    List<RankName> ofMoment = einsums.get(moment.producer()).output().ranks().toList();
    others.stream()
        .filter(other -> !other.among(ofMoment).isEmpty())
        .forEach(other -> block.removeAll(other.members()));
    return block;
  }

  /** Inputs that something before a moment has swept over. */
  private BitSet sources(Moment moment) {
    BitSet sources = new BitSet();
    for (int at = 0; at < inputs.size(); at++) {
      Tensor input = inputs.get(at);
      if (moment.before().stream().anyMatch(place -> sweeps(place, input))) {
        sources.set(einsums.size() + at);
      }
    }
    return sources;
  }

  private boolean sweeps(int place, Tensor input) {
    return einsums.get(place).reads().stream()
        .anyMatch(access -> access.tensor().equals(input.name()) && isPlain(access));
  }

  /** Whose fibers are read, by which Einsum. */
  private List<int[]> crossing() {
    List<int[]> crossing = new ArrayList<>();
    plain.forEach(edge -> crossing.add(new int[] {edge.producer(), edge.reader()}));
    for (int at = 0; at < inputs.size(); at++) {
      for (int place = 0; place < einsums.size(); place++) {
        if (sweeps(place, inputs.get(at))) {
          crossing.add(new int[] {einsums.size() + at, place});
        }
      }
    }
    return crossing;
  }

  /** Vertices between what was before and the targets. */
  private BitSet candidates(Moment moment, BitSet targets) {
    List<int[]> edges = crossing();
    BitSet forward = (BitSet) moment.before().clone();
    forward.or(sources(moment));
    BitSet backward = new BitSet();
    boolean changed = true;
    while (changed) {
      int known = forward.cardinality() + backward.cardinality();
      for (int[] edge : edges) {
        if (forward.get(edge[0]) && !targets.get(edge[1])) {
          forward.set(edge[1]);
        }
        if (targets.get(edge[1]) || (backward.get(edge[1]) && !moment.before().get(edge[1]))) {
          backward.set(edge[0]);
        }
      }
      changed = forward.cardinality() + backward.cardinality() > known;
    }
    forward.and(backward);
    return forward;
  }

  private Tensor tensor(int vertex) {
    return vertex < einsums.size()
        ? tensors.get(einsums.get(vertex).output().tensor())
        : inputs.get(vertex - einsums.size());
  }

  private boolean isPlain(Access access) {
    return isPlain(access, false);
  }

  private boolean isPlainExceptLast(Access access) {
    return isPlain(access, true);
  }

  private boolean isPlain(Access access, boolean mayBeLast) {
    List<RankName> ranks = tensors.get(access.tensor()).ranks();
    return IntStream.range(0, ranks.size())
        .allMatch(
            at ->
                switch (access.indices().get(at)) {
                  case Index.Coordinate c -> c.rank().equals(ranks.get(at));
                  case Index.Joined j -> j.parent().equals(ranks.get(at));
                  case Index.Next n -> n.rank().equals(ranks.get(at));
                  case Index.Last _ -> mayBeLast && family.members().contains(ranks.get(at));
                  case Index.Fixed _,
                      Index.Affine _,
                      Index.HeadMap _,
                      Index.Computed _,
                      Index.Gathered _ ->
                      false;
                });
  }
}
