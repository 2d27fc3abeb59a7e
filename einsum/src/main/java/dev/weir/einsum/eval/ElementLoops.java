package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The points of an Einsum, one output element after another. */
final class ElementLoops {

  /** What happens at an element; all coordinates of the output are in the point. */
  @FunctionalInterface
  interface Element {
    void at(long[] point);
  }

  /** One loop; the inner part of a split rank ends with the parent when its outer part is known. */
  private record Loop(int slot, long shape, int outerSlot, long parentShape) {

    long end(long[] point) {
      return outerSlot < 0 ? shape : Math.clamp(parentShape - point[outerSlot] * shape, 0, shape);
    }
  }

  /** A split whose inner part an element fixes before its outer part is known. */
  private record Inside(int outerSlot, int innerSlot, long size, long parentShape) {

    boolean holds(long[] point) {
      return point[outerSlot] * size + point[innerSlot] < parentShape;
    }
  }

  private final List<Loop> loops = new ArrayList<>();
  private final List<Inside> insides = new ArrayList<>();
  private final LoopNest terms;

  ElementLoops(Einsum einsum, Set<RankName> fixed, PointCompiler compiler) {
    Set<RankName> space = einsum.iterationSpace();
    Set<RankName> ofOutput = new LinkedHashSet<>(einsum.output().ranks().toList());
    ofOutput.removeAll(fixed);
    Set<RankName> known = new HashSet<>(fixed);
    known.addAll(ofOutput);
    List<RankName> ordered = new ArrayList<>(ofOutput);
    ordered.sort(Comparator.comparing(rank -> compiler.splitAround(rank, space).isPresent()));
    for (RankName rank : ordered) {
      long shape = compiler.shapes().of(rank);
      int slot = compiler.slot(rank);
      Optional<Partition> split = compiler.splitAround(rank, space);
      if (split.isEmpty()) {
        loops.add(new Loop(slot, shape, -1, 0));
        continue;
      }
      int outer = compiler.slot(split.get().outer());
      long parent = compiler.shapes().of(split.get().parent());
      boolean isKnown = known.contains(split.get().outer());
      loops.add(new Loop(slot, shape, isKnown ? outer : -1, parent));
      if (!isKnown) {
        insides.add(new Inside(outer, slot, shape, parent));
      }
    }
    this.terms = new LoopNest(einsum, known, compiler);
  }

  /** Visits elements; coordinates of ranks fixed outside are already in the point. */
  void elements(long[] point, Element element) {
    elements(0, point, element);
  }

  private void elements(int depth, long[] point, Element element) {
    if (depth == loops.size()) {
      element.at(point);
      return;
    }
    Loop loop = loops.get(depth);
    long end = loop.end(point);
    for (long coordinate = 0; coordinate < end; coordinate++) {
      point[loop.slot] = coordinate;
      elements(depth + 1, point, element);
    }
  }

  /** Visits the points that are reduced into the element at a point. */
  void terms(long[] point, LoopNest.Body body) {
    terms.run(
        point,
        insides.isEmpty()
            ? body
            : at -> {
              if (isInside(at)) {
                body.at(at);
              }
            });
  }

  private boolean isInside(long[] point) {
    for (Inside inside : insides) {
      if (!inside.holds(point)) {
        return false;
      }
    }
    return true;
  }
}
