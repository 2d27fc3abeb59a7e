package dev.weir.mapper.interpret;

import dev.weir.einsum.eval.DenseTensor;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Loop;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Occupancy;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Ranges;
import dev.weir.mapper.schedule.Site;
import dev.weir.mapper.schedule.Stages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs a schedule with real values and counts everything. Running time is the number of points of
 * all iteration spaces times the depth of the tree.
 */
public final class ScheduleInterpreter {

  private final Problem problem;
  private final CascadeFacts facts;
  private final Map<TensorName, Cells> tensors = new HashMap<>();
  private final Overwritten overwritten = new Overwritten();
  private final Tally tally = new Tally();
  private final Residency residency;
  private final Map<Site, ComputePoint> computes = new HashMap<>();

  private ScheduleInterpreter(Problem problem) {
    this.problem = problem;
    this.facts = new CascadeFacts(problem.cascade());
    this.residency = new Residency(problem, facts, tensors, tally);
  }

  /**
   * Runs a schedule.
   *
   * @param problem a problem whose names all exist; one that was judged legal runs to its end
   * @param inputs values of every input tensor; not modified
   * @throws ScheduleFault when the schedule reads what was not produced, produces something twice
   *     or means nothing
   */
  public static Interpretation run(Problem problem, Map<TensorName, DenseTensor> inputs) {
    ScheduleInterpreter interpreter = new ScheduleInterpreter(problem);
    interpreter.allocate(inputs);
    Site root = Site.root(problem.schedule().root());
    Ranges whole = Ranges.whole(problem.cascade(), problem.shapes());
    interpreter.run(root, new Frame.Start(whole));
    interpreter.residency.finish();
    Map<TensorName, DenseTensor> values = new HashMap<>();
    interpreter.tensors.forEach((name, cells) -> values.put(name, cells.values()));
    return new Interpretation(values, interpreter.tally.counts(Occupancy.peak(problem)));
  }

  private void allocate(Map<TensorName, DenseTensor> inputs) {
    for (Tensor tensor : problem.cascade().tensors()) {
      if (tensor.role() != Tensor.Role.INPUT) {
        tensors.put(tensor.name(), Cells.toProduce(tensor, problem.shapes()));
      } else if (inputs.containsKey(tensor.name())) {
        tensors.put(tensor.name(), Cells.given(inputs.get(tensor.name())));
      } else {
        throw new IllegalArgumentException("input " + tensor.name() + " has no values");
      }
    }
  }

  private void run(Site site, Frame frame) {
    switch (site.node()) {
      case Node.For loop -> loop(site, loop.flow(), frame);
      case Node.Spatial _ -> loop(site, false, frame);
      case Node.Iterate loop -> loop(site, loop.flow(), frame);
      case Node.Last last -> {
        if (isLastStep(last.rank(), frame)) {
          run(site.body(), frame);
        }
      }
      case Node.Keep _ -> {
        Frame.Resident resident = residency.enter(site, frame);
        run(site.body(), resident);
        residency.exit(site, resident);
      }
      case Node.Seq _, Node.Par _, Node.Interleave _ ->
          site.children().forEach(child -> run(child, frame));
      case Node.Pipeline _ -> pipeline(site, frame);
      case Node.Stage _ -> throw new ScheduleFault(site, "a stage outside every pipeline");
      case Node.Compute _ -> compute(site).run(frame);
    }
  }

  private ComputePoint compute(Site site) {
    return computes.computeIfAbsent(
        site, _ -> new ComputePoint(site, problem, facts, residency, tensors, overwritten, tally));
  }

  private void loop(Site site, boolean flows, Frame frame) {
    if (flows) {
      pipeline(site, frame);
    } else {
      steps(site, frame, step -> run(site.body(), step));
    }
  }

