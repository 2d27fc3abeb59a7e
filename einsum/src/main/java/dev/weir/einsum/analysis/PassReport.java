package dev.weir.einsum.analysis;

import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * How often a cascade must sweep over each rank, whatever its mapping, and why (FuseMax, section
 * III).
 *
 * @param cascade its name
 * @param ranks one entry a rank that is no part of another, in order of their names
 */
public record PassReport(String cascade, List<OfRank> ranks) {

  /** Where an Einsum stands relative to a pass. */
  public enum When {
    /** Needs nothing of the rank. */
    BEFORE,
    /** Runs step by step with the pass. */
    DURING,
    /** Needs a value that the pass completes, and does not sweep over the rank itself. */
    AFTER
  }

  /** Why a value is there only when a pass has ended. */
  public enum Completion {
    REDUCTION("reduces all of it"),
    OTHER_RANK("reads all of it by another rank"),
    LAST_GENERATION("reads the last generation"),
    ANY_COORDINATE("reads it at coordinates that may lie anywhere");

    private final String text;

    Completion(String text) {
      this.text = text;
    }

    /** What the completing Einsum does, as a predicate. */
    public String text() {
      return text;
    }
  }

  /**
   * Passes over one rank.
   *
   * @param rank the rank
   * @param parts ranks that it is split into
   * @param passes how many sweeps over all of its coordinates; 0 when no Einsum does
   * @param einsums when each Einsum can run at the earliest, in the order of the cascade
   * @param tensors tensors with fibers of the rank and the passes that write or read them
   * @param barriers what forces each pass after the first, in order
   * @param waits reads that must wait for the end of a pass
   * @param sweptAgainFor iterative ranks each of whose steps needs these passes anew
   */
  public record OfRank(
      RankName rank,
      List<RankName> parts,
      int passes,
      List<OfEinsum> einsums,
      List<OfTensor> tensors,
      List<Barrier> barriers,
      List<Wait> waits,
      Set<RankName> sweptAgainFor) {

    public OfRank {
      parts = List.copyOf(parts);
      einsums = List.copyOf(einsums);
      tensors = List.copyOf(tensors);
      barriers = List.copyOf(barriers);
      waits = List.copyOf(waits);
      sweptAgainFor = Set.copyOf(sweptAgainFor);
    }
  }

  /**
   * A read of a value that is complete only after the pass that writes it.
   *
   * @param producer place of the Einsum that writes it
   * @param reader place of the Einsum that reads it
   */
  public record Wait(int producer, int reader) {}

  /**
   * The pass of an Einsum.
   *
   * @param einsum the tensor that it writes
   * @param isInitial whether it writes generation 0
   * @param when relative to which side of the pass
   * @param pass counted from 1; 0 with {@link When#BEFORE}
   */
  public record OfEinsum(TensorName einsum, boolean isInitial, When when, int pass) {}

  /**
   * The passes of a tensor.
   *
   * @param tensor which
   * @param role where it comes from
   * @param passes in which passes its fibers are written or read; what is computed from inputs
   *     alone is written in the pass that first reads it
   * @param sweeps how often its fibers are swept over in every mapping, writing included: the
   *     longest chain of Einsums that touch them, each waiting for the one before to have been
   *     everywhere
   * @param sweepsComputingAgain of an input, how often if no whole fiber is kept from one pass to
   *     the next, so that what a pass needs is computed again from this tensor on
   */
  public record OfTensor(
      TensorName tensor,
      Tensor.Role role,
      SortedSet<Integer> passes,
      int sweeps,
      OptionalInt sweepsComputingAgain) {}

  /**
   * Why one pass cannot begin before another has ended.
   *
   * @param endedPass the pass that must have ended
   * @param completing the Einsum whose value is complete only then
   * @param completed what it completes: the tensor whose fiber it needs to the last coordinate
   * @param completion how it needs all of it
   * @param carriers what carries the value on, from the completing Einsum's to what the next pass
   *     reads
   * @param reopening the Einsum that needs the value at every coordinate of the next pass
   * @param rereads fibers that it reads and that an earlier pass has written or read already
   * @param firstReads fibers that no earlier pass has touched
   */
  public record Barrier(
      int endedPass,
      TensorName completing,
      List<TensorName> completed,
      Completion completion,
      List<TensorName> carriers,
      TensorName reopening,
      List<TensorName> rereads,
      List<TensorName> firstReads) {

    public Barrier {
      completed = List.copyOf(completed);
      carriers = List.copyOf(carriers);
      rereads = List.copyOf(rereads);
      firstReads = List.copyOf(firstReads);
    }
  }

