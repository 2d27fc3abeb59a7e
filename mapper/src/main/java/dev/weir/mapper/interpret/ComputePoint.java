package dev.weir.mapper.interpret;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Shapes;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Ranges;
import dev.weir.mapper.schedule.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;

/** One compute, point by point: rules 5 to 8. */
final class ComputePoint {

  private final Site site;
  private final Node.Compute compute;
  private final Einsum einsum;
  private final Set<RankName> ranks;
  private final Set<RankName> reduced;
  private final List<Access> operands;

  /** Produced entries that conditions and positions read: no words, but they must be there. */
  private final List<Access> decisive;

  private final Map<OperationKind, Integer> operations;
  private final Cascade cascade;
  private final Shapes shapes;
  private final Residency residency;
  private final Map<TensorName, Cells> tensors;
  private final Overwritten overwritten;
  private final Tally tally;
  private final PointValues values;

  /** What is in order so far, where coordinates are populated. */
  private final Optional<Slots> slots;

  /**
   * Steps at which neighbours already read an operand or contributed, when points can be absent.
   */
  private final Set<List<Long>> done = new HashSet<>();

  ComputePoint(
      Site site,
      Problem problem,
      CascadeFacts facts,
      Residency residency,
      Map<TensorName, Cells> tensors,
      Overwritten overwritten,
      Tally tally) {
    this.site = site;
    this.compute = (Node.Compute) site.node();
    this.einsum =
        facts
            .producer(compute.einsum())
            .orElseThrow(() -> new ScheduleFault(site, "no Einsum produces " + compute.einsum()));
    this.ranks = facts.space(einsum);
    this.reduced = facts.reduced(einsum);
    this.operands = einsum.value().operands().toList();
    this.decisive = facts.decisive(einsum).toList();
    this.cascade = problem.cascade();
    this.operations = Operations.perPoint(einsum, cascade);
    this.shapes = problem.shapes();
    this.residency = residency;
    this.tensors = tensors;
    this.overwritten = overwritten;
    this.tally = tally;
    this.values = new PointValues(cascade, shapes, tensors);
    this.slots = einsum.populate().map(Slots::new);
  }

  void run(Frame frame) {
    for (RankName rank : ranks) {
      Ranges.Range range = frame.ranges().of(rank);
      if (range.extent() != 1) {
        throw new ScheduleFault(
            site, "rank " + rank + " has " + range.extent() + " coordinates here, not one");
      }
      values.move(rank, range.from());
    }
    if (slots.isPresent()) {
      order(frame, einsum.populate().orElseThrow());
      return;
    }
    long[] output = values.at(einsum.output());
    Cells cells = tensors.get(compute.einsum());
    visit(output, frame.ranges(), residency.outermostEntry(compute.einsum(), frame));
    decisive.forEach(access -> readable(access, frame));
    if (einsum.condition().isPresent() && !values.holds(einsum.condition().get())) {
      return;
    }
    tally.operate(compute, operations);
    for (int operand = 0; operand < operands.size(); operand++) {
      read(operand, frame);
    }
    OptionalDouble value = values.of(einsum.value());
    write(cells, output, frame);
    value.ifPresent(number -> cells.accumulate(output, number, einsum.reduction()));
  }

  /** Rule 10: a point of a populate action. */
  private void order(Frame frame, Populate populate) {
    Slots order = slots.orElseThrow();
    long production = residency.outermostEntry(compute.einsum(), frame);
    Ranges.Range range = frame.ranges().of(populate.slot());
    values.move(populate.slot(), range.from());
    long[] first = values.at(einsum.output());
    Slots.Fiber fiber = new Slots.Fiber(production, Arrays.stream(first).boxed().toList());
    decisive.forEach(access -> readable(access, frame));
    if (einsum.condition().isEmpty() || values.holds(einsum.condition().get())) {
      tally.operate(compute, operations);
      for (int operand = 0; operand < operands.size(); operand++) {
        read(operand, frame);
      }
      OptionalDouble mass =
          populate
              .mass()
              .map(values::number)
              .map(OptionalDouble::of)
              .orElse(OptionalDouble.empty());
      values
          .of(einsum.value())
          .ifPresent(value -> order.add(fiber, value, values.coordinate(populate.from()), mass));
    }
    Cells cells = tensors.get(compute.einsum());
    boolean isComplete = false;
    for (long slot = range.from(); slot < range.to(); slot++) {
      values.move(populate.slot(), slot);
      isComplete = visit(values.at(einsum.output()), frame.ranges(), production);
    }
    if (isComplete) {
      long next = range.from();
      for (long coordinate : order.take(fiber, range.extent())) {
        values.move(populate.slot(), next++);
        cells.set(values.at(einsum.output()), (double) coordinate, production);
      }
      tally.move(
          compute.einsum(), home(compute.einsum(), frame).level(), Movement.WRITE, range.extent());
    }
  }

  /** Whether a point in these ranges is present. */
  boolean isPresent(Ranges ranges) {
    if (einsum.condition().isEmpty()) {
      return true;
    }
    Condition condition = einsum.condition().get();
    List<RankName> decisive = Points.outerFirst(condition.ranks().toList(), cascade.partitions());
    return Points.any(
        decisive,
        ranges,
        point -> {
          decisive.forEach(rank -> values.move(rank, point.of(rank).from()));
          return values.holds(condition);
        });
  }

