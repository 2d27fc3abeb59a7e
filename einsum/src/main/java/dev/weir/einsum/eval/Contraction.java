package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.BinaryOperator;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.MergeOperator;
import dev.weir.einsum.ir.Monoid;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * A sum over points of a constant times the product of two tensors, as one matrix product for each
 * coordinate of the ranks that all three tensors share. Absent values enter as 0; where an output
 * without any present product must stay empty, a second product counts those present.
 */
final class Contraction {

  static {
    // Sweeps run many evaluations at once and share the cores among them.
    EjmlConcurrency.USE_CONCURRENT = false;
  }

  /** Ranks of one role in the matrix product, inner parts of split ranks last. */
  private record Ranks(List<RankName> names, Set<RankName> space, PointCompiler compiler) {

    /** Places in an access at all coordinates of these ranks, the others staying as they are. */
    int[] places(AffinePlace access, long[] point) {
      List<Integer> places = new ArrayList<>();
      collect(0, access, point, places);
      return places.stream().mapToInt(Integer::intValue).toArray();
    }

    private void collect(int depth, AffinePlace access, long[] point, List<Integer> places) {
      if (depth == names.size()) {
        places.add(access.at(point));
        return;
      }
      RankName rank = names.get(depth);
      int slot = compiler.slot(rank);
      Optional<Partition> split = compiler.splitAround(rank, space);
      long end =
          split.isEmpty()
              ? compiler.shapes().of(rank)
              : compiler
                  .shapes()
                  .innerShape(split.get(), point[compiler.slot(split.get().outer())]);
      for (long coordinate = 0; coordinate < end; coordinate++) {
        point[slot] = coordinate;
        collect(depth + 1, access, point, places);
      }
      point[slot] = 0;
    }
  }

  private final double factor;
  private final DenseTensor leftTensor;
  private final DenseTensor rightTensor;
  private final DenseTensor outputTensor;
  private final AffinePlace left;
  private final AffinePlace right;
  private final AffinePlace output;
  private final Ranks shared;
  private final Ranks rows;
  private final Ranks columns;
  private final Ranks summed;

  private Contraction(
      Product product,
      Access output,
      List<AffinePlace> places,
      List<Ranks> roles,
      PointCompiler compiler) {
    this.factor = product.factor;
    this.leftTensor = compiler.tensor(product.left.tensor());
    this.rightTensor = compiler.tensor(product.right.tensor());
    this.outputTensor = compiler.tensor(output.tensor());
    this.left = places.get(0);
    this.right = places.get(1);
    this.output = places.get(2);
    this.shared = roles.get(0);
    this.rows = roles.get(1);
    this.columns = roles.get(2);
    this.summed = roles.get(3);
  }

  /** The Einsum as a contraction, if it is one whatever the values. */
  static Optional<Contraction> of(
      Einsum einsum, Set<RankName> fixed, PointCompiler compiler, ValueCompiler values) {
    boolean isPlainSum = einsum.reduction() == Monoid.SUM && einsum.condition().isEmpty();
    if (!isPlainSum || einsum.reducedRanks().stream().anyMatch(fixed::contains)) {
      return Optional.empty();
    }
    return Product.of(einsum.value(), values)
        .flatMap(product -> of(product, einsum, fixed, compiler));
  }

