package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Words that must leave a buffer and come back because passes need them again, at least, in every
 * mapping that computes no point twice. At each moment at which a value that needs a whole fiber is
 * complete, what lives ({@link LiveFootprint}) and does not fit lies elsewhere: it is read again,
 * and if it is no input it was written. Moments at other coordinates concern other words; so do
 * moments that follow each other, if what is read for one is read before the next. Ranks are not
 * added up, since they may concern the same words: the most demanding one counts.
 *
 * @param bufferWords words that fit on the chip
 * @param ranks one entry a rank that is no part of another, in order of their names
 * @param countsConditionsAsTrue whether conditions leave points out, so that less may be forced
 */
public record ForcedTraffic(long bufferWords, List<OfRank> ranks, boolean countsConditionsAsTrue) {

  /**
   * What one rank forces.
   *
   * @param rank the rank
   * @param readWords words that come back
   * @param writtenWords words that were written for that
   */
  public record OfRank(RankName rank, long readWords, long writtenWords) {

    /** Both directions together. */
    public long words() {
      return Math.addExact(readWords, writtenWords);
    }
  }

  public ForcedTraffic {
    ranks = List.copyOf(ranks);
  }

  /**
   * Traffic that a buffer forces.
   *
   * @param bufferWords words that fit on the chip
   */
  public static ForcedTraffic of(Cascade cascade, Shapes shapes, long bufferWords) {
    Dependences dependences = Dependences.of(cascade);
    List<RankFamily> families = RankFamily.all(cascade);
    List<OfRank> ranks = new ArrayList<>();
    for (RankFamily family : families) {
      SweepTimes times = new SweepTimes(family, dependences);
      Crossings crossings = new Crossings(family, families, dependences, times, shapes);
      Chains chains = new Chains(crossings, shapes, bufferWords);
      Chain most = chains.most();
      ranks.add(new OfRank(family.root(), most.readWords(), most.writtenWords()));
    }
    boolean isConditional =
        cascade.einsums().stream()
            .anyMatch(einsum -> einsum.condition().isPresent() || selects(einsum.value()));
    return new ForcedTraffic(bufferWords, ranks, isConditional);
  }

  private static boolean selects(Expression value) {
    return value instanceof Expression.Select
        || value.children().stream().anyMatch(ForcedTraffic::selects)
        || (value instanceof Expression.Apply apply && selects(apply.function().body()));
  }

  /** Words that the most demanding rank forces. */
  public long words() {
    return ranks.stream().mapToLong(OfRank::words).max().orElse(0);
  }

  private record Chain(long readWords, long writtenWords, BitSet written) {

    static final Chain NONE = new Chain(0, 0, new BitSet());

    long words() {
      return Math.addExact(readWords, writtenWords);
    }
  }

  /** Sequences of moments, each of which needs a value of the one before. */
  private static final class Chains {

    private final Crossings crossings;
    private final Shapes shapes;
    private final long bufferWords;
    private final List<Crossings.Moment> moments;
    private final Map<Integer, Chain> known = new HashMap<>();

    Chains(Crossings crossings, Shapes shapes, long bufferWords) {
      this.crossings = crossings;
      this.shapes = shapes;
      this.bufferWords = bufferWords;
      this.moments = crossings.moments();
    }

    Chain most() {
      Chain most = Chain.NONE;
      for (int at = 0; at < moments.size(); at++) {
        most = larger(most, from(at));
      }
      return most;
    }

    private Chain from(int at) {
      Chain before = known.get(at);
      if (before != null) {
        return before;
      }
      Crossings.Moment moment = moments.get(at);
      Chain most = with(moment, moment.after(), Chain.NONE);
      for (int next : nextAfter(moment)) {
        BitSet between = (BitSet) moment.after().clone();
        between.and(moments.get(next).before());
        most = larger(most, with(moment, between, from(next)));
      }
      known.put(at, most);
      return most;
    }

    /** Moments that wait for one, and for no other that waits for it. */
    private List<Integer> nextAfter(Crossings.Moment moment) {
      List<Integer> later =
          IntStream.range(0, moments.size())
              .filter(at -> moment.after().get(moments.get(at).producer()))
              .boxed()
              .toList();
      return later.stream()
          .filter(
              at ->
                  later.stream()
                      .noneMatch(
                          other -> moments.get(other).after().get(moments.get(at).producer())))
          .toList();
    }

    private Chain with(Crossings.Moment moment, BitSet targets, Chain later) {
      List<Crossings.Cut> reads = crossings.cuts(moment, targets, false);
      List<Crossings.Cut> writes = crossings.cuts(moment, targets, true);
      BitSet candidates = new BitSet();
      writes.forEach(cut -> candidates.or(cut.candidates()));
      // A tensor that lives at both moments may be written once for both.
      boolean isWrittenForItself = !later.written().intersects(candidates);
      BitSet written = (BitSet) later.written().clone();
      long writtenWords = later.writtenWords();
      if (isWrittenForItself) {
        written.or(candidates);
        writtenWords = Math.addExact(writtenWords, beyondBuffer(writes));
      }
      return new Chain(
          Math.addExact(later.readWords(), beyondBuffer(reads)), writtenWords, written);
    }

    private long beyondBuffer(List<Crossings.Cut> cuts) {
      return cuts.stream().mapToLong(this::beyondBuffer).max().orElse(0);
    }

    private long beyondBuffer(Crossings.Cut cut) {
      long beyond = Math.max(0, cut.words() - bufferWords);
      return cut.forEach().stream().mapToLong(shapes::of).reduce(beyond, Math::multiplyExact);
    }

    private static Chain larger(Chain one, Chain other) {
      return other.words() > one.words() ? other : one;
    }
  }
}
