package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Some ranks of an iteration space, inner parts of split ranks last, and their coordinates. */
final class RankGroup {

  private final List<RankName> names;
  private final Set<RankName> space;
  private final PointCompiler compiler;
  private final int[] slots;

  RankGroup(List<RankName> names, Set<RankName> space, PointCompiler compiler) {
    this.names = List.copyOf(names);
    this.space = Set.copyOf(space);
    this.compiler = compiler;
    this.slots = names.stream().mapToInt(compiler::slot).toArray();
  }

  List<RankName> names() {
    return names;
  }

  /** All coordinates in order, given those of other ranks. */
  long[][] coordinates(long[] point) {
    List<long[]> found = new ArrayList<>();
    collect(0, point, found);
    moveToZero(point);
    return found.toArray(long[][]::new);
  }

  private void collect(int depth, long[] point, List<long[]> found) {
    if (depth == names.size()) {
      found.add(Arrays.stream(slots).mapToLong(slot -> point[slot]).toArray());
      return;
    }
    RankName rank = names.get(depth);
    int slot = slots[depth];
    Optional<Partition> split = compiler.splitAround(rank, space);
    long end =
        split.isEmpty()
            ? compiler.shapes().of(rank)
            : compiler.shapes().innerShape(split.get(), point[compiler.slot(split.get().outer())]);
    for (long coordinate = 0; coordinate < end; coordinate++) {
      point[slot] = coordinate;
      collect(depth + 1, point, found);
    }
  }

  void moveToZero(long[] point) {
    for (int slot : slots) {
      point[slot] = 0;
    }
  }

  void moveTo(long[] coordinates, long[] point) {
    for (int i = 0; i < coordinates.length; i++) {
      point[slots[i]] = coordinates[i];
    }
  }

  /** Where an access lies at each of the coordinates, relative to where it lies at 0. */
  Places places(AffinePlace access, long[][] coordinates, long[] point) {
    moveToZero(point);
    int base = access.at(point);
    int[] places = new int[coordinates.length];
    for (int i = 0; i < places.length; i++) {
      moveTo(coordinates[i], point);
      places[i] = access.at(point) - base;
    }
    moveToZero(point);
    return new Places(places);
  }

  /** Points of all these ranks together, no part of a split rank being short. */
  long size() {
    return names.stream().mapToLong(compiler.shapes()::of).reduce(1, Math::multiplyExact);
  }
}
