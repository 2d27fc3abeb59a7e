package dev.weir.mapper.model;

import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.Partition;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.ComputeUnit;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.NodePath;
import dev.weir.mapper.schedule.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Cycles of a schedule by visiting every iteration of every loop and every epoch with its actual
 * coordinates. A first walk notes what each keep loads and stores in order, a second one adds up.
 */
final class EveryIteration {

  /** What is around a place: a step of a loop or an entry of a keep. */
  private sealed interface Frame {
    record Step(RankName rank, long number, boolean isLast, Node loop, long together)
        implements Frame {}

    record Entry(TensorName tensor, MemoryLevel level, long number, boolean partial)
        implements Frame {}
  }

  private record Place(
      NodePath path, Map<RankName, long[]> ranges, List<Frame> frames, long phase, boolean timed) {
    Place child(int number) {
      return new Place(path.child(number), ranges, frames, phase, timed);
    }

    Place with(Frame frame) {
      List<Frame> more = new ArrayList<>(frames);
      more.add(frame);
      return new Place(path, ranges, more, phase, timed);
    }

    Place with(Map<RankName, long[]> narrowed) {
      return new Place(path, narrowed, frames, phase, timed);
    }

    Place inPhase(long newPhase) {
      return new Place(path, ranges, frames, newPhase, timed);
    }

    Place untimed() {
      return new Place(path, ranges, frames, phase, false);
    }
  }

  private record Where(long phase, NodePath path) {}

  private final Problem problem;
  private final Map<TensorName, Tensor> tensors;
  private final Map<TensorName, Einsum> einsums = new HashMap<>();
  private final Map<Where, List<long[]>> transfers = new HashMap<>();
  private final Map<Where, Integer> visits = new HashMap<>();
  private final Map<Where, Integer> totals = new HashMap<>();
  private final List<Map<LevelName, long[]>> moved = new ArrayList<>();
  private Set<List<Long>> contributed = new HashSet<>();
  private boolean noting = true;
  private long phases;
  private long entries;

  private EveryIteration(Problem problem) {
    this.problem = problem;
    this.tensors = problem.cascade().tensorsByName();
    problem.cascade().einsums().stream()
        .filter(einsum -> !einsum.isInitial())
        .forEach(einsum -> einsums.put(einsum.output().tensor(), einsum));
  }

  static long cycles(Problem problem) {
    EveryIteration walk = new EveryIteration(problem);
    walk.whole();
    walk.totals.putAll(walk.visits);
    walk.visits.clear();
    walk.contributed = new HashSet<>();
    walk.noting = false;
    walk.phases = 0;
    walk.entries = 0;
    return walk.whole();
  }

  private long whole() {
    Map<RankName, long[]> ranges = new HashMap<>();
    for (Tensor tensor : problem.cascade().tensors()) {
      tensor.ranks().forEach(rank -> ranges.put(rank, new long[] {0, shape(rank)}));
    }
    for (Einsum einsum : problem.cascade().einsums()) {
      einsum.iterationSpace().forEach(rank -> ranges.put(rank, new long[] {0, shape(rank)}));
    }
    for (Partition split : problem.cascade().partitions()) {
      ranges.put(split.outer(), new long[] {0, shape(split.outer())});
      ranges.put(split.inner(), new long[] {0, innerEnd(split, ranges.get(split.outer()))});
    }
    Place start = new Place(NodePath.ROOT, ranges, List.of(), 0, true);
    return phase(problem.schedule().root(), start);
  }

  private long shape(RankName rank) {
    return problem.shapes().of(rank);
  }

  private long innerEnd(Partition split, long[] outer) {
    return outer[1] - outer[0] == 1
        ? problem.shapes().innerShape(split, outer[0])
        : shape(split.inner());
  }

