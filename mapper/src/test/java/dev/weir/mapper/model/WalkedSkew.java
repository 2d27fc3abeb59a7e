package dev.weir.mapper.model;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What passes along skewed axes, by laying out an epoch nest by nest: every nest has a stage and
 * the time in which the stage's part of the epoch begins and ends.
 */
final class WalkedSkew {

  /**
   * Cycles of a pipeline.
   *
   * @param epoch least of one epoch
   * @param once of filling and draining
   */
  record Lengths(long epoch, long once) {}

  private static final class Laid {
    private final Node.Compute compute;
    private final List<Node.Spatial> axes;
    private final IdentityHashMap<Node, Long> hops;
    private final int stage;
    private final long from;
    private long to;

    private Laid(
        Node.Compute compute,
        List<Node.Spatial> axes,
        IdentityHashMap<Node, Long> hops,
        int stage,
        long from,
        long to) {
      this.compute = compute;
      this.axes = axes;
      this.hops = hops;
      this.stage = stage;
      this.from = from;
      this.to = to;
    }

    private long along(List<Node.Spatial> some) {
      return some.stream().mapToLong(hops::get).sum();
    }
  }

  private final Walk walk;
  private final BiFunction<Node, Walk.Place, Long> nest;
  private final Problem problem;

  /** By spatial loop of a nest in a pipeline: whether what passes along it is needed at once. */
  private final IdentityHashMap<Node, Boolean> atOnce = new IdentityHashMap<>();

  /**
   * @param nest takes the cycles of a nest
   */
  WalkedSkew(Walk walk, BiFunction<Node, Walk.Place, Long> nest) {
    this.walk = walk;
    this.nest = nest;
    this.problem = walk.problem();
    note(problem.schedule().root());
  }

  private void note(Node node) {
    if (node instanceof Node.Pipeline pipeline) {
      Map<TensorName, Integer> stages = new HashMap<>();
      stages(pipeline.body(), 0, stages);
      loops(pipeline.body(), new ArrayList<>(), stages);
    }
    node.children().forEach(this::note);
  }

  private static void stages(Node node, int stage, Map<TensorName, Integer> stages) {
    int own = node instanceof Node.Stage inner ? inner.offset() : stage;
    if (node instanceof Node.Compute compute) {
      stages.put(compute.einsum(), own);
    }
    node.children().forEach(child -> stages(child, own, stages));
  }

  private void loops(Node node, List<Node.Spatial> around, Map<TensorName, Integer> stages) {
    List<Node.Spatial> more = new ArrayList<>(around);
    if (node instanceof Node.Spatial spatial) {
      more.add(spatial);
    }
    if (node instanceof Node.Compute compute) {
      TensorName own = compute.einsum();
      for (Node.Spatial loop : more) {
        boolean comes =
            loop.multicast().stream()
                .anyMatch(t -> stages.getOrDefault(t, -1).equals(stages.get(own)));
        boolean goes =
            loop.reduce().contains(own)
                && stages.entrySet().stream()
                    .anyMatch(e -> e.getValue().equals(stages.get(own)) && reads(e.getKey(), own));
        atOnce.put(loop, comes || goes);
      }
    }
    node.children().forEach(child -> loops(child, more, stages));
  }

  private boolean reads(TensorName reader, TensorName tensor) {
    Einsum einsum = walk.einsum(reader);
    return einsum.value().operands().anyMatch(read -> read.tensor().equals(tensor));
  }

  private boolean isSkewed(Axis axis) {
    return axis.kind() == Axis.Kind.ARRAY && axis.fill() == Axis.Fill.SKEWED;
  }

  /** Whether filling along a loop's axis makes its nest longer. */
  boolean takesTimeOfItsUnit(Node.Spatial loop, Axis axis) {
    return axis.kind() == Axis.Kind.ARRAY
        && axis.fill() != Axis.Fill.HIDDEN
        && (!isSkewed(axis) || atOnce.getOrDefault(loop, true));
  }

  /**
   * How long the epochs of a pipeline are at least.
   *
   * @param tile the place of its first tile
   */
  Lengths lengths(Node.Pipeline pipeline, Walk.Place tile) {
    List<Laid> laid = new ArrayList<>();
    lay(pipeline.body(), tile, 0, 0, laid);
    long epoch = 0;
    long once = 0;
    for (Laid from : laid) {
      once = Math.max(once, from.along(from.axes));
      TensorName tensor = from.compute.einsum();
      for (Laid to : laid) {
        int later = to.stage - from.stage;
        long hops =
            from.along(from.axes.stream().filter(a -> a.reduce().contains(tensor)).toList())
                + to.along(to.axes.stream().filter(a -> a.multicast().contains(tensor)).toList());
        if (later > 0 && hops > 0 && reads(to.compute.einsum(), tensor)) {
          long late = from.to + hops - to.from;
          epoch = Math.max(epoch, (late + later - 1) / later);
        }
      }
    }
    return new Lengths(epoch, once);
  }

