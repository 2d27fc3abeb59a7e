package dev.weir.mapper.model;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.Einsum;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.arch.OperationCost;
import dev.weir.mapper.arch.OperationVariant;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.example.Examples;
import dev.weir.mapper.interpret.ScheduleInterpreter;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cycles of a schedule by visiting every iteration of every loop and every epoch with its actual
 * coordinates. A first walk notes what each keep loads and stores in order, a second one adds up.
 */
public final class EveryIteration {

  private final Walk walk;
  private final WalkedWords words;
  private final WalkedKeeps keeps;
  private final WalkedSkew skews;
  private final WalkedPipeline pipelines;
  private final Map<List<Object>, Long> instances = new HashMap<>();
  private long phases;

  private EveryIteration(Walk walk, WalkedWords words, WalkedKeeps keeps) {
    this.walk = walk;
    this.words = words;
    this.keeps = keeps;
    this.skews = new WalkedSkew(walk, (node, place) -> nest(node, place, false));
    this.pipelines = new WalkedPipeline(walk, words, keeps, skews, this::run);
  }

  /** Latency in cycles. */
  public static long cycles(Problem problem) {
    Walk walk = new Walk(problem);
    WalkedWords first = new WalkedWords(walk);
    WalkedKeeps noted = WalkedKeeps.noting(walk, first);
    new EveryIteration(walk, first, noted).whole();
    WalkedWords second = new WalkedWords(walk);
    return new EveryIteration(walk, second, noted.knowing(second)).whole();
  }

  private long whole() {
    Problem problem = walk.problem();
    Counts counts =
        ScheduleInterpreter.run(
                problem, Examples.wholeInputs(problem.cascade(), problem.shapes(), 1))
            .counts();
    long structure = run(problem.schedule().root(), walk.start().inPhase(++phases));
    Map<LevelName, long[]> all = new HashMap<>();
    for (MemoryLevel level : problem.architecture().levels()) {
      LevelName name = level.name();
      all.put(name, new long[] {counts.words(name, true), counts.words(name, false)});
    }
    return bounded(structure, all);
  }

  private long phase(Node node, Walk.Place place) {
    words.open(place.frames().stream().noneMatch(Walk.Frame.Step.class::isInstance));
    long structure = run(node, place.inPhase(++phases));
    Map<LevelName, long[]> own = words.close();
    words.add(own);
    return bounded(structure, own);
  }

  private long bounded(long structure, Map<LevelName, long[]> own) {
    long cycles = structure;
    for (MemoryLevel level : walk.problem().architecture().levels()) {
      if (level.bandwidth().isPresent() && own.containsKey(level.name())) {
        long[] both = own.get(level.name());
        cycles = Math.max(cycles, level.bandwidth().get().cycles(both[0], both[1]));
      }
    }
    return cycles;
  }

  private long run(Node node, Walk.Place place) {
    return switch (node) {
      case Node.For loop when loop.flow() -> pipelines.cycles(node, place);
      case Node.Iterate loop when loop.flow() -> pipelines.cycles(node, place);
      case Node.Pipeline _ -> pipelines.cycles(node, place);
      case Node.For _, Node.Spatial _, Node.Compute _ when isNest(node) -> nest(node, place, true);
      case Node.For loop -> sum(loop.body(), walk.steps(node, place));
      case Node.Iterate loop -> sum(loop.body(), walk.steps(node, place));
      case Node.Spatial loop -> waves(loop, place);
      case Node.Last last -> {
        keeps.visit(place);
        boolean runs =
            place.frames().reversed().stream()
                .filter(f -> f instanceof Walk.Frame.Step s && s.rank().equals(last.rank()))
                .findFirst()
                .map(f -> ((Walk.Frame.Step) f).isLast())
                .orElseThrow();
        yield runs ? run(last.body(), place.child(0)) : 0;
      }
      case Node.Keep keep -> {
        Walk.Place inside = words.enter(keep, place);
        long body = run(keep.body(), inside.child(0));
        words.exit(keep, inside);
        yield keeps.kept(keep, place, inside, body);
      }
      case Node.Seq seq -> {
        long sum = 0;
        for (int i = 0; i < seq.parts().size(); i++) {
          Walk.Place part = place.child(i);
          boolean inPipeline =
              place.frames().stream()
                  .anyMatch(
                      f -> f instanceof Walk.Frame.Step s && s.loop() instanceof Node.Pipeline);
          sum += inPipeline ? run(seq.parts().get(i), part) : phase(seq.parts().get(i), part);
        }
        yield sum;
      }
      case Node.Par par -> {
        long longest = 0;
        for (int i = 0; i < par.parts().size(); i++) {
          longest = Math.max(longest, run(par.parts().get(i), place.child(i)));
        }
        yield longest;
      }
      case Node.Interleave slots -> {
        long sum = 0;
        for (int i = 0; i < slots.parts().size(); i++) {
          sum += run(slots.parts().get(i), place.child(i));
        }
        yield sum;
      }
      case Node.Stage stage -> run(stage.body(), place.child(0));
      case Node.Compute _ -> throw new AssertionError();
    };
  }

