package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.RankName;
import java.util.Optional;
import java.util.Set;

/**
 * A sum over points of a constant times the product of two tensors, as one matrix product for each
 * coordinate of the ranks that all three tensors share, in tiles that stay in a cache. Absent
 * values enter as 0; where an output without any present product must stay empty, a second product
 * counts those present. A condition may choose elements of the output; tiles without any are left
 * out.
 */
final class Contraction {

  // Sums of a tile, and the right operand, take half a megabyte each at most.
  private static final int ROWS = 128;
  private static final int COLUMNS = 512;
  private static final int DEPTH = 128;

  private record Operand(DenseTensor tensor, AffinePlace place) {

    static Optional<Operand> of(Access access, PointCompiler compiler) {
      DenseTensor tensor = compiler.tensor(access.tensor());
      return AffinePlace.of(access, tensor, compiler).map(place -> new Operand(tensor, place));
    }
  }

  /** One operand or the output along its two groups of ranks, at one coordinate of the others. */
  private record Matrix(DenseTensor tensor, int base, Places down, Places across) {

    Matrix rows(int from, int most) {
      return new Matrix(tensor, base, down.part(from, most), across);
    }

    Matrix columns(int from, int most) {
      return new Matrix(tensor, base, down, across.part(from, most));
    }

    Tile.Content copyFactorsTo(Tile tile) {
      tile.read(tensor.array(), base, down, across);
      return tile.replaceAbsent(tensor.empty());
    }

    void copyMarksTo(Tile tile) {
      tile.read(tensor.array(), base, down, across);
      tile.markPresent(tensor.empty());
    }
  }

  private final double factor;
  private final Operand left;
  private final Operand right;
  private final Operand output;
  private final ContractionRoles roles;
  private final Optional<PointCompiler.HoldsAt> condition;
  private final Tile leftTile;
  private final Tile rightTile;
  private final Tile sums;
  private final Tile counts;
  private final boolean[][] chosen;

  private Contraction(
      double factor,
      Operand left,
      Operand right,
      Operand output,
      ContractionRoles roles,
      Optional<PointCompiler.HoldsAt> condition) {
    this.factor = factor;
    this.left = left;
    this.right = right;
    this.output = output;
    this.roles = roles;
    this.condition = condition;
    int rows = (int) Math.min(ROWS, roles.rows().size());
    int columns = (int) Math.min(COLUMNS, roles.columns().size());
    int depth = (int) Math.min(DEPTH, roles.summed().size());
    this.leftTile = new Tile(rows, depth);
    this.rightTile = new Tile(depth, columns);
    this.sums = new Tile(rows, columns);
    this.counts = new Tile(output.tensor.empty() == 0 ? 0 : rows, columns);
    this.chosen = new boolean[condition.isPresent() ? rows : 0][columns];
  }

  /** The Einsum as a contraction, if it is one whatever the values. */
  static Optional<Contraction> of(
      Einsum einsum, Set<RankName> fixed, PointCompiler compiler, ValueCompiler values) {
    boolean isSum =
        einsum.reduction() == Monoid.SUM
            && einsum.reducedRanks().stream().noneMatch(fixed::contains)
            && !RowLoops.mayReadItsOutput(einsum);
    return isSum
        ? ReadProduct.of(einsum.value(), values)
            .flatMap(product -> of(product, einsum, fixed, compiler))
        : Optional.empty();
  }

  private static Optional<Contraction> of(
      ReadProduct product, Einsum einsum, Set<RankName> fixed, PointCompiler compiler) {
    Optional<Operand> left = Operand.of(product.left(), compiler);
    Optional<Operand> right = Operand.of(product.right(), compiler);
    Optional<Operand> output = Operand.of(einsum.output(), compiler);
    Optional<ContractionRoles> found =
        ContractionRoles.of(einsum, product, fixed, compiler)
            .filter(roles -> einsum.condition().map(c -> isOfOutput(c, roles)).orElse(true));
    if (left.isEmpty() || right.isEmpty() || output.isEmpty() || found.isEmpty()) {
      return Optional.empty();
    }
    ContractionRoles roles = found.get();
    boolean isSwapped = isBetterSwapped(roles, output.get().place, compiler);
    return Optional.of(
        new Contraction(
            product.factor(),
            (isSwapped ? right : left).get(),
            (isSwapped ? left : right).get(),
            output.get(),
            isSwapped ? roles.swapped() : roles,
            einsum.condition().map(compiler::condition)));
  }

  private static boolean isOfOutput(Condition condition, ContractionRoles roles) {
    return condition.ranks().noneMatch(roles.summed().names()::contains);
  }

