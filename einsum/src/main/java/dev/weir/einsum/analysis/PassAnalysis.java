package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Counts passes from dependences alone (FuseMax, sections III and IV-E). An Einsum over a whole
 * rank that needs a completed reduction of that rank opens the next pass; partial reductions inside
 * a step of a split rank, and generations of an iterative one, complete nothing. Running time is
 * the square of the number of Einsums, a rank.
 */
public final class PassAnalysis {

  private final Dependences dependences;
  private final RankFamily family;
  private final SweepTimes times;
  private final List<Einsum> einsums;

  private PassAnalysis(Dependences dependences, RankFamily family) {
    this.dependences = dependences;
    this.family = family;
    this.times = new SweepTimes(family, dependences);
    this.einsums = dependences.cascade().einsums();
  }

  /** Passes over every rank of a cascade. */
  public static PassReport of(Cascade cascade) {
    Dependences dependences = Dependences.of(cascade);
    return new PassReport(
        cascade.name(),
        RankFamily.all(cascade).stream()
            .map(family -> new PassAnalysis(dependences, family).report())
            .toList());
  }

  private PassReport.OfRank report() {
    List<RankName> parts =
        family.members().stream().filter(rank -> !rank.equals(family.root())).toList();
    List<PassReport.OfEinsum> ofEinsums = new ArrayList<>();
    int last = 0;
    Optional<Integer> lastPlace = Optional.empty();
    for (int place = 0; place < einsums.size(); place++) {
      int time = times.earliest(place);
      ofEinsums.add(
          new PassReport.OfEinsum(
              name(place), einsums.get(place).isInitial(), when(time), pass(time)));
      if (times.isWhole(place) && pass(time) > last) {
        last = pass(time);
        lastPlace = Optional.of(place);
      }
    }
    Map<TensorName, SortedSet<Integer>> touched = touched();
    Map<TensorName, Tensor> tensors = dependences.cascade().tensorsByName();
    FiberSweeps sweeps = new FiberSweeps(family, dependences, times);
    List<PassReport.OfTensor> ofTensors =
        touched.entrySet().stream()
            .map(entry -> ofTensor(tensors.get(entry.getKey()), entry.getValue(), sweeps))
            .toList();
    BarrierTrace trace = new BarrierTrace(dependences, family, times);
    return new PassReport.OfRank(
        family.root(),
        parts,
        last,
        ofEinsums,
        ofTensors,
        lastPlace.map(trace::barriersBefore).orElse(List.of()),
        waits(),
        times.sweptAgainFor());
  }

  private List<PassReport.Wait> waits() {
    return IntStream.range(0, einsums.size())
        .mapToObj(times::into)
        .flatMap(List::stream)
        .filter(edge -> SweepTimes.isDuring(times.earliest(edge.producer())))
        .filter(edge -> times.available(edge) > times.earliest(edge.producer()))
        .map(edge -> new PassReport.Wait(edge.producer(), edge.reader()))
        .distinct()
        .toList();
  }

  private static PassReport.OfTensor ofTensor(
      Tensor tensor, SortedSet<Integer> passes, FiberSweeps sweeps) {
    OptionalInt again =
        tensor.role() == Tensor.Role.INPUT
            ? OptionalInt.of(sweeps.computedAgain(tensor.name()))
            : OptionalInt.empty();
    return new PassReport.OfTensor(
        tensor.name(), tensor.role(), passes, sweeps.asWritten(tensor.name()), again);
  }

  /** In which passes the fibers of each tensor with the rank are written or read. */
  private Map<TensorName, SortedSet<Integer>> touched() {
    Map<TensorName, SortedSet<Integer>> touched = new TreeMap<>();
    int[] placement = times.placement();
    Map<TensorName, Tensor> tensors = dependences.cascade().tensorsByName();
    for (int place = 0; place < einsums.size(); place++) {
      if (!times.isWhole(place)) {
        continue;
      }
      List<Access> accesses = new ArrayList<>(einsums.get(place).reads());
      accesses.add(einsums.get(place).output());
      for (Access access : accesses) {
        Tensor tensor = tensors.get(access.tensor());
        if (family.isWhole(tensor.ranks()) && family.isAlongFibers(access, tensor)) {
          touched
              .computeIfAbsent(access.tensor(), _ -> new TreeSet<>())
              .add(pass(placement[place]));
        }
      }
    }
    return touched;
  }

  private TensorName name(int place) {
    return einsums.get(place).output().tensor();
  }

  private static PassReport.When when(int time) {
    if (time == 0) {
      return PassReport.When.BEFORE;
    }
    return SweepTimes.isDuring(time) ? PassReport.When.DURING : PassReport.When.AFTER;
  }

  private static int pass(int time) {
    return (time + 1) / 2;
  }
}
