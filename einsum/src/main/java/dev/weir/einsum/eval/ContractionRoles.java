package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the ranks of a sum of products are in a matrix product.
 *
 * @param shared those of both operands and the output: one matrix product for each coordinate
 * @param rows those of the left operand and the output
 * @param columns those of the right operand and the output
 * @param summed those of both operands that the output lacks
 */
record ContractionRoles(RankGroup shared, RankGroup rows, RankGroup columns, RankGroup summed) {

  /** The roles; nothing when a rank has none, or when it is no product of two matrices. */
  static Optional<ContractionRoles> of(
      Einsum einsum, ReadProduct product, Set<RankName> fixed, PointCompiler compiler) {
    Set<RankName> left = new HashSet<>(product.left().ranks().toList());
    Set<RankName> right = new HashSet<>(product.right().ranks().toList());
    Set<RankName> output = new HashSet<>(einsum.output().ranks().toList());
    List<List<RankName>> roles =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Set<RankName> space = einsum.iterationSpace();
    for (RankName rank : space) {
      if (fixed.contains(rank)) {
        continue;
      }
      int role = role(left.contains(rank), right.contains(rank), output.contains(rank));
      if (role < 0) {
        return Optional.empty();
      }
      boolean isInner = compiler.splitAround(rank, space).isPresent();
      roles.get(role).add(isInner ? roles.get(role).size() : 0, rank);
    }
    boolean isProduct = roles.subList(1, 4).stream().noneMatch(List::isEmpty);
    if (!isProduct || !isRectangular(roles, space, fixed, compiler)) {
      return Optional.empty();
    }
    List<RankGroup> groups =
        roles.stream().map(names -> new RankGroup(names, space, compiler)).toList();
    return Optional.of(
        new ContractionRoles(groups.get(0), groups.get(1), groups.get(2), groups.get(3)));
  }

  /** Those of the product with its operands in the other order. */
  ContractionRoles swapped() {
    return new ContractionRoles(shared, columns, rows, summed);
  }

  void moveToZero(long[] point) {
    shared.moveToZero(point);
    rows.moveToZero(point);
    columns.moveToZero(point);
    summed.moveToZero(point);
  }

  private static int role(boolean left, boolean right, boolean output) {
    if (left && right) {
      return output ? 0 : 3;
    }
    return output && (left || right) ? (left ? 1 : 2) : -1;
  }

  /** An inner part of varying length must stand beside its outer part, or inside shared ranks. */
  private static boolean isRectangular(
      List<List<RankName>> roles,
      Set<RankName> space,
      Set<RankName> fixed,
      PointCompiler compiler) {
    for (List<RankName> role : roles) {
      for (RankName rank : role) {
        Optional<Partition> split = compiler.splitAround(rank, space);
        boolean isFree =
            split.isEmpty()
                || fixed.contains(split.get().outer())
                || role.contains(split.get().outer());
        boolean isEven =
            isFree || compiler.shapes().of(split.get().parent()) % compiler.shapes().of(rank) == 0;
        if (!isEven) {
          return false;
        }
      }
    }
    return true;
  }
}