  /**
   * An iteration that is not visited: all its points are absent, and their elements, where they
   * have a home outside, need no more of them.
   */
  void pass(Frame frame) {
    TensorName tensor = compute.einsum();
    if (residency.home(tensor, frame).isEmpty()) {
      return;
    }
    long production = residency.outermostEntry(tensor, frame);
    Points.any(
        Points.outerFirst(ranks, cascade.partitions()),
        frame.ranges(),
        point -> {
          ranks.forEach(rank -> values.move(rank, point.of(rank).from()));
          visit(values.at(einsum.output()), point, production);
          return false;
        });
  }

  /** Whether this point is the last of those that make up the element. */
  private boolean visit(long[] output, Ranges ranges, long production) {
    Cells cells = tensors.get(compute.einsum());
    if (!cells.visit(output, pointsOfElement(ranges), production)) {
      throw new ScheduleFault(
          site, compute.einsum() + Arrays.toString(output) + " is produced twice");
    }
    return cells.isReadable(output, production);
  }

  /** Rule 5. */
  private void read(int operand, Frame frame) {
    Access access = operands.get(operand);
    TensorName tensor = access.tensor();
    if (!readable(access, frame)) {
      return;
    }
    Home home = home(tensor, frame);
    if (isFirstOfInstances(operand, home, step -> Home.multicasts(step, tensor))) {
      tally.move(tensor, home.level(), Movement.READ, 1);
    }
  }

  /** Whether there is such an element; if so, it has been produced and not been written over. */
  private boolean readable(Access access, Frame frame) {
    TensorName tensor = access.tensor();
    long[] at = values.at(access);
    Cells cells = tensors.get(tensor);
    if (!cells.has(at)) {
      return false;
    }
    if (!cells.isReadable(at, residency.outermostEntry(tensor, frame))) {
      throw new ScheduleFault(
          site, "reads " + tensor + Arrays.toString(at) + " before it is produced");
    }
    if (overwritten.contains(tensor, home(tensor, frame).entry().number(), at)) {
      throw new ScheduleFault(
          site, "reads " + tensor + Arrays.toString(at) + " after it was written over");
    }
    return true;
  }

  /** Rule 6. */
  private void write(Cells cells, long[] output, Frame frame) {
    TensorName tensor = compute.einsum();
    Home home = home(tensor, frame);
    home.inPlaceOf()
        .ifPresent(old -> overwritten.add(old, home(old, frame).entry().number(), output));
    if (!isFirstOfInstances(operands.size(), home, this::reduces)) {
      return;
    }
    boolean first = cells.isFirstSince(output, home.entry().number());
    if (!reduced.isEmpty() && (!first || home.entry().hasPartialSums())) {
      tally.move(tensor, home.level(), Movement.READ, 1);
    }
    tally.move(tensor, home.level(), Movement.WRITE, 1);
  }

  private boolean reduces(Frame.Step step) {
    return reduced.contains(step.rank())
        && step.spatial().filter(s -> s.reduce().contains(compute.einsum())).isPresent();
  }

  /**
   * Whether this is the first of the points that differ only in their instance along the merged
   * loops. Position 0 has all steps that any other has; but where a point can be absent it is not
   * always the one at position 0.
   */
  private boolean isFirstOfInstances(int access, Home home, Predicate<Frame.Step> isMerged) {
    if (home.steps().stream().noneMatch(isMerged)) {
      return true;
    }
    if (einsum.condition().isEmpty()) {
      return home.steps().stream().noneMatch(step -> isMerged.test(step) && step.number() > 0);
    }
    List<Long> step = new ArrayList<>();
    step.add((long) access);
    step.add(home.entry().number());
    home.steps().stream().filter(isMerged.negate()).forEach(s -> step.add(s.number()));
    return done.add(step);
  }

  private Home home(TensorName tensor, Frame frame) {
    return residency
        .home(tensor, frame)
        .orElseThrow(() -> new ScheduleFault(site, tensor + " has no home here"));
  }

  /** How many points of the iteration space an element of the output is made of. */
  private long pointsOfElement(Ranges ranges) {
    long points = 1;
    for (RankName rank : reduced) {
      points *= pointsAlong(rank, ranges);
    }
    return points;
  }

  /** Parts of one partitioned rank are counted together, at the inner one. */
  private long pointsAlong(RankName rank, Ranges ranges) {
    for (Partition split : cascade.partitions()) {
      if (split.inner().equals(rank) && ranks.contains(split.outer())) {
        return reduced.contains(split.outer())
            ? shapes.of(split.parent())
            : shapes.innerShape(split, ranges.of(split.outer()).from());
      }
      if (split.outer().equals(rank) && ranks.contains(split.inner())) {
        long inner = shapes.of(split.inner());
        return reduced.contains(split.inner())
            ? 1
            : Math.ceilDiv(shapes.of(split.parent()) - ranges.of(split.inner()).from(), inner);
      }
    }
    return shapes.of(rank);
  }
}
