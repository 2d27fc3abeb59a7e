package dev.weir.simulator.pe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/** The tensors of a keep together. */
final class KeptTiles {

  private final List<KeptTensor> tensors;
  private final Mover initialiser;
  private final Deque<List<Mover.Move>> initialisations = new ArrayDeque<>();

  KeptTiles(List<KeptTensor> tensors, Clock clock) {
    this.tensors = List.copyOf(tensors);
    this.initialiser = new Mover(clock);
  }

  void open(long[] steps) {
    tensors.forEach(tensor -> tensor.open(steps));
  }

  void close(long[] steps) {
    tensors.forEach(tensor -> tensor.close(steps));
  }

  /** Generation 0 is written beside the work. */
  void initialise(long[] steps) {
    List<Mover.Move> moves = new ArrayList<>();
    for (KeptTensor tensor : tensors) {
      if (tensor.initial().isPresent()) {
        moves.add(tensor.initialise(steps));
      }
    }
    if (!moves.isEmpty()) {
      initialisations.add(moves);
      goOnInitialising();
    }
  }

  private void goOnInitialising() {
    if (initialiser.isIdle() && !initialisations.isEmpty()) {
      initialiser.move(initialisations.remove(), this::goOnInitialising);
    }
  }

  /** What writes generation 0. */
  Mover initialiser() {
    return initialiser;
  }

  boolean isInitialising() {
    return !initialiser.isIdle();
  }

  List<Mover.Move> loads(long[] steps) {
    return moves(
        tensors.stream().filter(tensor -> tensor.loads(steps)).toList(),
        tensor -> tensor.load(steps));
  }

  List<Mover.Move> stores(long[] steps) {
    return moves(
        tensors.stream().filter(KeptTensor::stores).toList(), tensor -> tensor.store(steps));
  }

  private static List<Mover.Move> moves(
      List<KeptTensor> tensors, Function<KeptTensor, Mover.Move> move) {
    return tensors.stream().map(move).toList();
  }

  boolean stores() {
    return tensors.stream().anyMatch(KeptTensor::stores);
  }

  /** Tensors of which partial sums come back at this entry. */
  List<TensorLayout> resuming(long[] steps) {
    return tensors.stream()
        .filter(tensor -> tensor.stores() && tensor.resumes(steps))
        .map(tensor -> tensor.here().layout())
        .toList();
  }
}
