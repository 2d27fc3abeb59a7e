package dev.weir.einsum.eval;

import dev.weir.einsum.ir.Monoid;
import java.util.Arrays;

/**
 * The terms of one element and what reducing them does to its error.
 *
 * <p>A sum of n terms rounds n - 1 partial sums, by at most the unit roundoff each. The partial
 * sums of a loop, of tiles and of a tree of tiles belong to intervals of terms: none is larger than
 * the largest prefix less the smallest. Those of an order that has nothing to do with the values
 * are samples of the terms; one of k of n terms has mean k/n of the sum and a standard deviation of
 * at most half the root of the sum of squares, of which four are taken. Equal terms are rounded
 * alike, so roundings count as independent only up to the number of times that a value occurs.
 */
final class TermStatistics {

  private final Monoid monoid;
  private final Rounding rounding;
  private final double confidence;

  private double[] nonZero = new double[16];
  private int nonZeroTerms;
  private int terms;
  private double value;
  private double highestPrefix;
  private double lowestPrefix;
  private double magnitudes;
  private double squares;
  private double totals;
  private double fixed;
  private double worst;
  private double spreads;
  private double quantum;
  private double possible;
  private double firstTotal;
  private double runnerUp;

  TermStatistics(Monoid monoid, Rounding rounding, double confidence) {
    this.monoid = monoid;
    this.rounding = rounding;
    this.confidence = confidence;
    clear();
  }

  void clear() {
    nonZeroTerms = 0;
    terms = 0;
    value = 0;
    highestPrefix = 0;
    lowestPrefix = 0;
    magnitudes = 0;
    squares = 0;
    totals = 0;
    fixed = 0;
    worst = 0;
    spreads = 0;
    quantum = Double.POSITIVE_INFINITY;
    possible = 0;
    firstTotal = 0;
    runnerUp = Double.NEGATIVE_INFINITY;
  }

  /** Takes a value that is there, with its errors. */
  void add(double term, LocalErrorCompiler.Frame errors) {
    double before = value;
    value = terms == 0 ? term : monoid.combine(before, term);
    switch (monoid) {
      case SUM -> addToSum(term);
      case MAXIMUM -> chooses(before, term, term > before, 1, errors.total);
      case MINIMUM -> chooses(before, term, term < before, -1, errors.total);
      case PRODUCT -> totals = terms == 0 ? errors.total : product(before, term, errors.total);
    }
    if (monoid == Monoid.SUM) {
      totals += errors.total;
    }
    fixed += errors.fixed;
    worst += errors.worst;
    spreads += errors.spread * errors.spread;
    terms++;
  }

  /** A value that is absent here, yet may be there when rounded. */
  void addPossible(double error, double empty) {
    boolean isHarmless = monoid == Monoid.SUM && empty == 0;
    possible += isHarmless ? error : Double.POSITIVE_INFINITY;
  }

  private void addToSum(double term) {
    highestPrefix = Math.max(highestPrefix, value);
    lowestPrefix = Math.min(lowestPrefix, value);
    magnitudes += Math.abs(term);
    squares += term * term;
    quantum = Math.min(quantum, BoundedReduction.quantum(term));
    if (term != 0) {
      if (nonZeroTerms == nonZero.length) {
        nonZero = Arrays.copyOf(nonZero, 2 * nonZeroTerms);
      }
      nonZero[nonZeroTerms++] = Math.abs(term);
    }
  }

  /** Keeps how close the largest value comes that was not chosen. */
  private void chooses(double before, double term, boolean isTerm, int sign, double total) {
    if (terms == 0) {
      firstTotal = total;
    } else if (isTerm) {
      runnerUp = Math.max(runnerUp, sign * before + firstTotal);
      firstTotal = total;
    } else {
      runnerUp = Math.max(runnerUp, sign * term + total);
    }
  }

  private double product(double before, double term, double error) {
    double exact = Math.abs(before * term);
    double widened = (Math.abs(before) + totals) * (Math.abs(term) + error) * (1 + rounding.unit());
    double bound = widened - exact + rounding.format().underflow();
    return exact + bound <= rounding.format().largest() ? bound : Double.POSITIVE_INFINITY;
  }

  /** Writes value and errors of the element, if there is one. */
  void finish(int at, double[] values, ElementErrors errors) {
    errors.spread[at] = 0;
    errors.worst[at] = 0;
    errors.additions[at] = 0;
    if (terms == 0) {
      errors.total[at] = possible;
      errors.fixed[at] = possible;
      return;
    }
    values[at] = value;
    switch (monoid) {
      case SUM -> sum(at, errors);
      case MAXIMUM, MINIMUM -> {
        double chosen = monoid == Monoid.MAXIMUM ? value : -value;
        double slack = runnerUp > chosen - firstTotal ? runnerUp - chosen + firstTotal : 0;
        errors.total[at] = Math.max(firstTotal, runnerUp > chosen ? runnerUp - chosen : 0);
        // What the chosen term's own operations do to it is bounded by its total error.
        errors.fixed[at] = slack + fixedOfChosen() + possible;
        errors.total[at] += possible;
      }
      case PRODUCT -> {
        errors.total[at] = totals + possible;
        errors.fixed[at] = totals + possible;
      }
    }
    if (Double.isNaN(errors.total[at]) || Double.isNaN(value)) {
      errors.total[at] = Double.POSITIVE_INFINITY;
      errors.fixed[at] = Double.POSITIVE_INFINITY;
    }
  }

  private double fixedOfChosen() {
    return Math.min(firstTotal, fixed + worst);
  }

  private void sum(int at, ElementErrors errors) {
    errors.fixed[at] = fixed + possible;
    errors.total[at] = totals + possible;
    errors.worst[at] = worst;
    if (terms == 1 || rounding.isExactSum(magnitudes, totals + possible, quantum)) {
      errors.spread[at] = Math.sqrt(spreads);
      return;
    }
    double equal = mostEqual();
    double additions = Math.max(0, nonZeroTerms - 1) + (possible > 0 ? 1 : 0);
    double error = totals + possible;
    double sampled = Math.abs(value) + 2 * Math.sqrt(squares);
    double partial = Math.min(magnitudes, Math.max(highestPrefix - lowestPrefix, sampled)) + error;
    double unit = rounding.unit();
    // A factor of all terms may be applied to the sum.
    double factor = unit * (Math.abs(value) + error);
    double ofSum = rounding.ofSum(value, magnitudes, error, (long) additions + 1) - error + factor;
    // Not by squares, which very small errors in double precision do not have.
    double deviation = Math.hypot(Math.sqrt(equal * additions) * unit * partial, factor);
    errors.additions[at] = equal * additions;
    errors.spread[at] = Math.hypot(Math.sqrt(equal * spreads), deviation);
    errors.worst[at] += ofSum;
    errors.total[at] += Math.min(ofSum, confidence * deviation);
    if (!Double.isFinite(ofSum) || magnitudes + error > rounding.format().largest()) {
      errors.total[at] = Double.POSITIVE_INFINITY;
      errors.fixed[at] = Double.POSITIVE_INFINITY;
    }
  }

  /** How often the most frequent magnitude occurs. */
  private int mostEqual() {
    Arrays.sort(nonZero, 0, nonZeroTerms);
    int most = 1;
    int run = 1;
    for (int i = 1; i < nonZeroTerms; i++) {
      run = nonZero[i] == nonZero[i - 1] ? run + 1 : 1;
      most = Math.max(most, run);
    }
    return most;
  }
}