  /** Columns are what a processor computes side by side: long ones, and neighbours if possible. */
  private static boolean isBetterSwapped(
      ContractionRoles roles, AffinePlace output, PointCompiler compiler) {
    long rows = Math.min(COLUMNS, roles.rows().size());
    long columns = Math.min(COLUMNS, roles.columns().size());
    boolean areRowsNeighbours =
        roles.rows().names().stream().anyMatch(r -> output.stride(compiler.slot(r)) == 1);
    return rows > columns || (rows == columns && areRowsNeighbours);
  }

  /**
   * Computes the output; false where values that are present are not finite, with the elements
   * written so far to be written again.
   */
  boolean run(long[] point) {
    roles.moveToZero(point);
    long[][] shared = roles.shared().coordinates(point);
    long[][] rows = roles.rows().coordinates(point);
    long[][] columns = roles.columns().coordinates(point);
    long[][] summed = roles.summed().coordinates(point);
    Places leftDown = roles.rows().places(left.place, rows, point);
    Places leftAcross = roles.summed().places(left.place, summed, point);
    Places rightDown = roles.summed().places(right.place, summed, point);
    Places rightAcross = roles.columns().places(right.place, columns, point);
    Places outputDown = roles.rows().places(output.place, rows, point);
    Places outputAcross = roles.columns().places(output.place, columns, point);
    for (long[] at : shared) {
      roles.shared().moveTo(at, point);
      Matrix a = new Matrix(left.tensor, left.place.at(point), leftDown, leftAcross);
      Matrix b = new Matrix(right.tensor, right.place.at(point), rightDown, rightAcross);
      Matrix c = new Matrix(output.tensor, output.place.at(point), outputDown, outputAcross);
      for (int j = 0; j < columns.length; j += COLUMNS) {
        for (int i = 0; i < rows.length; i += ROWS) {
          Matrix tile = c.rows(i, ROWS).columns(j, COLUMNS);
          if (choose(tile, rows, columns, point)
              && !multiply(a.rows(i, ROWS), b.columns(j, COLUMNS), tile)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Marks the elements of a tile for which the condition holds; whether there are any. */
  private boolean choose(Matrix tile, long[][] rows, long[][] columns, long[] point) {
    if (condition.isEmpty()) {
      return true;
    }
    boolean isAny = false;
    for (int i = 0; i < tile.down.length(); i++) {
      roles.rows().moveTo(rows[tile.down.from() + i], point);
      for (int j = 0; j < tile.across.length(); j++) {
        roles.columns().moveTo(columns[tile.across.from() + j], point);
        chosen[i][j] = condition.get().at(point);
        isAny |= chosen[i][j];
      }
    }
    roles.rows().moveToZero(point);
    roles.columns().moveToZero(point);
    return isAny;
  }

  /** Computes the chosen elements of a tile; false, with nothing written, as in {@link #run}. */
  private boolean multiply(Matrix a, Matrix b, Matrix c) {
    boolean isCertain = output.tensor.empty() == 0;
    sums.clear(c.down.length(), c.across.length());
    counts.clear(isCertain ? 0 : c.down.length(), c.across.length());
    for (int k = 0; k < a.across.length(); k += DEPTH) {
      Matrix leftPart = a.columns(k, DEPTH);
      Matrix rightPart = b.rows(k, DEPTH);
      Tile.Content leftContent = leftPart.copyFactorsTo(leftTile);
      Tile.Content rightContent = rightPart.copyFactorsTo(rightTile);
      if (leftContent == Tile.Content.NOT_FINITE || rightContent == Tile.Content.NOT_FINITE) {
        return false;
      }
      sums.addProduct(leftTile, rightTile);
      isCertain |= leftContent == Tile.Content.FULL && rightContent == Tile.Content.FULL;
      if (!isCertain) {
        leftPart.copyMarksTo(leftTile);
        rightPart.copyMarksTo(rightTile);
        counts.addProduct(leftTile, rightTile);
      }
    }
    write(c, isCertain);
    return true;
  }

  private void write(Matrix c, boolean isCertain) {
    double[] values = c.tensor.array();
    boolean isChosen = condition.isEmpty();
    boolean isDownFirst = c.down.distance() < c.across.distance();
    int outer = (isDownFirst ? c.across : c.down).length();
    int inner = (isDownFirst ? c.down : c.across).length();
    for (int x = 0; x < outer; x++) {
      for (int y = 0; y < inner; y++) {
        int i = isDownFirst ? y : x;
        int j = isDownFirst ? x : y;
        if ((isChosen || chosen[i][j]) && (isCertain || counts.row(i)[j] > 0)) {
          values[c.base + c.down.at(i) + c.across.at(j)] = factor * sums.row(i)[j];
        }
      }
    }
  }
}