  private long sum(Node body, List<Walk.Place> steps) {
    long sum = 0;
    for (Walk.Place step : steps) {
      sum += run(body, step.child(0));
    }
    return sum;
  }

  private static boolean isNest(Node node) {
    return node instanceof Node.Compute
        || ((node instanceof Node.For || node instanceof Node.Spatial)
            && isNest(node.children().getFirst()));
  }

  /** What is skipped differs between the instances, so each has transfers of its own. */
  private long skippingWaves(Node.Spatial loop, Walk.Place place) {
    long sum = 0;
    long wave = 0;
    long longest = 0;
    for (Walk.Place tile : walk.steps(loop, place)) {
      long number = ((Walk.Frame.Step) tile.frames().getLast()).number();
      long instance = number % walk.axis(loop).instances();
      if (number / walk.axis(loop).instances() != wave) {
        sum += longest;
        longest = 0;
        wave++;
      }
      long own =
          instances.computeIfAbsent(List.of(place.phase(), place.path(), instance), _ -> ++phases);
      longest = Math.max(longest, run(loop.body(), tile.child(0).inPhase(own)));
    }
    return sum + longest;
  }

  /** Tiles come in descending size, so a wave is as long as its first tile. */
  private long waves(Node.Spatial loop, Walk.Place place) {
    if (WalkedVisits.skipsInside(loop)) {
      return skippingWaves(loop, place);
    }
    long sum = 0;
    List<Walk.Place> tiles = walk.steps(loop, place);
    for (int number = 0; number < tiles.size(); number++) {
      boolean first = number % walk.axis(loop).instances() == 0;
      Walk.Place tile = tiles.get(number).child(0);
      long cycles = run(loop.body(), first ? tile : tile.untimed());
      sum += first ? cycles : 0;
    }
    return sum;
  }

  /** Without counting, its words are left for when it runs. */
  private long nest(Node node, Walk.Place place, boolean counts) {
    Map<String, Long> fills = new TreeMap<>();
    long steps = nestSteps(node, place, fills, counts);
    if (steps == 0) {
      return 0;
    }
    Node leaf = node;
    while (!(leaf instanceof Node.Compute)) {
      leaf = leaf.children().getFirst();
    }
    Node.Compute compute = (Node.Compute) leaf;
    ComputeUnit unit = walk.problem().architecture().unit(compute.unit()).orElseThrow();
    var perPoint = Operations.perPoint(walk.einsum(compute.einsum()), walk.problem().cascade());
    long numerator = 0;
    long denominator = 1;
    for (var kind : perPoint.entrySet()) {
      var interval = cost(unit, compute, kind.getKey()).initiationIntervalCycles();
      numerator =
          numerator * interval.denominator() + kind.getValue() * interval.numerator() * denominator;
      denominator *= interval.denominator();
    }
    BigDecimal cycles =
        BigDecimal.valueOf(numerator)
            .multiply(BigDecimal.valueOf(steps))
            .divide(BigDecimal.valueOf(denominator), 0, java.math.RoundingMode.CEILING);
    return cycles.longValueExact()
        + fills.values().stream().mapToLong(f -> f).sum()
        + drains(node, walk.einsum(compute.einsum()));
  }

  private static OperationCost cost(ComputeUnit unit, Node.Compute compute, OperationKind kind) {
    return unit.variants().stream()
        .filter(v -> v.of() == kind && compute.variants().contains(v.name()))
        .map(OperationVariant::cost)
        .findFirst()
        .orElseGet(() -> unit.operations().get(kind));
  }

  private long drains(Node node, Einsum einsum) {
    if (node instanceof Node.Compute) {
      return 0;
    }
    boolean merges =
        node instanceof Node.Spatial loop && loop.reduce().contains(einsum.output().tensor());
    long own =
        merges
            ? walk.axis((Node.Spatial) node)
                .drainCycles()
                .getOrDefault(OperationKind.of(einsum.reduction()), 0L)
            : 0;
    return own + drains(node.children().getFirst(), einsum);
  }

  private long nestSteps(Node node, Walk.Place place, Map<String, Long> fills, boolean counts) {
    if (node instanceof Node.Compute compute) {
      if (counts) {
        words.point(compute, place);
      }
      return 1;
    }
    List<Long> each = new ArrayList<>();
    for (Walk.Place step : walk.steps(node, place)) {
      each.add(nestSteps(node.children().getFirst(), step, fills, counts));
    }
    if (!(node instanceof Node.Spatial spatial)) {
      return each.stream().mapToLong(s -> s).sum();
    }
    Axis axis = walk.axis(spatial);
    long used = Math.min(each.size(), axis.instances());
    if (skews.takesTimeOfItsUnit(spatial, axis)) {
      long passed = axis.fill() == Axis.Fill.WHOLE ? axis.instances() : used;
      fills.merge(axis.name().text(), (passed - 1) * axis.hopCycles(), Math::max);
    }
    long sum = 0;
    for (int start = 0; start < each.size(); start += (int) axis.instances()) {
      int end = Math.min(each.size(), start + (int) axis.instances());
      sum += each.subList(start, end).stream().mapToLong(s -> s).max().orElseThrow();
    }
    return sum;
  }
}
