package dev.weir.opencl.lower;

import dev.weir.einsum.ir.RankName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.AxisName;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Work-groups and work-items along x, y and z that a kernel needs: the most tiles that any spatial
 * loop puts on an axis.
 */
final class Grid {

  private final Facts facts;
  private final long[] groups = {1, 1, 1};
  private final long[] items = {1, 1, 1};

  private Grid(Facts facts) {
    this.facts = facts;
  }

  static Grid of(Part root, Facts facts) {
    Grid grid = new Grid(facts);
    grid.visit(root, Map.of());
    return grid;
  }

  long groups(int dimension) {
    return groups[dimension];
  }

  long items(int dimension) {
    return items[dimension];
  }

  List<Long> groups() {
    return List.of(groups[0], groups[1], groups[2]);
  }

  List<Long> items() {
    return List.of(items[0], items[1], items[2]);
  }

  /** Loops over all of its dimensions, for what every work-item does. */
  static Parallel everywhere() {
    Parallel all = Parallel.NONE;
    Parallel.Loop loop = new Parallel.Loop(new RankName("GRID"), NodePath.ROOT);
    for (int dimension = 0; dimension < 3; dimension++) {
      all = all.withGroups(dimension, loop).withItems(dimension, loop);
    }
    return all;
  }

  boolean hasSeveralGroups() {
    return groups[0] * groups[1] * groups[2] > 1;
  }

  boolean hasSeveralItems() {
    return items[0] * items[1] * items[2] > 1;
  }

  private void visit(Part part, Map<RankName, Long> extents) {
    Map<RankName, Long> inside = narrowed(part, extents, facts);
    if (part.node() instanceof Node.Spatial spatial) {
      long before = extents.getOrDefault(spatial.rank(), facts.shape(spatial.rank()));
      long tiles = Math.ceilDiv(before, facts.problem().value(spatial.tile()));
      Axis axis = axis(spatial.axis(), part.path(), facts);
      switch (axis.kind()) {
        case WORK_GROUP -> grow(groups, dimension(axis.name(), part.path()), tiles);
        case WORK_ITEM -> grow(items, dimension(axis.name(), part.path()), tiles);
        case LANE -> {}
        case ARRAY ->
            throw new RefusedException(
                part.path(),
                "axis "
                    + axis.name()
                    + " belongs to an array of processing elements; a kernel has"
                    + " work-groups, work-items and lanes",
                "use an axis of a device, such as generic-gpu or pocl-cpu");
      }
    }
    part.children().forEach(child -> visit(child, inside));
  }

  private static void grow(long[] sizes, int dimension, long tiles) {
    sizes[dimension] = Math.max(sizes[dimension], tiles);
  }

  /** Extents of ranks inside a loop. */
  static Map<RankName, Long> narrowed(Part part, Map<RankName, Long> extents, Facts facts) {
    return switch (part.node()) {
      case Node.For loop ->
          narrowed(loop.rank(), facts.problem().value(loop.tile()), extents, facts);
      case Node.Spatial loop ->
          narrowed(loop.rank(), facts.problem().value(loop.tile()), extents, facts);
      case Node.Pipeline loop ->
          narrowed(loop.rank(), facts.problem().value(loop.tile()), extents, facts);
      case Node.Iterate loop -> narrowed(loop.rank(), 1, extents, facts);
      case Node.Last _, Node.Keep _, Node.Seq _, Node.Par _ -> extents;
      case Node.Stage _, Node.Interleave _, Node.Compute _ -> extents;
    };
  }

  private static Map<RankName, Long> narrowed(
      RankName rank, long tile, Map<RankName, Long> extents, Facts facts) {
    Map<RankName, Long> narrower = new HashMap<>(extents);
    long before = extents.getOrDefault(rank, facts.shape(rank));
    narrower.put(rank, Math.min(before, tile));
    return narrower;
  }

  static Axis axis(AxisName name, NodePath where, Facts facts) {
    return facts
        .problem()
        .architecture()
        .axis(name)
        .orElseThrow(
            () ->
                new RefusedException(
                    where,
                    "the device has no axis " + name,
                    "use the name of an axis of its file"));
  }

  /** x, y or z at the end of an axis's name: 0, 1 or 2. */
  static int dimension(AxisName axis, NodePath where) {
    String text = axis.toString();
    int dimension = "xyz".indexOf(text.charAt(text.length() - 1));
    if (dimension >= 0) {
      return dimension;
    }
    if (List.of("items", "groups").contains(text.substring(text.lastIndexOf('.') + 1))) {
      return 0;
    }
    throw new RefusedException(
        where,
        "axis " + axis + " names no dimension of the grid",
        "end its name in x, y or z in the device's file");
  }

  /** The axes of work-items and groups that have more than one. */
  static List<Integer> dimensionsAbove1(List<Long> sizes) {
    List<Integer> dimensions = new ArrayList<>();
    for (int dimension = 0; dimension < sizes.size(); dimension++) {
      if (sizes.get(dimension) > 1) {
        dimensions.add(dimension);
      }
    }
    return dimensions;
  }
}