  private long phase(Node node, Place place) {
    moved.add(new HashMap<>());
    long structure = run(node, place.inPhase(++phases));
    Map<LevelName, long[]> words = moved.removeLast();
    if (!noting && System.getenv("DBG") != null)
      System.out.println(
          place.path()
              + " "
              + structure
              + words.entrySet().stream()
                  .map(e -> e.getKey() + java.util.Arrays.toString(e.getValue()))
                  .toList());
    long cycles = structure;
    for (MemoryLevel level : problem.architecture().levels()) {
      if (level.bandwidth().isPresent() && words.containsKey(level.name())) {
        long[] both = words.get(level.name());
        long instances = 1;
        for (var axis : level.instanceAxes()) {
          instances *= problem.architecture().axis(axis).orElseThrow().instances();
        }
        BigInteger bound = BigInteger.valueOf(level.bandwidth().get().cycles(both[0], both[1]));
        long each =
            new BigDecimal(bound)
                .divide(BigDecimal.valueOf(instances), 0, java.math.RoundingMode.CEILING)
                .longValueExact();
        cycles = Math.max(cycles, each);
      }
    }
    if (!moved.isEmpty()) {
      words.forEach((level, both) -> move(level, both[0], both[1]));
    }
    return cycles;
  }

  private void move(LevelName level, long read, long written) {
    long[] both = moved.getLast().computeIfAbsent(level, _ -> new long[2]);
    both[0] += read;
    both[1] += written;
  }

