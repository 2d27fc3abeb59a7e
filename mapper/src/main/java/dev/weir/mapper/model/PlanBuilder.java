package dev.weir.mapper.model;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.Rational;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Projection;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Walks a schedule tree once and works out names and sizes. */
final class PlanBuilder {

  private static final int MOST_LOOPS = 64;
  private static final Set<TensorName> NONE = Set.of();

  private final Cascade cascade;
  private final Schedule schedule;
  private final Architecture architecture;
  private final ArgumentTable arguments;
  private final RankTable ranks;
  private final Draws draws;
  private final CascadeFacts facts;
  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, Einsum> einsums = new HashMap<>();
  private final List<PlannedLoop> loops = new ArrayList<>();
  private final List<Site> sites = new ArrayList<>();

  /** By loop that skips: what a point of an iteration fulfils that is visited. */
  private final List<Condition> skips = new ArrayList<>();

  /** Of the pipeline around, if there is one. */
  private SkewBuilder skew = SkewBuilder.OUTSIDE;

  private int nodes;

  /** Most loops in each other that are not part of a nest. */
  private int marks;

  private int phases;
  private int pipelines;

  /** Most of them that are spatial. */
  private int waves;

  private int nests;
  private int keeps;

  PlanBuilder(Cascade cascade, Schedule schedule, Architecture architecture) {
    this.cascade = cascade;
    this.schedule = schedule;
    this.architecture = architecture;
    this.facts = new CascadeFacts(cascade);
    this.draws = new Draws(cascade);
    this.arguments =
        new ArgumentTable(
            schedule, RankTable.mentioned(cascade), cascade.partitions(), draws.all());
    this.ranks = new RankTable(cascade, arguments);
    this.tensors = cascade.tensorsByName();
    for (Einsum einsum : cascade.einsums()) {
      if (!einsum.isInitial()) {
        einsums.put(einsum.output().tensor(), einsum);
      }
    }
  }

  Plan build() {
    Work.Phase root = phase(schedule.root(), PlanScope.root());
    if (marks > MOST_LOOPS) {
      throw new IllegalArgumentException(
          "schedule " + schedule.name() + " has more than 64 loops in each other around a nest");
    }
    if (skips.size() > MOST_LOOPS) {
      throw new IllegalArgumentException(
          "schedule " + schedule.name() + " has more than 64 loops that skip");
    }
    return new Plan(
        cascade,
        architecture,
        arguments,
        ranks,
        draws,
        new DrawnLoops(draws, ranks, loops),
        new Plan.Tree(root, sites, loops, skips, nodes, pipelines, waves, nests, keeps));
  }

  private Work.Phase phase(Node node, PlanScope scope) {
    int id = nodes++;
    int number = phases++;
    int from = sites.size();
    Work body = walk(node, scope.newPhase());
    return new Work.Phase(id, number, scope, from, sites.size(), body);
  }

