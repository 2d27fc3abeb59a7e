package dev.weir.simulator.machine;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * What passes along skewed axes in a pipeline. A machine with fixed latencies runs a static
 * schedule: all epochs are as long as what passes takes to arrive in time, worked out for an epoch
 * in which all stages work on the first tile. Nests alone count, transfers do not.
 */
public final class SkewedEpochs {

  /**
   * Cycles of a pipeline.
   *
   * @param least of every epoch
   * @param once in which the arrays fill before the first epoch and drain after the last
   */
  public record Lengths(long least, long once) {
    public static final Lengths NOTHING = new Lengths(0, 0);
  }

  /** A nest in the epoch: where the part of its stage begins and ends. */
  private record Laid(Nest nest, Ranges ranges, int stage, long from, long to) {
    Laid until(long end) {
      return new Laid(nest, ranges, stage, from, end);
    }

    long merged() {
      TensorName output = nest.einsum();
      return nest.lateCycles(ranges, binding -> binding.reduce().contains(output));
    }

    long shared(TensorName operand) {
      return nest.lateCycles(ranges, binding -> binding.multicast().contains(operand));
    }

    long passed() {
      return nest.lateCycles(ranges, _ -> true);
    }
  }

  private final TensorFacts tensors;
  private final Odometer odometer;
  private final Program body;

  SkewedEpochs(TensorFacts tensors, List<Loop> loops, Program body) {
    this.tensors = tensors;
    this.odometer = new Odometer(loops);
    this.body = body;
  }

  /**
   * Whether something passes along a loop of a nest from, or to, another nest of its stage, so that
   * there is no epoch between in which it could arrive.
   */
  static boolean isPassedAtOnce(
      TensorFacts tensors, Place place, Node.Spatial loop, Einsum einsum) {
    Place.EnclosingPipeline pipeline = place.pipelines().getLast();
    TensorName output = einsum.output().tensor();
    return Trees.computes(pipeline.node().body()).stream()
        .filter(other -> other.stage() == pipeline.stage())
        .map(other -> other.compute().einsum())
        .anyMatch(
            other ->
                loop.multicast().contains(other)
                    || (loop.reduce().contains(output) && reads(tensors, other, output)));
  }

  private static boolean reads(TensorFacts tensors, TensorName reader, TensorName tensor) {
    return tensors.producer(reader).value().operands().anyMatch(a -> a.tensor().equals(tensor));
  }

  /**
   * How long epochs are at least.
   *
   * @param start where the pipeline begins
   */
  public Lengths lengths(Ranges start) {
    Ranges first = start.copy();
    odometer.begin(first);
    List<Laid> laid = new ArrayList<>();
    lay(body, first, 0, 0, laid);
    if (laid.stream().allMatch(nest -> nest.passed() == 0)) {
      return Lengths.NOTHING;
    }
    long least = 0;
    long once = 0;
    for (Laid from : laid) {
      once = Math.max(once, from.passed());
      for (Laid to : laid) {
        TensorName tensor = from.nest().einsum();
        long hops = from.merged() + to.shared(tensor);
        int epochs = to.stage() - from.stage();
        if (epochs > 0 && hops > 0 && reads(tensors, to.nest().einsum(), tensor)) {
          least = Math.max(least, Math.ceilDiv(from.to() + hops - to.from(), epochs));
        }
      }
    }
    return new Lengths(least, once);
  }

  /** Returns where a part of the epoch ends. */
  private long lay(Program part, Ranges ranges, int stage, long from, List<Laid> laid) {
    return switch (part) {
      case Program.Staged staged -> {
        List<Laid> own = new ArrayList<>();
        long to = from + cycles(staged.body(), ranges, staged.stage(), from, own);
        own.forEach(nest -> laid.add(nest.until(to)));
        yield to;
      }
      case Program.Work work -> {
        List<Laid> own = new ArrayList<>();
        long to = from + cycles(work, ranges, stage, from, own);
        own.forEach(nest -> laid.add(nest.until(to)));
        yield to;
      }
      case Program.Resident resident -> lay(resident.body(), ranges, stage, from, laid);
      case Program.Sequential parts when parts.slotBySlot() -> {
        List<Laid> own = new ArrayList<>();
        long sum = 0;
        for (Program slot : parts.parts()) {
          sum += lay(slot, ranges, stage, from, own) - from;
        }
        long to = from + sum;
        own.forEach(nest -> laid.add(nest.until(to)));
        yield to;
      }
      case Program.Sequential parts -> {
        long to = from;
        for (Program next : parts.parts()) {
          to = lay(next, ranges, stage, to, laid);
        }
        yield to;
      }
      case Program.Concurrent parts -> {
        long to = from;
        for (Program branch : parts.parts()) {
          to = Math.max(to, lay(branch, ranges, stage, from, laid));
        }
        yield to;
      }
      case Program.Repeat _, Program.OnlyLast _, Program.Epochs _ ->
          throw new IllegalArgumentException("work between a pipeline and its stages");
    };
  }

  /** Cycles of the nests in a stage. */
  private long cycles(Program part, Ranges ranges, int stage, long from, List<Laid> laid) {
    return switch (part) {
      case Program.Work work -> {
        long sum = 0;
        for (Program.Slot slot : work.slots()) {
          laid.add(new Laid(slot.nest(), ranges.copy(), slot.stage().orElse(stage), from, from));
          sum += slot.nest().cycles(ranges);
        }
        yield sum;
      }
      case Program.Repeat repeat -> {
        Ranges inside = ranges.copy();
        inside.enter(repeat.loop());
        long sum = 0;
        do {
          sum += cycles(repeat.body(), inside, stage, from, laid);
        } while (inside.next(repeat.loop()));
        yield sum;
      }
      case Program.OnlyLast last -> {
        long once = cycles(last.body(), ranges, stage, from, laid);
        yield ranges.isLast(last.loop()) ? once : 0;
      }
      case Program.Resident resident -> cycles(resident.body(), ranges, stage, from, laid);
      case Program.Sequential parts -> {
        long sum = 0;
        for (Program next : parts.parts()) {
          sum += cycles(next, ranges, stage, from, laid);
        }
        yield sum;
      }
      case Program.Concurrent parts -> {
        long most = 0;
        for (Program branch : parts.parts()) {
          most = Math.max(most, cycles(branch, ranges, stage, from, laid));
        }
        yield most;
      }
      case Program.Staged _, Program.Epochs _ ->
          throw new IllegalArgumentException("a pipeline in a stage");
    };
  }
}