  public PassReport {
    ranks = List.copyOf(ranks);
  }

  /** Passes over a rank; a part of a split rank has those of the rank that it is a part of. */
  public int passes(RankName rank) {
    return of(rank).passes();
  }

  /** What is known of a rank or of the rank that it is a part of. */
  public OfRank of(RankName rank) {
    return ranks.stream()
        .filter(entry -> entry.rank().equals(rank) || entry.parts().contains(rank))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("cascade " + cascade + " has no rank " + rank));
  }

  /** Ranks that something sweeps over, those with most passes first. */
  public List<OfRank> swept() {
    return ranks.stream()
        .filter(entry -> entry.passes() > 0)
        .sorted(Comparator.comparingInt(OfRank::passes).reversed())
        .toList();
  }

  /** The explanation as lines of text, ranks with most passes first. */
  public String text() {
    return swept().stream()
        .map(PassReport::text)
        .collect(Collectors.joining("\n", "cascade " + cascade + "\n", "\n"));
  }

  /** The explanation of one rank, without a line end after its last line. */
  public static String text(OfRank entry) {
    StringBuilder text = new StringBuilder("rank " + entry.rank());
    if (!entry.parts().isEmpty()) {
      text.append(" (split into ").append(names(entry.parts())).append(')');
    }
    text.append(": ").append(count(entry.passes(), "pass", "passes"));
    if (!entry.sweptAgainFor().isEmpty()) {
      text.append(" for each step of ")
          .append(names(entry.sweptAgainFor().stream().sorted().toList()));
    }
    for (int pass = 1; pass <= entry.passes(); pass++) {
      line(text, entry, When.DURING, pass, "  pass ");
      line(text, entry, When.AFTER, pass, "  after pass ");
    }
    entry.barriers().forEach(barrier -> text.append('\n').append(text(barrier, entry.rank())));
    entry.tensors().stream()
        .filter(tensor -> tensor.passes().size() > 1)
        .forEach(
            tensor ->
                text.append(
                    "\n  %s is needed in passes %s: its whole %s-fiber stays or travels"
                        .formatted(
                            tensor.tensor(),
                            names(List.copyOf(tensor.passes())),
                            entry.rank().variable())));
    if (entry.passes() > 1) {
      text.append("\n  times that ")
          .append(entry.rank().variable())
          .append("-fibers are swept over: ")
          .append(sweeps(entry, OfTensor::sweeps, _ -> true));
      text.append("; if no whole fiber is kept from pass to pass: ")
          .append(
              sweeps(
                  entry,
                  tensor -> tensor.sweepsComputingAgain().orElse(0),
                  tensor -> tensor.sweepsComputingAgain().isPresent()));
    }
    return text.toString();
  }

  private static String sweeps(
      OfRank entry, ToIntFunction<OfTensor> sweeps, Predicate<OfTensor> which) {
    String all =
        entry.tensors().stream()
            .filter(which)
            .map(tensor -> tensor.tensor() + " " + sweeps.applyAsInt(tensor))
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? "no input" : all;
  }

  private static void line(StringBuilder text, OfRank entry, When when, int pass, String label) {
    List<TensorName> einsums =
        entry.einsums().stream()
            .filter(einsum -> einsum.when() == when && einsum.pass() == pass)
            .map(OfEinsum::einsum)
            .toList();
    if (!einsums.isEmpty()) {
      text.append('\n').append(label).append(pass).append(": ").append(names(einsums));
    }
  }

  private static String text(Barrier barrier, RankName rank) {
    String completing =
        "  pass %d must end first: %s %s (%s of %s)"
            .formatted(
                barrier.endedPass(),
                barrier.completing(),
                barrier.completion().text(),
                rank.variable(),
                names(barrier.completed()));
    String carried =
        barrier.carriers().size() > 1
            ? " by way of " + names(barrier.carriers().subList(1, barrier.carriers().size()))
            : "";
    String reads = "reads " + names(barrier.rereads()) + " again";
    if (barrier.rereads().isEmpty()) {
      reads =
          barrier.firstReads().isEmpty()
              ? "writes " + barrier.reopening()
              : "sweeps over " + names(barrier.firstReads());
    }
    return completing
        + "; %s needs that%s at every %s and %s in pass %d"
            .formatted(
                barrier.reopening(), carried, rank.variable(), reads, barrier.endedPass() + 1);
  }

  private static String count(int number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  private static String names(List<?> names) {
    return names.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
