package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Traffic to and from where inputs and outputs live that no mapping avoids: each input read once,
 * each output written once; and what passes add where a whole fiber does not fit. Gathered inputs
 * count whole, so for them it is an upper bound.
 *
 * @param tensors one entry a tensor, in the order of the cascade
 */
public record CompulsoryTraffic(List<OfTensor> tensors) {

  /**
   * Traffic of one tensor.
   *
   * @param tensor which tensor
   * @param role an input is read, an output written, an intermediate tensor neither
   * @param words its size
   * @param spills what each rank adds whose fibers do not fit
   */
  public record OfTensor(TensorName tensor, Tensor.Role role, long words, List<Spill> spills) {

    public OfTensor {
      spills = List.copyOf(spills);
    }

    /** Words that every mapping moves. */
    public long compulsoryWords() {
      return role == Tensor.Role.INTERMEDIATE ? 0 : words;
    }
  }

  /**
   * What one rank adds if its fibers do not fit.
   *
   * @param rank the rank swept over more than once
   * @param readWords words read again in later passes
   * @param writtenWords words written so that they can be
   */
  public record Spill(RankName rank, long readWords, long writtenWords) {

    /** Both directions together. */
    public long words() {
      return Math.addExact(readWords, writtenWords);
    }
  }

  public CompulsoryTraffic {
    tensors = List.copyOf(tensors);
  }

  /** Traffic of a cascade for given shapes. */
  public static CompulsoryTraffic of(Cascade cascade, Shapes shapes) {
    PassReport passes = PassAnalysis.of(cascade);
    List<OfTensor> tensors = new ArrayList<>();
    for (Tensor tensor : cascade.tensors()) {
      long words = words(tensor, cascade, shapes);
      tensors.add(new OfTensor(tensor.name(), tensor.role(), words, spills(tensor, words, passes)));
    }
    return new CompulsoryTraffic(tensors);
  }

  /** Words that every mapping moves, all tensors together. */
  public long compulsoryWords() {
    return tensors.stream().mapToLong(OfTensor::compulsoryWords).reduce(0, Math::addExact);
  }

  /** Words added if no whole fiber of a rank fits, all tensors together. */
  public long spilledWords(RankName rank) {
    return tensors.stream()
        .flatMap(tensor -> tensor.spills().stream())
        .filter(spill -> spill.rank().equals(rank))
        .mapToLong(Spill::words)
        .reduce(0, Math::addExact);
  }

  /**
   * An intermediate tensor is written out once; its first pass has it, every later one reads it.
   */
  private static List<Spill> spills(Tensor tensor, long words, PassReport report) {
    List<Spill> spills = new ArrayList<>();
    for (PassReport.OfRank rank : report.ranks()) {
      for (PassReport.OfTensor passes : rank.tensors()) {
        int later = passes.passes().size() - 1;
        if (passes.tensor().equals(tensor.name()) && later > 0) {
          long written = tensor.role() == Tensor.Role.INTERMEDIATE ? words : 0;
          spills.add(new Spill(rank.rank(), Math.multiplyExact(later, words), written));
        }
      }
    }
    return spills;
  }

  private static long words(Tensor tensor, Cascade cascade, Shapes shapes) {
    List<RankName> left = new ArrayList<>(tensor.ranks());
    long words = 1;
    for (var split : cascade.partitions()) {
      if (left.contains(split.outer()) && left.contains(split.inner())) {
        left.remove(split.outer());
        left.remove(split.inner());
        words = Math.multiplyExact(words, shapes.of(split.parent()));
      }
    }
    for (RankName rank : left) {
      long extra = tensor.generations().equals(Optional.of(rank)) ? 1 : 0;
      words = Math.multiplyExact(words, shapes.of(rank) + extra);
    }
    return words;
  }
}
