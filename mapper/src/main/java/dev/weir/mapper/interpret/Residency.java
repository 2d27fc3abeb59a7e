package dev.weir.mapper.interpret;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Ranges;
import dev.weir.mapper.schedule.Residence;
import dev.weir.mapper.schedule.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Entries and exits of keeps: rules 1 to 4. */
final class Residency {

  private final CascadeFacts facts;
  private final LevelName top;
  private final Residence residence;
  private final Map<TensorName, Cells> tensors;
  private final Tally tally;

  /** At a word of a generation 0. */
  private final PointValues values;

  private final Map<Site, Set<TensorName>> producedInside = new HashMap<>();
  private final Map<Sums, Leaving> leaving = new HashMap<>();
  private final Set<Served> served = new HashSet<>();
  private long entries;

  /**
   * Sums that a keep takes up and leaves.
   *
   * @param outermostEntry of the outermost home
   * @param steps of the loops around that do not reduce
   */
  private record Sums(Site keep, TensorName tensor, long outermostEntry, List<Long> steps) {}

  /**
   * A tile that instances take together.
   *
   * @param steps of the loops between keep and next home without a multicast
   */
  private record Served(Site keep, TensorName tensor, long nextEntry, List<Long> steps) {}

  /** A tile on its way from a keep to the next home. */
  private record Leaving(TensorName tensor, LevelName from, LevelName to, long words) {
    void tally(Tally tally, Movement read, Movement write) {
      tally.move(tensor, from, read, words);
      tally.move(tensor, to, write, words);
    }
  }

  Residency(Problem problem, CascadeFacts facts, Map<TensorName, Cells> tensors, Tally tally) {
    this.facts = facts;
    this.top = problem.architecture().top().name();
    this.residence = new Residence(problem, facts);
    this.tensors = tensors;
    this.tally = tally;
    this.values = new PointValues(problem.cascade(), problem.shapes(), tensors);
  }

  /** The nearest home around a place; none for an intermediate without a keep there. */
  Optional<Home> home(TensorName tensor, Frame place) {
    List<Frame.Step> steps = new ArrayList<>();
    Frame frame = place;
    while (true) {
      switch (frame) {
        case Frame.Start _ -> {
          return facts.livesAtTop(tensor) ? Optional.of(Home.top(top, steps)) : Optional.empty();
        }
        case Frame.Step step -> {
          steps.add(step);
          frame = step.outer();
        }
        case Frame.Resident resident -> {
          if (resident.entries().containsKey(tensor)) {
            Node.Keep keep = resident.keep();
            return Optional.of(
                new Home(keep.level(), resident.entries().get(tensor), steps, keep.inPlaceOf()));
          }
          frame = resident.outer();
        }
      }
    }
  }

  /** The entry of the outermost home; the top level has one for the whole run. */
  long outermostEntry(TensorName tensor, Frame place) {
    if (facts.livesAtTop(tensor)) {
      return Home.WHOLE_RUN.number();
    }
    long found = Home.WHOLE_RUN.number();
    Frame frame = place;
    while (!(frame instanceof Frame.Start)) {
      if (frame instanceof Frame.Resident resident && resident.entries().containsKey(tensor)) {
        found = resident.entries().get(tensor).number();
      }
      frame = outer(frame);
    }
    return found;
  }

  /** Rules 1, 2 and 4. */
  Frame.Resident enter(Site site, Frame around) {
    Node.Keep keep = (Node.Keep) site.node();
    Map<TensorName, Frame.Entry> entered = new HashMap<>();
    for (TensorName tensor : keep.tensors()) {
      entered.put(tensor, enter(site, keep, tensor, around));
    }
    return new Frame.Resident(around, around.ranges(), keep, entered);
  }

  private Frame.Entry enter(Site site, Node.Keep keep, TensorName tensor, Frame around) {
    entries++;
    long words = residence.tileWords(tensor, around.ranges());
    Optional<Home> next = home(tensor, around);
    if (facts.generations(tensor).isPresent()) {
      facts
          .initialRead(tensor)
          .ifPresent(access -> readGeneration0(site, access.tensor(), words, around));
      tally.move(tensor, keep.level(), Movement.WRITE, words);
      writeGeneration0(site, tensor, around, entries);
      return new Frame.Entry(entries, false);
    }
    if (!isProducedInside(site, tensor)) {
      Home from =
          next.orElseThrow(() -> new ScheduleFault(site, tensor + " has no home to come from"));
      long arriving = arriving(site, keep, tensor, around);
      if (isFirstServed(site, tensor, from)) {
        tally.move(tensor, from.level(), Movement.READ, arriving);
      }
      tally.move(tensor, keep.level(), Movement.WRITE, arriving);
      return new Frame.Entry(entries, false);
    }
    if (next.isEmpty()) {
      if (reductionSteps(tensor, allSteps(around)).anyMatch(step -> step.number() > 0)) {
        throw new ScheduleFault(site, "the sums of " + tensor + " do not finish inside");
      }
      return new Frame.Entry(entries, false);
    }
    Optional<Leaving> left = Optional.ofNullable(leaving.remove(sums(site, tensor, around)));
    left.ifPresent(
        before -> {
          before.tally(tally, Movement.PARTIAL_READ, Movement.PARTIAL_WRITE);
          tally.move(tensor, next.get().level(), Movement.PARTIAL_READ, words);
          tally.move(tensor, keep.level(), Movement.PARTIAL_WRITE, words);
        });
    return new Frame.Entry(entries, left.isPresent());
  }