  /** Returns where a node ends. */
  private long lay(Node node, Walk.Place place, int stage, long from, List<Laid> laid) {
    return switch (node) {
      case Node.Stage inner -> {
        List<Laid> own = new ArrayList<>();
        long to = from + inside(inner.body(), place.child(0), inner.offset(), from, own);
        own.forEach(one -> one.to = to);
        laid.addAll(own);
        yield to;
      }
      case Node.Keep keep -> lay(keep.body(), place.child(0), stage, from, laid);
      case Node.Par par -> {
        long to = from;
        for (int i = 0; i < par.parts().size(); i++) {
          to = Math.max(to, lay(par.parts().get(i), place.child(i), stage, from, laid));
        }
        yield to;
      }
      case Node.Seq seq -> {
        long to = from;
        for (int i = 0; i < seq.parts().size(); i++) {
          to = lay(seq.parts().get(i), place.child(i), stage, to, laid);
        }
        yield to;
      }
      case Node.Interleave slots -> {
        long sum = from;
        List<Laid> own = new ArrayList<>();
        for (int i = 0; i < slots.parts().size(); i++) {
          sum += lay(slots.parts().get(i), place.child(i), stage, from, own) - from;
        }
        long to = sum;
        own.forEach(one -> one.to = to);
        laid.addAll(own);
        yield to;
      }
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Pipeline _,
          Node.Compute _ ->
          throw new AssertionError();
    };
  }

  /** Cycles of what a stage holds; every nest is laid out with its first tile. */
  private long inside(Node node, Walk.Place place, int stage, long from, List<Laid> laid) {
    if (isNest(node)) {
      laid.add(laid(node, place, stage, from));
      return nest.apply(node, place);
    }
    return switch (node) {
      case Node.Keep keep -> inside(keep.body(), place.child(0), stage, from, laid);
      case Node.Last last -> {
        boolean runs =
            place.frames().reversed().stream()
                .filter(f -> f instanceof Walk.Frame.Step s && s.rank().equals(last.rank()))
                .findFirst()
                .map(f -> ((Walk.Frame.Step) f).isLast())
                .orElseThrow();
        List<Laid> own = new ArrayList<>();
        long cycles = inside(last.body(), place.child(0), stage, from, own);
        laid.addAll(own);
        yield runs ? cycles : 0;
      }
      case Node.For _, Node.Iterate _ -> {
        long sum = 0;
        for (Walk.Place step : walk.steps(node, place)) {
          sum += inside(node.children().getFirst(), step.child(0), stage, from, laid);
        }
        yield sum;
      }
      case Node.Spatial loop -> {
        long sum = 0;
        List<Walk.Place> tiles = walk.steps(loop, place);
        for (int number = 0; number < tiles.size(); number++) {
          long own = inside(loop.body(), tiles.get(number).child(0), stage, from, laid);
          sum += number % walk.axis(loop).instances() == 0 ? own : 0;
        }
        yield sum;
      }
      case Node.Seq _, Node.Interleave _ -> {
        long sum = 0;
        for (int i = 0; i < node.children().size(); i++) {
          sum += inside(node.children().get(i), place.child(i), stage, from, laid);
        }
        yield sum;
      }
      case Node.Par _ -> {
        long most = 0;
        for (int i = 0; i < node.children().size(); i++) {
          most = Math.max(most, inside(node.children().get(i), place.child(i), stage, from, laid));
        }
        yield most;
      }
      case Node.Compute _, Node.Stage _, Node.Pipeline _ -> throw new AssertionError();
    };
  }

  private Laid laid(Node nest, Walk.Place place, int stage, long from) {
    List<Node.Spatial> axes = new ArrayList<>();
    IdentityHashMap<Node, Long> hops = new IdentityHashMap<>();
    Node node = nest;
    Walk.Place at = place;
    while (!(node instanceof Node.Compute compute)) {
      List<Walk.Place> steps = walk.steps(node, at);
      if (node instanceof Node.Spatial loop && isSkewed(walk.axis(loop))) {
        long used = Math.min(steps.size(), walk.axis(loop).instances());
        axes.add(loop);
        hops.put(loop, (used - 1) * walk.axis(loop).hopCycles());
      }
      at = steps.getFirst().child(0);
      node = node.children().getFirst();
    }
    return new Laid(compute, axes, hops, stage, from, from);
  }

  private static boolean isNest(Node node) {
    return node instanceof Node.Compute
        || ((node instanceof Node.For || node instanceof Node.Spatial)
            && isNest(node.children().getFirst()));
  }
}
