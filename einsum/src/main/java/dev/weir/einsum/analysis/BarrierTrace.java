package dev.weir.einsum.analysis;

import dev.weir.einsum.analysis.Dependences.Edge;
import dev.weir.einsum.analysis.PassReport.Barrier;
import dev.weir.einsum.analysis.PassReport.Completion;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Walks back from an Einsum of a late pass to what delayed it, barrier by barrier. */
final class BarrierTrace {

  private final RankFamily family;
  private final SweepTimes times;
  private final List<Einsum> einsums;
  private final Map<TensorName, Tensor> tensors;

  BarrierTrace(Dependences dependences, RankFamily family, SweepTimes times) {
    this.family = family;
    this.times = times;
    this.einsums = dependences.cascade().einsums();
    this.tensors = dependences.cascade().tensorsByName();
  }

  /** What forces each pass up to that of an Einsum, the first barrier first. */
  List<Barrier> barriersBefore(int place) {
    List<Barrier> barriers = new ArrayList<>();
    int from = place;
    while (times.earliest(from) > 2) {
      int reopening = reopening(from);
      int time = times.earliest(reopening) - 1;
      Completed completed = completed(reopening, time);
      barriers.addFirst(barrier(reopening, time / 2, completed));
      from = completed.from();
    }
    return barriers;
  }

  /** An Einsum of the same pass, at or before a place, that itself waits for the pass before. */
  private int reopening(int place) {
    int time = times.earliest(place);
    Deque<Integer> waiting = new ArrayDeque<>(List.of(place));
    Set<Integer> seen = new HashSet<>(waiting);
    while (!waiting.isEmpty()) {
      int current = waiting.poll();
      List<Edge> delaying = times.into(current);
      if (times.isWhole(current)
          && delaying.stream().anyMatch(edge -> times.available(edge) == time - 1)) {
        return current;
      }
      for (Edge edge : delaying) {
        if (times.available(edge) == time && seen.add(edge.producer())) {
          waiting.add(edge.producer());
        }
      }
    }
    throw new IllegalStateException("nothing opens pass " + (time + 1) / 2);
  }

  /**
   * Where a value became complete.
   *
   * @param completing the Einsum that needed all of a fiber
   * @param from the Einsum in the ended pass that wrote last what was needed
   * @param of whose fiber was needed
   * @param how in which way
   * @param way the tensors from there to what the next pass reads
   */
  private record Completed(
      int completing, int from, List<TensorName> of, Completion how, List<TensorName> way) {}

  private Completed completed(int reopening, int time) {
    Map<Integer, Integer> readBy = new HashMap<>();
    Deque<Integer> waiting = new ArrayDeque<>(List.of(reopening));
    while (!waiting.isEmpty()) {
      int current = waiting.poll();
      for (Edge edge : times.into(current)) {
        int producer = edge.producer();
        if (times.available(edge) != time) {
          continue;
        }
        if (times.written(producer, times.earliest(producer)) < time) {
          boolean isLast = edge.kind() == Dependences.Kind.LAST_GENERATION;
          return new Completed(
              current,
              producer,
              List.of(edge.access().tensor()),
              isLast ? Completion.LAST_GENERATION : Completion.ANY_COORDINATE,
              way(current, reopening, readBy));
        }
        boolean isNew = readBy.putIfAbsent(producer, current) == null;
        if (times.earliest(producer) < time) {
          return new Completed(
              producer,
              producer,
              swept(producer),
              completion(einsums.get(producer)),
              way(producer, reopening, readBy));
        }
        if (isNew) {
          waiting.add(producer);
        }
      }
    }
    throw new IllegalStateException("nothing ends pass " + time / 2);
  }

  /** Who goes through by another rank and keeps that rank completes a fiber of the other. */
  private Completion completion(Einsum producer) {
    return family
        .namesakeOf(producer, tensors)
        .filter(rank -> !producer.reducedRanks().contains(rank))
        .map(_ -> Completion.OTHER_RANK)
        .orElse(Completion.REDUCTION);
  }

  private List<TensorName> way(int from, int to, Map<Integer, Integer> readBy) {
    List<TensorName> way = new ArrayList<>();
    for (int place = from; place != to; place = readBy.get(place)) {
      way.add(einsums.get(place).output().tensor());
    }
    return way;
  }

  private Barrier barrier(int reopening, int endedPass, Completed completed) {
    List<TensorName> rereads = new ArrayList<>();
    List<TensorName> firstReads = new ArrayList<>();
    for (TensorName tensor : swept(reopening)) {
      if (!family.isWhole(tensors.get(tensor).ranks())) {
        continue;
      }
      (isTouchedBy(tensor, 2 * endedPass) ? rereads : firstReads).add(tensor);
    }
    return new Barrier(
        endedPass,
        einsums.get(completed.completing()).output().tensor(),
        completed.of(),
        completed.how(),
        completed.way(),
        einsums.get(reopening).output().tensor(),
        rereads,
        firstReads);
  }

  private List<TensorName> swept(int place) {
    return einsums.get(place).reads().stream()
        .filter(access -> family.hasSteps(tensors.get(access.tensor()).ranks()))
        .filter(access -> family.isAlongFibers(access, tensors.get(access.tensor())))
        .map(Access::tensor)
        .distinct()
        .toList();
  }

  private boolean isTouchedBy(TensorName tensor, int time) {
    for (int place = 0; place < einsums.size(); place++) {
      Einsum einsum = einsums.get(place);
      boolean touches =
          einsum.output().tensor().equals(tensor)
              || einsum.reads().stream().anyMatch(access -> access.tensor().equals(tensor));
      if (touches && times.earliest(place) <= time) {
        return true;
      }
    }
    return false;
  }
}
