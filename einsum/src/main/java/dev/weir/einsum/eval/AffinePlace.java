package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An access whose place is an offset plus coordinates times strides, and which cannot leave its
 * tensor. Under a head map the coordinate is that of the head it maps to.
 */
final class AffinePlace {

  private final int offset;
  private final int[] slots;
  private final int[] strides;
  private final List<Head> heads;

  /** Several heads share one of a target. */
  private record Head(int slot, long targets, long heads, int stride) {

    long at(long[] point) {
      return point[slot] * targets / heads * stride;
    }
  }

  /**
   * Place at coordinate 0 of all ranks; where in a point the coordinates stand; distance a step.
   */
  private AffinePlace(int offset, int[] slots, int[] strides, List<Head> heads) {
    this.heads = List.copyOf(heads);
    this.offset = offset;
    this.slots = slots;
    this.strides = strides;
  }

  static Optional<AffinePlace> of(Access access, DenseTensor tensor, PointCompiler compiler) {
    List<Integer> slots = new ArrayList<>();
    List<Integer> strides = new ArrayList<>();
    List<Head> heads = new ArrayList<>();
    int offset = 0;
    for (int i = 0; i < tensor.ranks(); i++) {
      int stride = tensor.stride(i);
      long largest =
          switch (access.indices().get(i)) {
            case Index.Coordinate c -> {
              slots.add(compiler.slot(c.rank()));
              strides.add(stride);
              yield compiler.shapes().of(c.rank()) - 1;
            }
            case Index.Next n -> {
              slots.add(compiler.slot(n.rank()));
              strides.add(stride);
              offset += stride;
              yield compiler.shapes().of(n.rank());
            }
            case Index.Joined j -> {
              slots.add(compiler.slot(j.outer()));
              strides.add(Math.toIntExact(stride * compiler.shapes().of(j.inner())));
              slots.add(compiler.slot(j.inner()));
              strides.add(stride);
              yield compiler.shapes().of(j.parent()) - 1;
            }
            case Index.Last l -> {
              long last = compiler.shapes().of(l.rank());
              offset += Math.toIntExact(last * stride);
              yield last;
            }
            case Index.Fixed f -> {
              offset += Math.toIntExact(f.coordinate() * stride);
              yield f.coordinate() < 0 ? Long.MAX_VALUE : f.coordinate();
            }
            case Index.HeadMap h -> {
              long targets = compiler.shapes().of(h.target());
              long shape = compiler.shapes().of(h.rank());
              heads.add(new Head(compiler.slot(h.rank()), targets, shape, stride));
              yield (shape - 1) * targets / shape;
            }
            case Index.Affine _, Index.Computed _, Index.Gathered _ -> Long.MAX_VALUE;
          };
      if (largest >= tensor.extent(i)) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new AffinePlace(
            offset,
            slots.stream().mapToInt(Integer::intValue).toArray(),
            strides.stream().mapToInt(Integer::intValue).toArray(),
            heads));
  }

  /**
   * Distance from a coordinate to the next of the rank with a slot in points; no head is mapped.
   */
  int stride(int slot) {
    int stride = 0;
    for (int i = 0; i < slots.length; i++) {
      stride += slots[i] == slot ? strides[i] : 0;
    }
    return stride;
  }

  int at(long[] point) {
    long place = offset;
    for (int i = 0; i < slots.length; i++) {
      place += point[slots[i]] * strides[i];
    }
    for (int i = 0; i < heads.size(); i++) {
      place += heads.get(i).at(point);
    }
    return (int) place;
  }
}
