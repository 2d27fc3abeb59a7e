package dev.weir.mapper.model;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Pipelines, epoch by epoch. */
final class WalkedPipeline {

  private final Walk walk;
  private final WalkedWords words;
  private final WalkedKeeps keeps;
  private final WalkedSkew skews;
  private final BiFunction<Node, Walk.Place, Long> run;

  /**
   * @param run takes the time of what a stage holds
   */
  WalkedPipeline(
      Walk walk,
      WalkedWords words,
      WalkedKeeps keeps,
      WalkedSkew skews,
      BiFunction<Node, Walk.Place, Long> run) {
    this.walk = walk;
    this.words = words;
    this.keeps = keeps;
    this.skews = skews;
    this.run = run;
  }

  long cycles(Node node, Walk.Place place) {
    List<Walk.Place> tiles = new ArrayList<>();
    List<Long> spans = new ArrayList<>();
    Node.Pipeline pipeline = number(node, place, tiles);
    int deepest = deepest(pipeline.body());
    WalkedSkew.Lengths lengths = skews.lengths(pipeline, tiles.getFirst());
    for (int epoch = 0; epoch < tiles.size() + deepest; epoch++) {
      long cycles = Math.max(lengths.epoch(), epoch(pipeline.body(), tiles, epoch, List.of()));
      if (epoch < tiles.size()) {
        spans.add(cycles);
      } else {
        spans.set(tiles.size() - 1, spans.getLast() + cycles);
      }
    }
    return lengths.once() + fold(node, place, spans.iterator());
  }

  private Node.Pipeline number(Node node, Walk.Place place, List<Walk.Place> tiles) {
    if (node instanceof Node.Keep keep) {
      return number(keep.body(), words.enter(keep, place).child(0), tiles);
    }
    Node.Pipeline found = null;
    for (Walk.Place step : walk.steps(node, place)) {
      if (node instanceof Node.Pipeline pipeline) {
        tiles.add(step.child(0));
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
        : node.children().stream().mapToInt(WalkedPipeline::deepest).max().orElse(0);
  }

  /** The head's keeps are entered anew for each stage, which moves words that are not counted. */
  private long epoch(Node node, List<Walk.Place> tiles, int epoch, List<Integer> path) {
    return switch (node) {
      case Node.Stage stage -> {
        int number = epoch - stage.offset();
        if (number < 0 || number >= tiles.size()) {
          yield 0L;
        }
        Walk.Place place = inside(tiles, number, path);
        keeps.visit(place);
        yield run.apply(stage.body(), place.child(0));
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

  private Walk.Place inside(List<Walk.Place> tiles, int number, List<Integer> path) {
    Walk.Place place = tiles.get(number);
    for (int step : path) {
      place = place.child(step);
    }
    return place;
  }

  private long head(Node.Keep keep, List<Walk.Place> tiles, int epoch, List<Integer> path) {
    List<Integer> uses = keep.tensors().stream().flatMap(t -> uses(t, keep.body(), 0)).toList();
    int arriving = epoch - Collections.min(uses);
    int leaving = epoch - Collections.max(uses);
    long cycles = 0;
    if (arriving >= 0 && arriving < tiles.size()) {
      Walk.Place outside = inside(tiles, arriving, path);
      Walk.Place entered = words.enter(keep, outside);
      int number = keeps.visit(outside);
      if (!keep.doubleBuffered() || number == 0) {
        cycles += keeps.transfer(keep, outside, entered, true);
      }
      Walk.Place tile = tiles.get(arriving);
      tiles.set(
          arriving,
          new Walk.Place(tile.path(), tile.ranges(), entered.frames(), tile.phase(), tile.timed()));
    }
    cycles += epoch(keep.body(), tiles, epoch, longer(path, 0));
    if (leaving >= 0 && leaving < tiles.size()) {
      Walk.Place entered = inside(tiles, leaving, path);
      List<Walk.Frame> frames = frames(keep, entered);
      Walk.Place at =
          new Walk.Place(entered.path(), entered.ranges(), frames, entered.phase(), true);
      words.exit(keep, at);
      Walk.Place mark = at.child(Integer.MAX_VALUE);
      int number = keeps.visit(mark);
      boolean last = keeps.isLast(number, new Walk.Where(mark.phase(), mark.path()));
      if (!keep.doubleBuffered() || last) {
        List<Walk.Frame> before = frames.subList(0, frames.size() - keep.tensors().size());
        Walk.Place outside = new Walk.Place(at.path(), at.ranges(), before, at.phase(), true);
        cycles += keeps.transfer(keep, outside, at, false);
      }
    }
    return cycles;
  }

  /** Frames down to the entry of this keep, which has the only one of its tensors in the head. */
  private static List<Walk.Frame> frames(Node.Keep keep, Walk.Place place) {
    for (int end = place.frames().size(); end > 0; end--) {
      if (place.frames().get(end - 1) instanceof Walk.Frame.Entry entry
          && entry.tensor().equals(keep.tensors().getLast())) {
        return place.frames().subList(0, end);
      }
    }
    throw new AssertionError();
  }

  /** Whether no tensor of a double keep is used before a later stage than the first. */
  private boolean isLate(Node.Keep keep) {
    return keep.doubleBuffered()
        && keep.tensors().stream()
            .flatMap(tensor -> uses(tensor, keep.body(), 0))
            .allMatch(stage -> stage > 0);
  }

  /** Stages of the computes that read or write a tensor. */
  private Stream<Integer> uses(TensorName tensor, Node node, int stage) {
    return switch (node) {
      case Node.Compute compute -> {
        Einsum einsum =
            walk.problem().cascade().einsums().stream()
                .filter(e -> !e.isInitial() && e.output().tensor().equals(compute.einsum()))
                .findFirst()
                .orElseThrow();
        boolean uses =
            compute.einsum().equals(tensor)
                || einsum.value().reads().anyMatch(r -> r.tensor().equals(tensor));
        yield uses ? Stream.of(stage) : Stream.empty();
      }
      case Node.Stage inner -> uses(tensor, inner.body(), inner.offset());
      case Node.For _,
          Node.Spatial _,
          Node.Iterate _,
          Node.Last _,
          Node.Keep _,
          Node.Seq _,
          Node.Par _,
          Node.Pipeline _,
          Node.Interleave _ ->
          node.children().stream().flatMap(child -> uses(tensor, child, stage));
    };
  }

  private long fold(Node node, Walk.Place place, Iterator<Long> spans) {
    if (node instanceof Node.Keep keep) {
      Walk.Place inside = reenter(keep, place);
      long body = fold(keep.body(), inside.child(0), spans);
      words.exit(keep, inside);
      return isLate(keep)
          ? keeps.keptLate(keep, place, inside, body)
          : keeps.kept(keep, place, inside, body);
    }
    long sum = 0;
    for (Walk.Place step : walk.steps(node, place)) {
      sum +=
          node instanceof Node.Pipeline
              ? spans.next()
              : fold(node.children().getFirst(), step.child(0), spans);
    }
    return sum;
  }

  /** Entered a second time, only to add up times: its words were counted the first time. */
  private Walk.Place reenter(Node.Keep keep, Walk.Place place) {
    words.open(false);
    Walk.Place inside = words.enter(keep, place);
    words.close();
    return inside;
  }
}