  private static Optional<Contraction> of(
      Product product, Einsum einsum, Set<RankName> fixed, PointCompiler compiler) {
    List<AffinePlace> places = new ArrayList<>();
    for (Access access : List.of(product.left, product.right, einsum.output())) {
      AffinePlace.of(access, compiler.tensor(access.tensor()), compiler).ifPresent(places::add);
    }
    if (places.size() < 3) {
      return Optional.empty();
    }
    Set<RankName> left = new HashSet<>(product.left.ranks().toList());
    Set<RankName> right = new HashSet<>(product.right.ranks().toList());
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
    return isRectangular(roles, space, fixed, compiler)
        ? Optional.of(
            new Contraction(
                product,
                einsum.output(),
                places,
                roles.stream().map(names -> new Ranks(names, space, compiler)).toList(),
                compiler))
        : Optional.empty();
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

  /** Computes the output; false, with nothing written, where values other than 0 are not finite. */
  boolean run(long[] point) {
    if (!isFinite(leftTensor) || !isFinite(rightTensor)) {
      return false;
    }
    int leftBase = left.at(zeroed(point));
    int rightBase = right.at(point);
    int outputBase = output.at(point);
    int[] rowsLeft = rows.places(left, point);
    int[] rowsOutput = rows.places(output, point);
    int[] columnsRight = columns.places(right, point);
    int[] columnsOutput = columns.places(output, point);
    int[] summedLeft = summed.places(left, point);
    int[] summedRight = summed.places(right, point);
    int[] sharedLeft = shared.places(left, point);
    int[] sharedRight = shared.places(right, point);
    int[] sharedOutput = shared.places(output, point);
    if (summedLeft.length == 0) {
      return true;
    }
    DMatrixRMaj a = new DMatrixRMaj(rowsLeft.length, summedLeft.length);
    DMatrixRMaj b = new DMatrixRMaj(summedRight.length, columnsRight.length);
    DMatrixRMaj c = new DMatrixRMaj(rowsLeft.length, columnsRight.length);
    DMatrixRMaj present = new DMatrixRMaj(rowsLeft.length, columnsRight.length);
    for (int i = 0; i < sharedLeft.length; i++) {
      boolean isLeftFull = pack(a, leftTensor, rowsLeft, summedLeft, sharedLeft[i] - 2 * leftBase);
      boolean isRightFull =
          pack(b, rightTensor, summedRight, columnsRight, sharedRight[i] - 2 * rightBase);
      CommonOps_DDRM.mult(a, b, c);
      if (!(isLeftFull && isRightFull) && outputTensor.empty() != 0) {
        markPresent(a, leftTensor, rowsLeft, summedLeft, sharedLeft[i] - 2 * leftBase);
        markPresent(b, rightTensor, summedRight, columnsRight, sharedRight[i] - 2 * rightBase);
        CommonOps_DDRM.mult(a, b, present);
      } else {
        present.fill(1);
      }
      unpack(c, present, rowsOutput, columnsOutput, sharedOutput[i] - 2 * outputBase);
    }
    return true;
  }

  private long[] zeroed(long[] point) {
    for (Ranks ranks : List.of(shared, rows, columns, summed)) {
      ranks.names().forEach(rank -> point[ranks.compiler().slot(rank)] = 0);
    }
    return point;
  }

  private static boolean isFinite(DenseTensor tensor) {
    double empty = tensor.empty();
    for (double value : tensor.array()) {
      if (!Double.isFinite(value) && value != empty) {
        return false;
      }
    }
    return true;
  }

  private static boolean pack(
      DMatrixRMaj matrix, DenseTensor tensor, int[] rows, int[] columns, int base) {
    double[] values = tensor.array();
    double empty = tensor.empty();
    boolean isFull = true;
    int at = 0;
    for (int row : rows) {
      for (int column : columns) {
        double value = values[base + row + column];
        boolean isPresent = value != empty;
        isFull &= isPresent;
        matrix.data[at++] = isPresent ? value : 0;
      }
    }
    return isFull;
  }

  private static void markPresent(
      DMatrixRMaj matrix, DenseTensor tensor, int[] rows, int[] columns, int base) {
    double[] values = tensor.array();
    double empty = tensor.empty();
    int at = 0;
    for (int row : rows) {
      for (int column : columns) {
        matrix.data[at++] = values[base + row + column] != empty ? 1 : 0;
      }
    }
  }

  private void unpack(
      DMatrixRMaj product, DMatrixRMaj present, int[] rows, int[] columns, int base) {
    double[] values = outputTensor.array();
    int at = 0;
    for (int row : rows) {
      for (int column : columns) {
        if (present.data[at] > 0) {
          values[base + row + column] = factor * product.data[at];
        }
        at++;
      }
    }
  }

  /** A constant times two reads. */
  private record Product(double factor, Access left, Access right) {

    static Optional<Product> of(Expression expression, ValueCompiler values) {
      List<Access> reads = new ArrayList<>();
      double[] factor = {1};
      return collect(expression, values, reads, factor) && reads.size() == 2
          ? Optional.of(new Product(factor[0], reads.get(0), reads.get(1)))
          : Optional.empty();
    }

    private static boolean collect(
        Expression expression, ValueCompiler values, List<Access> reads, double[] factor) {
      return switch (expression) {
        case Expression.Read read -> reads.add(read.access());
        case Expression.ScalarRead scalar -> multiply(factor, values.scalar(scalar.scalar()));
        case Expression.Literal literal -> multiply(factor, literal.value());
        case Expression.Binary binary ->
            binary.operator() == BinaryOperator.MULTIPLY
                && binary.merge() == MergeOperator.INTERSECTION
                && collect(binary.left(), values, reads, factor)
                && collect(binary.right(), values, reads, factor);
        case Expression.ShapeValue _,
            Expression.Position _,
            Expression.Unary _,
            Expression.Apply _,
            Expression.Parameter _,
            Expression.Select _ ->
            false;
      };
    }

    private static boolean multiply(double[] factor, double value) {
      factor[0] *= value;
      return Double.isFinite(value);
    }
  }
}
