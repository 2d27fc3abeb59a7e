package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which fibers must live from one sweep over a rank to the next, so that what has to be kept grows
 * with the shape of the rank, whatever the mapping (FuseMax, section III: algorithmic minimum live
 * footprint). A fiber over the outer part of a split rank alone counts too: it is shorter by the
 * inner shape, yet grows. Of an iterative tensor only the current and the next generation live,
 * unless something outside the recurrence reads the earlier ones.
 *
 * @param fibers one entry a tensor and rank, in the order of the ranks and then of the tensors
 */
public record LiveFootprint(List<Fiber> fibers) {

  /**
   * Fibers of one tensor along one rank.
   *
   * @param tensor which tensor
   * @param role an input is read again where it need not be kept
   * @param rank the rank that is no part of another
   * @param along the ranks of the tensor that come from it
   * @param isLive whether a whole fiber lives
   */
  public record Fiber(
      TensorName tensor, Tensor.Role role, RankName rank, List<RankName> along, boolean isLive) {

    public Fiber {
      along = List.copyOf(along);
    }

    /** Length of the fiber in words. */
    public long words(Shapes shapes) {
      long product = along.stream().mapToLong(shapes::of).reduce(1, Math::multiplyExact);
      return along.size() > 1 ? Math.min(product, shapes.of(rank)) : product;
    }
  }

  public LiveFootprint {
    fibers = List.copyOf(fibers);
  }

  /** Fibers of all tensors along all ranks that they have. */
  public static LiveFootprint of(Cascade cascade) {
    Dependences dependences = Dependences.of(cascade);
    List<Fiber> fibers = new ArrayList<>();
    for (RankFamily family : RankFamily.all(cascade)) {
      int[] times = new SweepTimes(family, dependences).placement();
      for (Tensor tensor : cascade.tensors()) {
        List<RankName> along = family.among(tensor.ranks());
        if (family.hasSteps(along)) {
          SortedSet<Integer> touched = touched(tensor, family, cascade, times);
          boolean isLive = touched.size() > 1 || touched.stream().anyMatch(time -> time % 2 == 0);
          fibers.add(
              new Fiber(
                  tensor.name(),
                  tensor.role(),
                  family.root(),
                  along,
                  isLive && touched.size() > leastTimes(tensor)));
        }
      }
    }
    return new LiveFootprint(fibers);
  }

  /** Fibers that live whole along a rank that is no part of another. */
  public List<TensorName> growingWith(RankName rank) {
    return fibers.stream()
        .filter(fiber -> fiber.rank().equals(rank) && fiber.isLive())
        .map(Fiber::tensor)
        .toList();
  }

  /** What comes in or goes out is kept elsewhere and needs room only to be used again. */
  private static int leastTimes(Tensor tensor) {
    return tensor.role() == Tensor.Role.INTERMEDIATE ? 0 : 1;
  }

  private static SortedSet<Integer> touched(
      Tensor tensor, RankFamily family, Cascade cascade, int[] times) {
    SortedSet<Integer> touched = new TreeSet<>();
    for (int place = 0; place < times.length; place++) {
      Einsum einsum = cascade.einsums().get(place);
      List<Access> accesses = new ArrayList<>(einsum.reads());
      accesses.add(einsum.output());
      for (Access access : accesses) {
        if (access.tensor().equals(tensor.name()) && family.isAlongFibers(access, tensor)) {
          touched.add(times[place]);
        }
      }
    }
    return touched;
  }
}
