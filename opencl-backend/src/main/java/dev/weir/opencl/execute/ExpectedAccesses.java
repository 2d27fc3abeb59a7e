package dev.weir.opencl.execute;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.model.CostModel;
import dev.weir.mapper.schedule.Problem;
import dev.weir.opencl.execute.TensorWords.Place;
import dev.weir.opencl.execute.Words.Cause;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Words that kernels of a schedule move, predicted: what the schedule says, and what a kernel does
 * besides, line by line (docs/kernels.md, "What kernels move"). Words of a tile that is {@code in
 * place of} another one count as those of the tensor that had the room first.
 *
 * @param lines words by line; those of {@link Line#SHARED_LANES} are negative
 * @param deciding tensors that conditions and indices read; kernels load them, and how often is not
 *     predicted
 * @param leftOut places whose words are an upper bound, and the schedule's own words a lower one: a
 *     condition lets kernels end loops early
 * @param lookedAtAgain places that have more words when some sum equals that of nothing, so that
 *     the kernel looks again whether anything contributed
 */
public record ExpectedAccesses(
    Map<Line, Map<Place, Long>> lines,
    Set<TensorName> deciding,
    Set<Place> leftOut,
    Set<Place> lookedAtAgain) {

  /** Why words move. */
  public enum Line {
    /** The cost model's, or the interpreter's. */
    SCHEDULED("scheduled"),
    /** Points that a condition leaves out: kernels load their operands all the same. */
    ABSENT("absent points"),
    /** The identity, written before a reduction and read by its first contribution. */
    BEGINNINGS("beginnings"),
    /** What is applied once an element after a reduction. */
    FINISHING("finishing"),
    /** New generations of a state that become old ones. */
    COPIES("copies of generations"),
    /** What several work-groups or work-items do, where no loop tells them apart. */
    REPEATED("repeated"),
    /** Words that the lanes of a vector share and a schedule counts for each. */
    SHARED_LANES("shared by lanes"),
    /** What lies beyond the end of a rank. */
    PADDING("padding");

    private final String text;

    Line(String text) {
      this.text = text;
    }

    /** Its name in reports. */
    public String text() {
      return text;
    }
  }

  public ExpectedAccesses {
    lines = Map.copyOf(lines);
    deciding = Set.copyOf(deciding);
    leftOut = Set.copyOf(leftOut);
    lookedAtAgain = Set.copyOf(lookedAtAgain);
  }

  /**
   * Predicts what {@link KernelExecutor} counts.
   *
   * @param problem one that becomes kernels
   * @param scheduled what the cost model or the interpreter counts for it
   * @throws IllegalArgumentException if it has a construct whose words are not predicted; the
   *     message names it
   */
  public static ExpectedAccesses of(Problem problem, Counts scheduled) {
    Unpredicted.in(problem)
        .ifPresent(
            construct -> {
              throw new IllegalArgumentException(
                  "the words of kernels with "
                      + construct
                      + " are not predicted (docs/kernels.md, What kernels move); execute the"
                      + " kernels and count them");
            });
    CascadeRoles roles = new CascadeRoles(problem);
    Words exact = ScheduleWalk.of(problem, roles, true);
    Words padded = ScheduleWalk.of(problem, roles, false);
    Map<Place, Long> own = byPlace(problem, scheduled);
    Map<Place, Long> allPoints =
        byPlace(problem, CostModel.evaluate(withoutConditions(problem)).counts());
    Map<Line, Map<Place, Long>> lines = new EnumMap<>(Line.class);
    lines.put(Line.SCHEDULED, own);
    lines.put(Line.ABSENT, difference(allPoints, own));
    lines.put(Line.BEGINNINGS, sum(exact.of(Cause.BEGINNING), exact.of(Cause.BEGINNING_READ)));
    lines.put(Line.FINISHING, exact.of(Cause.FINISHING));
    lines.put(Line.COPIES, exact.of(Cause.COPY));
    lines.put(Line.REPEATED, exact.of(Cause.REPEATED));
    lines.put(Line.SHARED_LANES, exact.of(Cause.SHARED_LANES));
    lines.put(Line.PADDING, difference(padded.moved(), exact.moved()));
    Set<Place> all = new TreeSet<>(allPoints.keySet());
    all.addAll(padded.moved().keySet());
    Predicate<Einsum> isReducedUnderCondition =
        einsum -> einsum.condition().isPresent() && !einsum.reducedRanks().isEmpty();
    Rooms rooms = Rooms.of(problem);
    lines.replaceAll((_, words) -> rooms.words(words));
    return new ExpectedAccesses(
        lines,
        roles.deciding(),
        rooms.places(touched(all, isReducedUnderCondition, problem, roles)),
        rooms.places(touched(all, roles::isDoubtful, problem, roles)));
  }

  private static Set<Place> touched(
      Set<Place> places, Predicate<Einsum> which, Problem problem, CascadeRoles roles) {
    Set<TensorName> tensors =
        problem.cascade().einsums().stream()
            .filter(which)
            .flatMap(roles::accessed)
            .collect(Collectors.toSet());
    return places.stream()
        .filter(place -> tensors.contains(place.tensor()))
        .collect(Collectors.toSet());
  }

  /** The least words that conditions leave. */
  public long atLeast(Place place) {
    return leftOut.contains(place)
        ? words(Line.SCHEDULED, place) + words(Line.SHARED_LANES, place)
        : words(place);
  }

  /** Words of all lines. */
  public long words(Place place) {
    return lines.values().stream()
        .mapToLong(line -> line.getOrDefault(place, 0L))
        .reduce(0, Math::addExact);
  }

  /** Words of one line. */
  public long words(Line line, Place place) {
    return lines.getOrDefault(line, Map.of()).getOrDefault(place, 0L);
  }

  /** Every place at which a line has words. */
  public Set<Place> places() {
    Set<Place> all = new TreeSet<>();
    lines.values().forEach(line -> all.addAll(line.keySet()));
    all.removeIf(place -> lines.values().stream().noneMatch(l -> l.getOrDefault(place, 0L) != 0));
    return all;
  }

  private static Problem withoutConditions(Problem problem) {
    Cascade before = problem.cascade();
    List<Einsum> einsums =
        before.einsums().stream()
            .map(
                e ->
                    new Einsum(
                        e.output(), e.value(), e.reduction(), e.populate(), Optional.empty()))
            .toList();
    Cascade cascade =
        new Cascade(
            before.name(),
            before.description(),
            before.partitions(),
            before.tensors(),
            before.scalars(),
            before.defaultShapes(),
            before.derivedShapes(),
            before.distributions(),
            before.stops(),
            einsums);
    return new Problem(cascade, problem.schedule(), problem.architecture(), problem.shapes());
  }

  private static Map<Place, Long> byPlace(Problem problem, Counts counts) {
    Map<Place, Long> words = new TreeMap<>();
    counts
        .trafficWords()
        .forEach(
            (traffic, more) -> {
              Place place =
                  new Place(
                      traffic.tensor(),
                      ScheduleNodes.space(traffic.level(), problem.architecture()),
                      traffic.movement().isRead());
              words.merge(place, more, Math::addExact);
            });
    return words;
  }

  private static Map<Place, Long> sum(Map<Place, Long> one, Map<Place, Long> other) {
    Map<Place, Long> sum = new HashMap<>(one);
    other.forEach((place, words) -> sum.merge(place, words, Math::addExact));
    return sum;
  }

  private static Map<Place, Long> difference(Map<Place, Long> more, Map<Place, Long> less) {
    Map<Place, Long> difference = new HashMap<>(more);
    less.forEach((place, words) -> difference.merge(place, -words, Math::addExact));
    return difference;
  }
}