  /** Whether no multicast on the way already brought the tensor to another instance. */
  private boolean isFirstServed(Site site, TensorName tensor, Home from) {
    List<Long> steps =
        from.steps().stream()
            .filter(step -> !Home.multicasts(step, tensor))
            .map(Frame.Step::number)
            .toList();
    return steps.size() == from.steps().size()
        || served.add(new Served(site, tensor, from.entry().number(), steps));
  }

  /** The whole tile, or what is new in it where it slides along the loop directly around. */
  private long arriving(Site site, Node.Keep keep, TensorName tensor, Frame around) {
    Frame frame = around;
    while (frame instanceof Frame.Resident resident) {
      frame = resident.outer();
    }
    boolean slides = !keep.refetch() && residence.slidesAlong(site, tensor).isPresent();
    return slides && frame instanceof Frame.Step step && step.before().isPresent()
        ? residence.newWords(tensor, step.rank(), step.before().get(), step.ranges())
        : residence.tileWords(tensor, around.ranges());
  }

  /** Rule 3. Whether what leaves is final is known when it does not come back: {@link #finish}. */
  void exit(Site site, Frame.Resident resident) {
    for (TensorName tensor : resident.keep().tensors()) {
      Optional<Home> next = home(tensor, resident.outer());
      if (facts.generations(tensor).isPresent()
          || next.isEmpty()
          || !isProducedInside(site, tensor)) {
        continue;
      }
      long words = residence.tileWords(tensor, resident.ranges());
      leaving.put(
          sums(site, tensor, resident.outer()),
          new Leaving(tensor, resident.keep().level(), next.get().level(), words));
    }
  }

  /** The end of the run: what has not come back left as final. */
  void finish() {
    leaving.values().forEach(last -> last.tally(tally, Movement.READ, Movement.WRITE));
    leaving.clear();
  }

  /**
   * Entries of a keep in which the same sums go on: all but the reducing loops stand as they do.
   */
  private Sums sums(Site site, TensorName tensor, Frame around) {
    Set<RankName> reduced = facts.reduced(facts.producer(tensor).orElseThrow());
    return new Sums(
        site,
        tensor,
        outermostEntry(tensor, around),
        allSteps(around).stream()
            .filter(step -> !reduced.contains(step.rank()))
            .map(Frame.Step::number)
            .toList());
  }

  /** Steps of loops over reduced ranks of the producer. */
  private Stream<Frame.Step> reductionSteps(TensorName tensor, List<Frame.Step> steps) {
    Set<RankName> reduced = facts.reduced(facts.producer(tensor).orElseThrow());
    return steps.stream().filter(step -> reduced.contains(step.rank()));
  }

  private static List<Frame.Step> allSteps(Frame place) {
    List<Frame.Step> steps = new ArrayList<>();
    Frame frame = place;
    while (!(frame instanceof Frame.Start)) {
      if (frame instanceof Frame.Step step) {
        steps.add(step);
      }
      frame = outer(frame);
    }
    return steps;
  }

  static Frame outer(Frame frame) {
    return switch (frame) {
      case Frame.Start start -> start;
      case Frame.Step step -> step.outer();
      case Frame.Resident resident -> resident.outer();
    };
  }

  private boolean isProducedInside(Site site, TensorName tensor) {
    return producedInside.computeIfAbsent(site, _ -> producedIn(site)).contains(tensor);
  }

  private Set<TensorName> producedIn(Site site) {
    Node.Keep keep = (Node.Keep) site.node();
    return keep.tensors().stream()
        .filter(tensor -> Residence.isProducedIn(site, tensor))
        .collect(java.util.stream.Collectors.toSet());
  }

  private void readGeneration0(Site site, TensorName source, long words, Frame around) {
    Home from =
        home(source, around)
            .orElseThrow(() -> new ScheduleFault(site, source + " has no home to come from"));
    if (isFirstServed(site, source, from)) {
      tally.move(source, from.level(), Movement.READ, words);
    }
  }

  private void writeGeneration0(Site site, TensorName tensor, Frame around, long entry) {
    Einsum initial =
        facts
            .initial(tensor)
            .filter(e -> e.condition().isEmpty())
            .orElseThrow(() -> new ScheduleFault(site, tensor + " has no generation 0"));
    Tensor declared = facts.tensor(tensor).orElseThrow();
    Cells cells = tensors.get(tensor);
    visit(
        declared,
        around.ranges(),
        0,
        new long[declared.ranks().size()],
        at -> {
          for (int i = 0; i < at.length; i++) {
            values.move(declared.ranks().get(i), at[i]);
          }
          facts.initialRead(tensor).ifPresent(access -> checkReadable(site, access, around));
          cells.set(at, values.of(initial.value()).orElse(cells.empty()), entry);
        });
  }

  private void checkReadable(Site site, Access access, Frame around) {
    long[] at = values.at(access);
    TensorName source = access.tensor();
    if (!tensors.get(source).isReadable(at, outermostEntry(source, around))) {
      throw new ScheduleFault(
          site, "reads " + source + Arrays.toString(at) + " before it is produced");
    }
  }

  private void visit(
      Tensor tensor, Ranges ranges, int depth, long[] coordinate, Consumer<long[]> visitor) {
    if (depth == coordinate.length) {
      visitor.accept(coordinate);
      return;
    }
    RankName rank = tensor.ranks().get(depth);
    boolean isGeneration = tensor.generations().filter(rank::equals).isPresent();
    Ranges.Range range =
        isGeneration ? new Ranges.Range(0, 1) : residence.span(tensor.name(), depth, ranges);
    for (long at = range.from(); at < range.to(); at++) {
      coordinate[depth] = at;
      visit(tensor, ranges, depth + 1, coordinate, visitor);
    }
  }
}
