package dev.weir.cli.analysis;

import dev.weir.einsum.analysis.CompulsoryTraffic;
import dev.weir.einsum.analysis.ForcedTraffic;
import dev.weir.einsum.analysis.LiveFootprint;
import dev.weir.einsum.analysis.OperationCount;
import dev.weir.einsum.analysis.PassAnalysis;
import dev.weir.einsum.analysis.PassReport;
import dev.weir.einsum.analysis.Taxonomy;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that is known of a cascade before anyone schedules it.
 *
 * @param cascade which
 * @param passes sweeps over each rank
 * @param softmaxes its place in the taxonomy; empty if it is not softmax-like
 * @param live what must be kept between sweeps
 * @param counts numbers for given shapes
 */
public record Analysis(
    Cascade cascade,
    PassReport passes,
    List<Taxonomy.Softmax> softmaxes,
    LiveFootprint live,
    Optional<Counts> counts) {

  /**
   * Numbers for given shapes.
   *
   * @param workload shapes of the ranks that a workload decides
   * @param innerParts inner parts of partitioned ranks
   * @param shapes shapes of all ranks
   * @param wordBytes bytes of a word
   * @param operations how many, by Einsum and kind
   * @param traffic what every mapping moves
   * @param forced what passes add for a given buffer
   */
  public record Counts(
      Map<RankName, Long> workload,
      List<RankName> innerParts,
      Shapes shapes,
      int wordBytes,
      OperationCount operations,
      CompulsoryTraffic traffic,
      Optional<ForcedTraffic> forced) {

    public Counts {
      workload = Map.copyOf(workload);
      innerParts = List.copyOf(innerParts);
    }

    /** Shapes of the workload and of the inner parts of its ranks. */
    public SortedMap<RankName, Long> withParts() {
      SortedMap<RankName, Long> all = new TreeMap<>(workload);
      innerParts.forEach(part -> all.put(part, shapes.of(part)));
      return all;
    }

    /** Bytes of some words. */
    public long bytes(long words) {
      return Math.multiplyExact(words, wordBytes);
    }

    /** What is known of the intensity when a number that it is made of is a bound. */
    public enum Bound {
      EXACT(""),
      AT_MOST("at most "),
      AT_LEAST("at least "),
      /** Operations and traffic are both at most what they are given as. */
      OPEN("around ");

      private final String text;

      Bound(String text) {
        this.text = text;
      }

      /** How it stands before a number. */
      public String text() {
        return text;
      }
    }

    /** What is known of {@link #intensity()}. */
    public Bound intensityBound() {
      return traffic.isUpperBound()
          ? operations.isExact() ? Bound.AT_LEAST : Bound.OPEN
          : operations.isExact() ? Bound.EXACT : Bound.AT_MOST;
    }

    /**
     * What is known of {@link #intensityWithForced()}: passes force at least what they add, unless
     * conditions that count as true leave points out.
     */
    public Bound intensityWithForcedBound() {
      boolean isForced = forced.filter(more -> !more.countsConditionsAsTrue()).isPresent();
      return isForced && !traffic.isUpperBound() ? Bound.AT_MOST : Bound.OPEN;
    }

    /** Operations a byte of compulsory traffic; a multiply-accumulate counts two. */
    public double intensity() {
      return operations.weighted() / (double) bytes(traffic.compulsoryWords());
    }

    /** Operations a byte with what passes add. */
    public Optional<Double> intensityWithForced() {
      return forced.map(
          more ->
              operations.weighted()
                  / (double) bytes(Math.addExact(traffic.compulsoryWords(), more.words())));
    }
  }

  /** What holds at any shapes. */
  public static Analysis of(Cascade cascade) {
    return new Analysis(
        cascade,
        PassAnalysis.of(cascade),
        Taxonomy.of(cascade),
        LiveFootprint.of(cascade),
        Optional.empty());
  }

  /**
   * With numbers.
   *
   * @param workload shapes of the ranks that a workload decides
   * @param wordBytes bytes of a word
   * @param bufferBytes bytes of the buffer that data live in, if there is one to judge
   */
  public static Analysis of(
      Cascade cascade, Map<RankName, Long> workload, int wordBytes, Optional<Long> bufferBytes) {
    Shapes shapes = cascade.shapes(workload);
    Counts counts =
        new Counts(
            new TreeMap<>(workload),
            cascade.partitions().stream().map(Partition::inner).toList(),
            shapes,
            wordBytes,
            OperationCount.of(cascade, shapes),
            CompulsoryTraffic.of(cascade, shapes),
            bufferBytes.map(bytes -> ForcedTraffic.of(cascade, shapes, bytes / wordBytes)));
    return new Analysis(
        cascade,
        PassAnalysis.of(cascade),
        Taxonomy.of(cascade),
        LiveFootprint.of(cascade, shapes),
        Optional.of(counts));
  }
}