  private Work walk(Node node, PlanScope scope) {
    if (isNest(node)) {
      return nest(node, scope);
    }
    int id = nodes++;
    return switch (node) {
      case Node.For loop -> {
        boolean flows = loop.flow() && reachesPipeline(loop.body());
        PlannedLoop planned = loop(loop, mark(scope));
        PlanScope inside = flows ? scope.inFlow(planned) : in(planned, scope);
        yield new Work.Loop(id, planned, flows, walk(loop.body(), inside.child(0)));
      }
      case Node.Iterate loop -> {
        boolean flows = loop.flow() && reachesPipeline(loop.body());
        PlannedLoop planned = planned(loop.rank(), Size.of(1), mark(scope));
        PlanScope inside = flows ? scope.inFlow(planned) : scope.in(planned);
        yield new Work.Loop(id, planned, flows, walk(loop.body(), inside.child(0)));
      }
      case Node.Spatial loop -> {
        PlannedLoop planned = spatial(loop, mark(scope), wave(scope));
        yield new Work.Waves(id, planned, walk(loop.body(), scope.in(planned).child(0)));
      }
      case Node.Last last ->
          new Work.OnlyLast(
              id,
              scope.loops().get(scope.innermost(last.rank())),
              walk(last.body(), scope.last(last.rank()).child(0)));
      case Node.Keep keep -> keep(id, keep, scope);
      case Node.Seq seq ->
          scope.zone() == PlanScope.Zone.PIPELINE
              ? new Work.Sequence(id, parts(seq.parts(), scope), false)
              : new Work.Sequence(id, phases(seq.parts(), scope), false);
      case Node.Par par -> new Work.Branches(id, parts(par.parts(), scope));
      case Node.Interleave interleave ->
          new Work.Sequence(id, parts(interleave.parts(), scope), true);
      case Node.Pipeline pipeline -> {
        PlannedLoop planned = planned(pipeline.rank(), pipeline.tile(), mark(scope));
        int number = pipelines++;
        skew = new SkewBuilder(pipeline, cascade);
        Work body = walk(pipeline.body(), scope.inPipeline(planned).child(0));
        Work.Skew passing = skew.build();
        skew = SkewBuilder.OUTSIDE;
        yield new Work.Pipeline(id, number, planned, deepest(pipeline.body()), passing, body);
      }
      case Node.Stage stage -> {
        skew.enter(id, scope.depth());
        yield new Work.Stage(
            id, stage.offset(), walk(stage.body(), scope.stage(stage.offset()).child(0)));
      }
      case Node.Compute _ -> throw new IllegalStateException("a compute is a nest");
    };
  }

  /** In a loop that does not flow. */
  private PlanScope in(PlannedLoop loop, PlanScope scope) {
    return loop.skips() ? scope.skipping(loop, skips.get(loop.skip())) : scope.in(loop);
  }

  private PlannedLoop loop(Node.For loop, int mark) {
    if (!loop.skip()) {
      return planned(loop.rank(), loop.tile(), mark);
    }
    List<Condition> conditions = new ArrayList<>();
    addConditions(loop, conditions);
    skips.add(conditions.size() == 1 ? conditions.getFirst() : new Condition.Any(conditions));
    return add(loop.rank(), loop.tile(), mark, -1, skips.size() - 1, Optional.empty(), NONE, NONE);
  }

  /** Different conditions of the computes below. */
  private void addConditions(Node node, List<Condition> conditions) {
    if (node instanceof Node.Compute compute) {
      Condition condition =
          einsums
              .get(compute.einsum())
              .condition()
              .orElseThrow(() -> new IllegalArgumentException("skip around " + compute.einsum()));
      if (!conditions.contains(condition)) {
        conditions.add(condition);
      }
    }
    node.children().forEach(child -> addConditions(child, conditions));
  }

