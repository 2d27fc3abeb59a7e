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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
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

  /** Einsums that read a vertex, and vertices that an Einsum reads, by plain reads. */
  private final List<List<Integer>> readers;

  private final List<List<Integer>> read;

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
            .filter(
                edge ->
                    isPlain(edge.access(), einsums.get(edge.reader()))
                        && !einsums.get(edge.producer()).isInitial())
            // Who reads the step before never needs what the last one wrote.
            .filter(edge -> edge.kind() != Dependences.Kind.PREVIOUS_GENERATION)
            .toList();
    int vertices = einsums.size() + inputs.size();
    this.readers = lists(vertices);
    this.read = lists(einsums.size());
    plain.forEach(edge -> link(edge.producer(), edge.reader()));
    for (int at = 0; at < inputs.size(); at++) {
      for (int place = 0; place < einsums.size(); place++) {
        if (sweeps(place, inputs.get(at))) {
          link(einsums.size() + at, place);
        }
      }
    }
  }

  private static List<List<Integer>> lists(int count) {
    return IntStream.range(0, count).<List<Integer>>mapToObj(_ -> new ArrayList<>()).toList();
  }

  private void link(int vertex, int reader) {
    readers.get(vertex).add(reader);
    read.get(reader).add(vertex);
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
      BitSet candidates) {}

  /** All moments, in the order of the Einsums that complete something. */
  List<Moment> moments() {
    List<Moment> moments = new ArrayList<>();
    for (int place = 0; place < einsums.size(); place++) {
      Einsum einsum = einsums.get(place);
      Tensor output = tensors.get(einsum.output().tensor());
      if (einsum.isInitial() || !completesFibers(einsum)) {
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

  /** By another rank, a fiber is complete at once only where that rank is reduced. */
  private boolean completesFibers(Einsum einsum) {
    return family.hasSteps(einsum.iterationSpace())
        || family.namesakeOf(einsum, tensors).filter(einsum.reducedRanks()::contains).isPresent();
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

  private Optional<Moment> moment(int producer, List<Edge> waiting) {
    BitSet after = new BitSet();
    waiting.forEach(edge -> after.set(edge.reader()));
    close(after, readers::get);
    BitSet before = new BitSet();
    before.set(producer);
    close(before, place -> read.get(place).stream().filter(this::isEinsum).toList());
    List<RankName> ranks = new ArrayList<>(einsums.get(producer).output().ranks().toList());
    einsums.get(producer).populate().map(Populate::slot).ifPresent(ranks::remove);
    List<RankFamily> fixed = others.stream().filter(other -> other.isWhole(ranks)).toList();
    return after.isEmpty() || before.intersects(after)
        ? Optional.empty()
        : Optional.of(new Moment(producer, before, after, fixed));
  }

  private boolean isEinsum(int vertex) {
    return vertex < einsums.size();
  }

  /** Adds all that can be reached. */
  private static void close(BitSet set, IntFunction<List<Integer>> next) {
    Deque<Integer> waiting = new ArrayDeque<>(set.stream().boxed().toList());
    while (!waiting.isEmpty()) {
      for (int vertex : next.apply(waiting.poll())) {
        if (!set.get(vertex)) {
          set.set(vertex);
          waiting.add(vertex);
        }
      }
    }
  }

  /**
   * The lightest set that parts what was before a moment, at one coordinate, from what is after.
   */
  Cut living(Moment moment) {
    return cut(moment, moment.after(), candidates(moment, moment.after()), List.of(), false);
  }

  /**
   * The lightest sets that part what was before a moment from some Einsums after it: one for each
   * choice of ranks to count all coordinates of, as what is the same for all of a rank counts once.
   *
   * @param intermediateOnly whether inputs and outputs weigh nothing, as they are off the chip
   *     anyway
   */
  List<Cut> cuts(Moment moment, BitSet targets, boolean intermediateOnly) {
    BitSet candidates = candidates(moment, targets);
    return candidates.stream()
        .mapToObj(this::tensor)
        .filter(tensor -> family.hasSteps(tensor.ranks()))
        .map(tensor -> fixedOf(moment, tensor))
        .distinct()
        .map(forEach -> cut(moment, targets, candidates, forEach, intermediateOnly))
        .toList();
  }

  /** Those ranks of a moment for each of whose coordinates a tensor has words of its own. */
  List<RankFamily> fixedOf(Moment moment, Tensor tensor) {
    return moment.fixed().stream().filter(other -> other.isWhole(tensor.ranks())).toList();
  }

  /** Tensors that lack one of the ranks weigh nothing: their words are the same for all of it. */
  private Cut cut(
      Moment moment,
      BitSet targets,
      BitSet candidates,
      List<RankFamily> forEach,
      boolean intermediateOnly) {
    int[] vertices = candidates.stream().toArray();
    long[] weights = new long[vertices.length + 1];
    List<List<RankName>> blocks = new ArrayList<>();
    for (int at = 0; at < vertices.length; at++) {
      Tensor tensor = tensor(vertices[at]);
      boolean weighs =
          family.hasSteps(tensor.ranks())
              && !(intermediateOnly && tensor.role() != Tensor.Role.INTERMEDIATE)
              && forEach.stream().allMatch(other -> other.isWhole(tensor.ranks()));
      blocks.add(weighs ? block(tensor, moment) : List.of());
      weights[at] = weighs ? TensorWords.of(blocks.get(at), cascade.partitions(), shapes) : 0;
    }
    SmallestCut graph = new SmallestCut(weights);
    // All targets are one sink behind the candidates.
    graph.sink(vertices.length);
    for (int at = 0; at < vertices.length; at++) {
      if (!isEinsum(vertices[at]) || moment.before().get(vertices[at])) {
        graph.source(at);
      }
      for (int reader : readers.get(vertices[at])) {
        if (targets.get(reader)) {
          graph.edge(at, vertices.length);
        } else if (candidates.get(reader) && !moment.before().get(reader)) {
          graph.edge(at, Arrays.binarySearch(vertices, reader));
        }
      }
    }
    List<Integer> chosen = graph.vertices().stream().filter(at -> weights[at] > 0).boxed().toList();
    return new Cut(
        chosen.stream().map(at -> tensor(vertices[at])).toList(),
        chosen.stream().map(blocks::get).toList(),
        forEach.stream().map(RankFamily::root).toList(),
        chosen.stream().mapToLong(at -> weights[at]).reduce(0, Math::addExact),
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

  private boolean sweeps(int place, Tensor input) {
    return einsums.get(place).reads().stream()
        .anyMatch(
            access -> access.tensor().equals(input.name()) && isPlain(access, einsums.get(place)));
  }

  /** Vertices between what was before, or was swept over by then, and the targets. */
  private BitSet candidates(Moment moment, BitSet targets) {
    BitSet forward = (BitSet) moment.before().clone();
    moment.before().stream()
        .forEach(
            place ->
                read.get(place).stream().filter(vertex -> !isEinsum(vertex)).forEach(forward::set));
    close(
        forward,
        vertex -> readers.get(vertex).stream().filter(place -> !targets.get(place)).toList());
    BitSet backward = new BitSet();
    targets.stream().forEach(place -> read.get(place).forEach(backward::set));
    backward.andNot(targets);
    close(
        backward,
        vertex -> isEinsum(vertex) && !moment.before().get(vertex) ? read.get(vertex) : List.of());
    forward.and(backward);
    return forward;
  }

  private Tensor tensor(int vertex) {
    return vertex < einsums.size()
        ? tensors.get(einsums.get(vertex).output().tensor())
        : inputs.get(vertex - einsums.size());
  }

  private boolean isPlain(Access access, Einsum reader) {
    Tensor tensor = tensors.get(access.tensor());
    Optional<RankName> reduced =
        family.namesake(access, tensor).filter(reader.reducedRanks()::contains);
    return isPlain(access, false, reduced);
  }

  private boolean isPlainExceptLast(Access access) {
    return isPlain(access, true, Optional.empty());
  }

  private boolean isPlain(Access access, boolean mayBeLast, Optional<RankName> namesake) {
    List<RankName> ranks = tensors.get(access.tensor()).ranks();
    return IntStream.range(0, ranks.size())
        .allMatch(
            at ->
                switch (access.indices().get(at)) {
                  case Index.Coordinate c -> c.rank().equals(ranks.get(at));
                  case Index.Joined j -> j.parent().equals(ranks.get(at));
                  case Index.Next n -> n.rank().equals(ranks.get(at));
                  case Index.Last _ -> mayBeLast && family.members().contains(ranks.get(at));
                  case Index.Affine _ ->
                      namesake.isPresent() && ranks.get(at).equals(family.root());
                  case Index.Fixed _, Index.HeadMap _, Index.Computed _, Index.Gathered _ -> false;
                });
  }
}