  private long run(Node node, Place place) {
    return switch (node) {
      case Node.For loop when loop.flow() -> pipelined(node, place);
      case Node.Iterate loop when loop.flow() -> pipelined(node, place);
      case Node.Pipeline _ -> pipelined(node, place);
      case Node.For _, Node.Spatial _, Node.Compute _ when isNest(node) -> nest(node, place);
      case Node.For loop -> sum(loop.body(), steps(node, place));
      case Node.Iterate loop -> sum(loop.body(), steps(node, place));
      case Node.Spatial loop -> waves(loop, place);
      case Node.Last last -> {
        visit(place);
        boolean runs =
            place.frames().reversed().stream()
                .filter(f -> f instanceof Frame.Step s && s.rank().equals(last.rank()))
                .findFirst()
                .map(f -> ((Frame.Step) f).isLast())
                .orElseThrow();
        yield runs ? run(last.body(), place.child(0)) : 0;
      }
      case Node.Keep keep -> {
        Place inside = enter(keep, place);
        long body = run(keep.body(), inside.child(0));
        exit(keep, inside);
        yield kept(keep, place, inside, body);
      }
      case Node.Seq seq -> {
        long sum = 0;
        for (int i = 0; i < seq.parts().size(); i++) {
          Place part = place.child(i);
          boolean inPipeline =
              place.frames().stream()
                  .anyMatch(f -> f instanceof Frame.Step s && s.loop() instanceof Node.Pipeline);
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

  private long sum(Node body, List<Place> steps) {
    long sum = 0;
    for (Place step : steps) {
      sum += run(body, step.child(0));
    }
    return sum;
  }

  private static boolean isNest(Node node) {
    return node instanceof Node.Compute
        || ((node instanceof Node.For || node instanceof Node.Spatial)
            && isNest(node.children().getFirst()));
  }

  private List<Place> steps(Node node, Place place) {
    RankName rank;
    long tile;
    switch (node) {
      case Node.For loop -> {
        rank = loop.rank();
        tile = problem.value(loop.tile());
      }
      case Node.Spatial loop -> {
        rank = loop.rank();
        tile = problem.value(loop.tile());
      }
      case Node.Pipeline loop -> {
        rank = loop.rank();
        tile = problem.value(loop.tile());
      }
      case Node.Iterate loop -> {
        rank = loop.rank();
        tile = 1;
      }
      case Node.Last _, Node.Keep _, Node.Seq _, Node.Par _, Node.Stage _, Node.Interleave _ ->
          throw new AssertionError();
      case Node.Compute _ -> throw new AssertionError();
    }
    long[] range = place.ranges().get(rank);
    List<long[]> tiles = new ArrayList<>();
    for (long from = range[0]; from < range[1]; from += tile) {
      tiles.add(new long[] {from, Math.min(range[1], from + tile)});
    }
    List<Place> steps = new ArrayList<>();
    for (int number = 0; number < tiles.size(); number++) {
      Frame.Step step =
          new Frame.Step(
              rank, number, number == tiles.size() - 1, node, together(node, tiles, number));
      steps.add(place.with(step).with(narrow(place.ranges(), rank, tiles.get(number))));
    }
    return steps;
  }

  /** Tiles of the same wave and the same size. */
  private long together(Node node, List<long[]> tiles, int number) {
    if (!(node instanceof Node.Spatial spatial)) {
      return 1;
    }
    int instances = (int) axis(spatial).instances();
    int start = number / instances * instances;
    long size = tiles.get(number)[1] - tiles.get(number)[0];
    return tiles.subList(start, Math.min(tiles.size(), start + instances)).stream()
        .filter(other -> other[1] - other[0] == size)
        .count();
  }

  private Axis axis(Node.Spatial spatial) {
    return problem.architecture().axis(spatial.axis()).orElseThrow();
  }

  private Map<RankName, long[]> narrow(Map<RankName, long[]> ranges, RankName rank, long[] range) {
    Map<RankName, long[]> narrowed = new HashMap<>(ranges);
    narrowed.put(rank, range);
    for (Partition split : problem.cascade().partitions()) {
      if (split.outer().equals(rank)) {
        narrowed.put(split.inner(), new long[] {0, innerEnd(split, range)});
      }
    }
    return narrowed;
  }

  /** Tiles come in descending size, so a wave is as long as its first tile. */
  private long waves(Node.Spatial loop, Place place) {
    long sum = 0;
    List<Place> tiles = steps(loop, place);
    for (int number = 0; number < tiles.size(); number++) {
      boolean first = number % axis(loop).instances() == 0;
      Place tile = tiles.get(number).child(0);
      long cycles = run(loop.body(), first ? tile : tile.untimed());
      sum += first ? cycles : 0;
    }
    return sum;
  }

  private long nest(Node node, Place place) {
    Map<String, Long> fills = new TreeMap<>();
    long steps = nestSteps(node, place, fills);
    Node leaf = node;
    while (!(leaf instanceof Node.Compute)) {
      leaf = leaf.children().getFirst();
    }
    Node.Compute compute = (Node.Compute) leaf;
    ComputeUnit unit = problem.architecture().unit(compute.unit()).orElseThrow();
    var perPoint = Operations.perPoint(einsums.get(compute.einsum()), problem.cascade());
    long numerator = 0;
    long denominator = 1;
    for (var kind : perPoint.entrySet()) {
      var interval = unit.operations().get(kind.getKey()).initiationIntervalCycles();
      numerator =
          numerator * interval.denominator() + kind.getValue() * interval.numerator() * denominator;
      denominator *= interval.denominator();
    }
    BigDecimal cycles =
        BigDecimal.valueOf(numerator)
            .multiply(BigDecimal.valueOf(steps))
            .divide(BigDecimal.valueOf(denominator), 0, java.math.RoundingMode.CEILING);
    return cycles.longValueExact() + fills.values().stream().mapToLong(f -> f).sum();
  }

  private long nestSteps(Node node, Place place, Map<String, Long> fills) {
    if (node instanceof Node.Compute compute) {
      point(compute, place);
      return 1;
    }
    List<Long> each = new ArrayList<>();
    for (Place step : steps(node, place)) {
      each.add(nestSteps(node.children().getFirst(), step, fills));
    }
    if (!(node instanceof Node.Spatial spatial)) {
      return each.stream().mapToLong(s -> s).sum();
    }
    Axis axis = axis(spatial);
    long used = Math.min(each.size(), axis.instances());
    if (axis.kind() == Axis.Kind.ARRAY && !axis.hidden()) {
      fills.merge(axis.name().text(), (used - 1) * axis.hopCycles(), Math::max);
    }
    long sum = 0;
    for (int start = 0; start < each.size(); start += (int) axis.instances()) {
      int end = Math.min(each.size(), start + (int) axis.instances());
      sum += each.subList(start, end).stream().mapToLong(s -> s).max().orElseThrow();
    }
    return sum;
  }

  // Words

  private record Home(LevelName level, long entry, boolean partial, List<Frame.Step> below) {}

  private Home home(TensorName tensor, List<Frame> frames) {
    List<Frame.Step> below = new ArrayList<>();
    for (Frame frame : frames.reversed()) {
      switch (frame) {
        case Frame.Step step -> below.add(step);
        case Frame.Entry entry -> {
          if (entry.tensor().equals(tensor)) {
            return new Home(entry.level().name(), entry.number(), entry.partial(), below);
          }
        }
      }
    }
    boolean atTop = tensors.get(tensor).role() != Tensor.Role.INTERMEDIATE;
    LevelName level = atTop ? problem.architecture().top().name() : new LevelName("nowhere");
    return new Home(level, 0, false, below);
  }

  private void point(Node.Compute compute, Place place) {
    Einsum einsum = einsums.get(compute.einsum());
    for (Access access : einsum.value().reads().toList()) {
      Home home = home(access.tensor(), place.frames());
      boolean served =
          home.below().stream()
              .anyMatch(
                  step ->
                      step.number() > 0
                          && step.loop() instanceof Node.Spatial s
                          && s.multicast().contains(access.tensor()));
      move(home.level(), served ? 0 : 1, 0);
    }
    TensorName output = compute.einsum();
    Home home = home(output, place.frames());
    boolean merged =
        home.below().stream()
            .anyMatch(
                step ->
                    step.number() > 0
                        && step.loop() instanceof Node.Spatial s
                        && s.reduce().contains(output));
    if (merged) {
      return;
    }
    List<Long> element = new ArrayList<>(List.of((long) output.hashCode(), home.entry()));
    einsum.output().ranks().forEach(rank -> element.add(place.ranges().get(rank)[0]));
    boolean first = contributed.add(element);
    boolean accumulates = !einsum.reducedRanks().isEmpty() && (!first || home.partial());
    move(home.level(), accumulates ? 1 : 0, 1);
  }

  private Place enter(Node.Keep keep, Place place) {
    MemoryLevel level = problem.architecture().level(keep.level()).orElseThrow();
    Place inside = place;
    for (TensorName tensor : keep.tensors()) {
      Home next = home(tensor, place.frames());
      boolean generational = tensors.get(tensor).generations().isPresent();
      long words = tile(tensor, place.ranges());
      boolean partial = false;
      if (generational) {
        move(level.name(), 0, words);
      } else if (!isProducedIn(keep, tensor)) {
        boolean served =
            next.below().stream()
                .anyMatch(
                    step ->
                        step.number() > 0
                            && step.loop() instanceof Node.Spatial s
                            && s.multicast().contains(tensor));
        move(next.level(), served ? 0 : words, 0);
        move(level.name(), 0, words);
      } else if (unfinished(tensor, next).stream().anyMatch(step -> step.number() > 0)) {
        partial = true;
        move(next.level(), words, 0);
        move(level.name(), 0, words);
      }
      inside = inside.with(new Frame.Entry(tensor, level, ++entries, partial));
    }
    return inside;
  }

  private void exit(Node.Keep keep, Place inside) {
    for (TensorName tensor : keep.tensors()) {
      if (leaves(keep, tensor, inside)) {
        long words = tile(tensor, inside.ranges());
        move(keep.level(), words, 0);
        move(next(keep, tensor, inside).level(), 0, words);
      }
    }
  }

  private Home next(Node.Keep keep, TensorName tensor, Place inside) {
    List<Frame> outside =
        inside.frames().subList(0, inside.frames().size() - keep.tensors().size());
    return home(tensor, outside);
  }

  private boolean leaves(Node.Keep keep, TensorName tensor, Place inside) {
    return tensors.get(tensor).generations().isEmpty()
        && isProducedIn(keep, tensor)
        && !next(keep, tensor, inside).level().text().equals("nowhere");
  }

  private List<Frame.Step> unfinished(TensorName tensor, Home next) {
    Set<RankName> reduced = einsums.get(tensor).reducedRanks();
    if (next.level().text().equals("nowhere")) {
      return List.of();
    }
    return next.below().stream().filter(step -> reduced.contains(step.rank())).toList();
  }

  private static boolean isProducedIn(Node node, TensorName tensor) {
    return (node instanceof Node.Compute compute && compute.einsum().equals(tensor))
        || node.children().stream().anyMatch(child -> isProducedIn(child, tensor));
  }

  private long tile(TensorName tensor, Map<RankName, long[]> ranges) {
    List<Access> accesses = new ArrayList<>();
    for (Einsum einsum : einsums.values()) {
      einsum.value().reads().forEach(accesses::add);
      accesses.add(einsum.output());
    }
    Access access =
        accesses.stream().filter(a -> a.tensor().equals(tensor)).findFirst().orElseThrow();
    long words = 1;
    for (int i = 0; i < access.indices().size(); i++) {
      RankName declared = tensors.get(tensor).ranks().get(i);
      if (tensors.get(tensor).generations().filter(declared::equals).isEmpty()) {
        words *= coordinates(access.indices().get(i), ranges);
      }
    }
    return words;
  }

  private long coordinates(Index index, Map<RankName, long[]> ranges) {
    if (index instanceof Index.Joined joined) {
      Set<Long> found = new HashSet<>();
      long[] outer = ranges.get(joined.outer());
      long[] inner = ranges.get(joined.inner());
      for (long o = outer[0]; o < outer[1]; o++) {
        for (long i = inner[0]; i < inner[1]; i++) {
          long coordinate = o * shape(joined.inner()) + i;
          if (coordinate < shape(joined.parent())) {
            found.add(coordinate);
          }
        }
      }
      return found.size();
    }
    long[] range = ranges.get(((Index.Coordinate) index).rank());
    return range[1] - range[0];
  }

  // Keeps

  private int visit(Place place) {
    if (!place.timed()) {
      return -1;
    }
    return visits.merge(new Where(place.phase(), place.path()), 1, Integer::sum) - 1;
  }

  private long transfer(Node.Keep keep, Place place, Place inside, boolean load) {
    MemoryLevel level = problem.architecture().level(keep.level()).orElseThrow();
    long cycles = 0;
    for (TensorName tensor : keep.tensors()) {
      Frame.Entry entry =
          inside.frames().stream()
              .filter(f -> f instanceof Frame.Entry e && e.tensor().equals(tensor))
              .map(Frame.Entry.class::cast)
              .reduce((_, last) -> last)
              .orElseThrow();
      boolean moves =
          load
              ? tensors.get(tensor).generations().isEmpty()
                  && (!isProducedIn(keep, tensor) || entry.partial())
              : leaves(keep, tensor, inside);
      if (moves) {
        cycles += oneTransfer(tensor, level, home(tensor, place.frames()), place, load);
      }
    }
    return cycles;
  }

  private long oneTransfer(
      TensorName tensor, MemoryLevel level, Home next, Place place, boolean load) {
    long words = tile(tensor, place.ranges());
    MemoryLevel other = problem.architecture().level(next.level()).orElseThrow();
    long served = words;
    for (Frame.Step step : next.below()) {
      if (step.loop() instanceof Node.Spatial spatial
          && !(load && spatial.multicast().contains(tensor))
          && !problem.architecture().selectsInstance(spatial.axis(), other)) {
        served *= step.together();
      }
    }
    if (level.bandwidth().isPresent() && !level.instanceAxes().isEmpty()) {
      throw new AssertionError("instances with a bandwidth are not calculated here");
    }
    return Math.max(rate(other, served, load), rate(level, words, !load));
  }

  private static long rate(MemoryLevel level, long words, boolean read) {
    return level
        .bandwidth()
        .map(b -> read ? b.readWordsPerCycle() : b.writeWordsPerCycle())
        .map(wordsPerCycle -> wordsPerCycle.ceilingOfQuotient(words))
        .orElse(0L);
  }

  private long kept(Node.Keep keep, Place place, Place inside, long body) {
    long load = transfer(keep, place, inside, true);
    long store = transfer(keep, place, inside, false);
    if (!keep.doubleBuffered()) {
      return load + body + store;
    }
    if (!place.timed()) {
      return body;
    }
    int number = visit(place);
    Where where = new Where(place.phase(), place.path());
    if (noting) {
      transfers.computeIfAbsent(where, _ -> new ArrayList<>()).add(new long[] {load, store});
      return body;
    }
    List<long[]> all = transfers.get(where);
    boolean waits = gates(place).isEmpty();
    boolean first = number == 0 && gates(place).stream().allMatch(gate -> visits.get(gate) == 1);
    boolean last =
        number == all.size() - 1
            && gates(place).stream().allMatch(gate -> visits.get(gate).equals(totals.get(gate)));
    long beside = 0;
    if (waits) {
      beside += number + 1 < all.size() ? all.get(number + 1)[0] : 0;
      beside += number > 0 ? all.get(number - 1)[1] : 0;
    }
    return Math.max(body, beside) + (first ? load : 0) + (last ? store : 0);
  }

  /** Places around, in the phase, that are visited without always reaching what is inside. */
  private List<Where> gates(Place place) {
    List<Where> gates = new ArrayList<>();
    for (Where visited : visits.keySet()) {
      int depth = visited.path().steps().size();
      boolean around =
          visited.phase() == place.phase()
              && depth < place.path().steps().size()
              && place.path().steps().subList(0, depth).equals(visited.path().steps());
      if (around && !(at(visited.path()) instanceof Node.Keep)) {
        gates.add(visited);
      }
    }
    return gates;
  }

  private Node at(NodePath path) {
    Node node = problem.schedule().root();
    for (int step : path.steps()) {
      node = node.children().get(step);
    }
    return node;
  }

  // Pipelines

  private record Tile(Place place) {}

  private long pipelined(Node node, Place place) {
    List<Tile> tiles = new ArrayList<>();
    List<Long> spans = new ArrayList<>();
    Node.Pipeline pipeline = number(node, place, tiles);
    int deepest = deepest(pipeline.body());
    for (int epoch = 0; epoch < tiles.size() + deepest; epoch++) {
      long cycles = epoch(pipeline.body(), tiles, epoch, List.of());
      if (epoch < tiles.size()) {
        spans.add(cycles);
      } else {
        spans.set(tiles.size() - 1, spans.getLast() + cycles);
      }
    }
    return fold(node, place, spans.iterator());
  }

  private Node.Pipeline number(Node node, Place place, List<Tile> tiles) {
    if (node instanceof Node.Keep keep) {
      return number(keep.body(), enter(keep, place).child(0), tiles);
    }
    Node.Pipeline found = null;
    for (Place step : steps(node, place)) {
      if (node instanceof Node.Pipeline pipeline) {
        tiles.add(new Tile(step.child(0)));
        found = pipeline;
      } else {
        found = number(node.children().getFirst(), step.child(0), tiles);
      }
    }
    return found;
  }

  private static int deepest(Node node) {
    return node instanceof Node.Stage stage
        ? stage.offset()
        : node.children().stream().mapToInt(EveryIteration::deepest).max().orElse(0);
  }

  private static int shallowest(Node node) {
    return node instanceof Node.Stage stage
        ? stage.offset()
        : node.children().stream()
            .mapToInt(EveryIteration::shallowest)
            .min()
            .orElse(Integer.MAX_VALUE);
  }

  /** The head's keeps are entered anew for each stage, which moves words that are not counted. */
  private long epoch(Node node, List<Tile> tiles, int epoch, List<Integer> path) {
    return switch (node) {
      case Node.Stage stage -> {
        int number = epoch - stage.offset();
        if (number < 0 || number >= tiles.size()) {
          yield 0L;
        }
        Place place = inside(tiles, number, path);
        visit(place);
        yield run(stage.body(), place.child(0));
      }
      case Node.Keep keep -> head(keep, tiles, epoch, path);
      case Node.Par par -> {
        long longest = 0;
        for (int i = 0; i < par.parts().size(); i++) {
          longest = Math.max(longest, epoch(par.parts().get(i), tiles, epoch, longer(path, i)));
        }
        yield longest;
      }
      case Node.Seq _, Node.Interleave _ -> {
        long sum = 0;
        for (int i = 0; i < node.children().size(); i++) {
          sum += epoch(node.children().get(i), tiles, epoch, longer(path, i));
        }
        yield sum;
      }
      case Node.For _, Node.Spatial _, Node.Iterate _, Node.Last _, Node.Pipeline _ ->
          throw new AssertionError();
      case Node.Compute _ -> throw new AssertionError();
    };
  }

  private static List<Integer> longer(List<Integer> path, int step) {
    List<Integer> longer = new ArrayList<>(path);
    longer.add(step);
    return longer;
  }

  private Place inside(List<Tile> tiles, int number, List<Integer> path) {
    Place place = tiles.get(number).place();
    for (int step : path) {
      place = place.child(step);
    }
    return place;
  }

  private long head(Node.Keep keep, List<Tile> tiles, int epoch, List<Integer> path) {
    int arriving = epoch - shallowest(keep);
    int leaving = epoch - deepest(keep);
    long cycles = 0;
    if (arriving >= 0 && arriving < tiles.size()) {
      Place outside = inside(tiles, arriving, path);
      Place entered = enter(keep, outside);
      int number = visit(outside);
      if (!keep.doubleBuffered() || number == 0) {
        cycles += transfer(keep, outside, entered, true);
      }
      tiles.set(
          arriving,
          new Tile(
              new Place(
                  tiles.get(arriving).place().path(),
                  entered.ranges(),
                  entered.frames(),
                  entered.phase(),
                  entered.timed())));
    }
    cycles += epoch(keep.body(), tiles, epoch, longer(path, 0));
    if (leaving >= 0 && leaving < tiles.size()) {
      Place entered = inside(tiles, leaving, path);
      List<Frame> frames = frames(keep, entered);
      Place at = new Place(entered.path(), entered.ranges(), frames, entered.phase(), true);
      exit(keep, at);
      Place mark = at.child(Integer.MAX_VALUE);
      int last = visit(mark) + 1;
      Integer total = totals.get(new Where(mark.phase(), mark.path()));
      if (!keep.doubleBuffered() || (total != null && last == total)) {
        List<Frame> before = frames.subList(0, frames.size() - keep.tensors().size());
        Place outside = new Place(at.path(), at.ranges(), before, at.phase(), true);
        cycles += transfer(keep, outside, at, false);
      }
    }
    return cycles;
  }

  /** Frames down to the entry of this keep, which has the only one of its tensors in the head. */
  private static List<Frame> frames(Node.Keep keep, Place place) {
    for (int end = place.frames().size(); end > 0; end--) {
      if (place.frames().get(end - 1) instanceof Frame.Entry entry
          && entry.tensor().equals(keep.tensors().getLast())) {
        return place.frames().subList(0, end);
      }
    }
    throw new AssertionError();
  }

  private long fold(Node node, Place place, java.util.Iterator<Long> spans) {
    if (node instanceof Node.Keep keep) {
      Place inside = reenter(keep, place);
      long body = fold(keep.body(), inside.child(0), spans);
      exit(keep, inside);
      return kept(keep, place, inside, body);
    }
    long sum = 0;
    for (Place step : steps(node, place)) {
      sum +=
          node instanceof Node.Pipeline
              ? spans.next()
              : fold(node.children().getFirst(), step.child(0), spans);
    }
    return sum;
  }

  /** Entered a second time, only to add up times: its words were counted the first time. */
  private Place reenter(Node.Keep keep, Place place) {
    moved.add(new HashMap<>());
    Place inside = enter(keep, place);
    moved.removeLast();
    return inside;
  }
}