  private void steps(Site site, Frame frame, Consumer<Frame.Step> body) {
    Loop loop = Loop.at(site, problem).orElseThrow();
    Ranges.Range range =
        frame
            .ranges()
            .found(loop.rank())
            .orElseThrow(() -> new ScheduleFault(site, "rank " + loop.rank() + " has no range"));
    long tiles = range.tiles(loop.tile());
    Optional<Ranges> before = Optional.empty();
    for (long number = 0; number < tiles; number++) {
      Ranges ranges = frame.ranges().with(loop.rank(), range.tile(number, loop.tile()));
      boolean isLast = number == tiles - 1;
      Frame.Step step =
          new Frame.Step(frame, ranges, loop.rank(), number, isLast, before, loop.spatial());
      if (isSkipped(site, ranges)) {
        computesBelow(site).forEach(compute -> compute.pass(step));
        continue;
      }
      body.accept(step);
      before = Optional.of(ranges).filter(_ -> site.node() instanceof Node.For);
    }
  }

  /** Whether no compute below has a present point in an iteration of a loop that skips those. */
  private boolean isSkipped(Site site, Ranges ranges) {
    return site.node() instanceof Node.For loop
        && loop.skip()
        && computesBelow(site).noneMatch(compute -> compute.isPresent(ranges));
  }

  private Stream<ComputePoint> computesBelow(Site site) {
    return site.all().stream().filter(s -> s.node() instanceof Node.Compute).map(this::compute);
  }

  private boolean isLastStep(RankName rank, Frame place) {
    Frame frame = place;
    while (!(frame instanceof Frame.Start)) {
      if (frame instanceof Frame.Step step && step.rank().equals(rank)) {
        return step.isLast();
      }
      frame = Residency.outer(frame);
    }
    return true;
  }

  /**
   * A pipeline, or the outermost flow loop around one. First all tiles are numbered, through all
   * steps of the flow loops; then the epochs run.
   */
  private void pipeline(Site site, Frame frame) {
    List<Frame> tiles = new ArrayList<>();
    Site pipeline = number(site, frame, tiles);
    Site body = pipeline.body();
    for (int keeps = Stages.head(pipeline).size(); keeps > 0; keeps--) {
      body = body.body();
    }
    int depth = Stages.depth(pipeline);
    for (int epoch = 0; epoch < tiles.size() + depth; epoch++) {
      epoch(body, epoch, tiles);
    }
  }

  /** Enters and leaves what stands around each tile; what that counts does not depend on when. */
  private Site number(Site site, Frame frame, List<Frame> tiles) {
    return switch (site.node()) {
      case Node.For loop when loop.flow() -> numberSteps(site, frame, tiles);
      case Node.Iterate loop when loop.flow() -> numberSteps(site, frame, tiles);
      case Node.Keep _ -> {
        Frame.Resident resident = residency.enter(site, frame);
        Site pipeline = number(site.body(), resident, tiles);
        residency.exit(site, resident);
        yield pipeline;
      }
      case Node.Pipeline _ -> {
        steps(site, frame, step -> tiles.add(head(site.body(), step)));
        yield site;
      }
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          throw new ScheduleFault(site, "between a flow loop and its pipeline");
    };
  }

  private Site numberSteps(Site site, Frame frame, List<Frame> tiles) {
    List<Site> pipeline = new ArrayList<>();
    steps(site, frame, step -> pipeline.add(number(site.body(), step, tiles)));
    return pipeline.getFirst();
  }

  private Frame head(Site site, Frame frame) {
    if (!(site.node() instanceof Node.Keep)) {
      return frame;
    }
    Frame.Resident resident = residency.enter(site, frame);
    Frame inside = head(site.body(), resident);
    residency.exit(site, resident);
    return inside;
  }

  private void epoch(Site site, int epoch, List<Frame> tiles) {
    switch (site.node()) {
      case Node.Stage stage -> {
        int tile = epoch - stage.offset();
        if (tile >= 0 && tile < tiles.size()) {
          run(site.body(), tiles.get(tile));
        }
      }
      case Node.Seq _, Node.Par _, Node.Interleave _ ->
          site.children().forEach(child -> epoch(child, epoch, tiles));
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Pipeline _,
          Node.Compute _ ->
          throw new ScheduleFault(site, "between a pipeline and its stages");
    }
  }
}