  private List<Work> parts(List<Node> parts, PlanScope scope) {
    List<Work> result = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      result.add(walk(parts.get(i), scope.child(i)));
    }
    return result;
  }

  private List<Work> phases(List<Node> parts, PlanScope scope) {
    List<Work> result = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      result.add(phase(parts.get(i), scope.child(i)));
    }
    return result;
  }

  private Work keep(int id, Node.Keep keep, PlanScope scope) {
    int number = keeps++;
    MemoryLevel level = architecture.level(keep.level()).orElseThrow();
    Amount copies = keep.inPlaceOf().isPresent() ? new Amount(0) : arguments.amount(keep.copies());
    if (keep.doubleBuffered()) {
      copies = copies.times(new Amount(2));
    }
    List<KeepSite> kept = new ArrayList<>();
    PlanScope inside = scope;
    for (TensorName tensor : keep.tensors()) {
      Optional<KeepSite> around = Optional.ofNullable(scope.homes().get(tensor));
      KeepSite site =
          new KeepSite(
              tensors.get(tensor), level, copies, scope, around, sliding(keep, tensor, scope));
      around.ifPresent(outer -> outer.directUses().add(site));
      kept.add(site);
      sites.add(site);
      inside = inside.in(site);
    }
    Work body = walk(keep.body(), inside.child(0));
    return new Work.Residence(id, number, kept, exposure(keep, kept, scope), body);
  }

  /** What slides along the {@code for} around a keep, if only keeps stand between. */
  private Optional<Projection.Part.Window> sliding(
      Node.Keep keep, TensorName tensor, PlanScope scope) {
    if (keep.refetch() || !isDirectlyInFor(scope)) {
      return Optional.empty();
    }
    return ranks.projection(tensor).slidingPart(scope.loops().getLast().rank(), cascade);
  }

  private boolean isDirectlyInFor(PlanScope scope) {
    Node node = schedule.root();
    Node innermost = node;
    for (int step : scope.path().steps()) {
      innermost = node instanceof Node.Keep ? innermost : node;
      node = node.children().get(step);
    }
    return innermost instanceof Node.For;
  }

  private static Work.Exposure exposure(Node.Keep keep, List<KeepSite> kept, PlanScope scope) {
    if (!keep.doubleBuffered()) {
      return Work.Exposure.ALL;
    }
    return switch (scope.zone()) {
      case OUTSIDE -> scope.rare() ? Work.Exposure.ENDS : Work.Exposure.STEPS;
      case FLOW -> firstStage(kept) > 0 ? Work.Exposure.LAST_STORE : Work.Exposure.STEPS;
      case PIPELINE -> Work.Exposure.ENDS;
    };
  }

  /** The first stage that uses a tensor of a keep between flow loops. */
  private static int firstStage(List<KeepSite> kept) {
    return kept.stream().flatMapToInt(KeepSite::stages).min().orElse(0);
  }

  /** Loops only, down to a compute. */
  private static boolean isNest(Node node) {
    return switch (node) {
      case Node.For loop -> isNest(loop.body());
      case Node.Spatial loop -> isNest(loop.body());
      case Node.Compute _ -> true;
      case Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Pipeline _,
          Node.Stage _,
          Node.Interleave _ ->
          false;
    };
  }

  private Work nest(Node root, PlanScope scope) {
    PlanScope inside = scope;
    Node node = root;
    while (!(node instanceof Node.Compute)) {
      PlannedLoop planned =
          switch (node) {
            case Node.For loop -> loop(loop, -1);
            case Node.Spatial loop -> spatial(loop, -1, -1);
            case Node.Iterate _,
                Node.Last _,
                Node.Keep _,
                Node.Seq _,
                Node.Par _,
                Node.Pipeline _,
                Node.Stage _,
                Node.Interleave _,
                Node.Compute _ ->
                throw new IllegalStateException("not a loop of a nest");
          };
      inside = in(planned, inside).child(0);
      node = node.children().getFirst();
    }
    return compute((Node.Compute) node, scope.depth(), inside);
  }

  private Work compute(Node.Compute node, int depth, PlanScope scope) {
    ComputeUnit unit = architecture.unit(node.unit()).orElseThrow().choosing(node.variants());
    ComputeSite site =
        new ComputeSite(sites.size(), einsums.get(node.einsum()), unit, node.variants(), scope);
    sites.add(site);
    register(site);
    int[] modes = new int[scope.depth()];
    Arrays.fill(modes, PathSum.IN_WAVES);
    Path path = new Path(scope.loops(), modes, ranks.noShares());
    List<PathSum> steps =
        path.sums(depth).stream().map(PathSum::of).filter(sum -> !sum.isOne()).toList();
    List<PlannedLoop> own = scope.loops().subList(depth, scope.depth());
    return new Work.Nest(
        nodes++,
        nests++,
        own,
        steps,
        cyclesPerStep(site),
        skew.fills(site, depth),
        Math.addExact(wholeFillCycles(own), drainCycles(own, site)));
  }

  /** Of the loops of a nest: what passes all instances passes as many whatever the sizes. */
  private static long wholeFillCycles(List<PlannedLoop> loops) {
    return loops.stream()
        .flatMap(loop -> loop.axis().stream())
        .filter(axis -> axis.takesTimeToPass() && axis.fill() == Axis.Fill.WHOLE)
        .mapToLong(axis -> Math.multiplyExact(axis.instances() - 1, axis.hopCycles()))
        .reduce(0, Math::addExact);
  }

  /** Of the spatial loops of a nest that merge its contributions. */
  private static long drainCycles(List<PlannedLoop> loops, ComputeSite site) {
    OperationKind reduction = OperationKind.of(site.einsum().reduction());
    return loops.stream()
        .filter(loop -> loop.reduce().contains(site.einsum().output().tensor()))
        .flatMap(loop -> loop.axis().stream())
        .mapToLong(axis -> axis.drainCycles().getOrDefault(reduction, 0L))
        .sum();
  }

  private void register(ComputeSite site) {
    Set<TensorName> used = new HashSet<>(Set.of(site.einsum().output().tensor()));
    site.einsum().value().operands().forEach(access -> used.add(access.tensor()));
    facts.decisive(site.einsum()).forEach(access -> used.add(access.tensor()));
    for (TensorName tensor : used) {
      Optional<KeepSite> keep = site.home(tensor);
      keep.ifPresent(home -> home.directUses().add(site));
      while (keep.isPresent()) {
        keep.get().users().add(site);
        keep = keep.get().around();
      }
    }
  }

  private Rational cyclesPerStep(ComputeSite site) {
    Rational sum = Rational.ZERO;
    Map<OperationKind, Integer> counts = Operations.perPoint(site.einsum(), cascade);
    for (Map.Entry<OperationKind, Integer> count : counts.entrySet()) {
      OperationCost cost = site.unit().operations().get(count.getKey());
      if (cost == null) {
        throw new IllegalArgumentException(
            "unit " + site.unit().name() + " has no operation " + count.getKey().text());
      }
      sum = sum.plus(cost.initiationIntervalCycles().times(count.getValue()));
    }
    return sum;
  }

  /** Loops in each other have different ones; no kind of iteration is of two others. */
  private int mark(PlanScope scope) {
    int mark = (int) scope.loops().stream().filter(loop -> loop.mark() >= 0).count();
    marks = Math.max(marks, mark + 1);
    return mark;
  }

  private int wave(PlanScope scope) {
    int wave = (int) scope.loops().stream().filter(loop -> loop.wave() >= 0).count();
    waves = Math.max(waves, wave + 1);
    return wave;
  }

  private PlannedLoop planned(RankName rank, Size tile, int mark) {
    return add(rank, tile, mark, -1, -1, Optional.empty(), NONE, NONE);
  }

  private PlannedLoop spatial(Node.Spatial loop, int mark, int wave) {
    Optional<Axis> axis = Optional.of(architecture.axis(loop.axis()).orElseThrow());
    return add(loop.rank(), loop.tile(), mark, wave, -1, axis, loop.multicast(), loop.reduce());
  }

  private PlannedLoop add(
      RankName rank,
      Size tile,
      int mark,
      int wave,
      int skip,
      Optional<Axis> axis,
      Set<TensorName> multicast,
      Set<TensorName> reduce) {
    RankTable.Place place = ranks.place(rank);
    PlannedLoop loop =
        new PlannedLoop(
            loops.size(),
            rank,
            place.group(),
            place.inner(),
            arguments.amount(tile),
            mark,
            wave,
            skip,
            axis,
            axis.map(Axis::instances).orElse(1L),
            multicast,
            reduce);
    loops.add(loop);
    return loop;
  }

  /** Whether only keeps and flowing loops stand between a flowing loop and a pipeline. */
  private static boolean reachesPipeline(Node node) {
    return switch (node) {
      case Node.Pipeline _ -> true;
      case Node.Keep keep -> reachesPipeline(keep.body());
      case Node.For loop -> loop.flow() && reachesPipeline(loop.body());
      case Node.Iterate loop -> loop.flow() && reachesPipeline(loop.body());
      case Node.Spatial _,
          Node.Last _,
          Node.Seq _,
          Node.Par _,
          Node.Stage _,
          Node.Interleave _,
          Node.Compute _ ->
          false;
    };
  }

  private static int deepest(Node node) {
    return switch (node) {
      case Node.Stage stage -> stage.offset();
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Interleave _,
          Node.Compute _ ->
          node.children().stream().mapToInt(PlanBuilder::deepest).max().orElse(0);
      case Node.Pipeline _ -> 0;
    };
  }
}
