package dev.weir.mapper.random;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Residence;
import dev.weir.mapper.schedule.Schedule;
import dev.weir.mapper.schedule.Site;
import dev.weir.mapper.schedule.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Clauses that a legal schedule can do without, each added where it stays legal. */
final class RandomClauses {

  private final Random random;
  private final Problem problem;
  private final CascadeFacts facts;
  private final Site root;

  private RandomClauses(Random random, Problem problem) {
    this.random = random;
    this.problem = problem;
    this.facts = new CascadeFacts(problem.cascade());
    this.root = Site.root(problem.schedule().root());
  }

  /** The problem with more clauses, often none. */
  static Problem added(Random random, Problem legal) {
    Problem shared = new RandomClauses(random, legal).inPlace();
    return random.nextInt(3) == 0 ? new RandomClauses(random, shared).refetch() : shared;
  }

  /** A keep whose only tensor takes the room of a tensor of another keep. */
  private record Taking(Node.Keep keep, Node.Keep room, TensorName old) {

    TensorName tensor() {
      return keep.tensors().getFirst();
    }

    /** For one tile of each. */
    Map<Node, Node> heads() {
      return Map.of(keep, single(keep, Optional.of(old)), room, single(room, Optional.empty()));
    }

    private static Node.Keep single(Node.Keep keep, Optional<TensorName> inPlaceOf) {
      return new Node.Keep(
          keep.tensors(), keep.level(), Size.of(1), false, keep.refetch(), inPlaceOf, keep.body());
    }
  }

  /** One tensor in the room of another one, if there are two for which that is legal. */
  private Problem inPlace() {
    List<Taking> takings = new ArrayList<>();
    for (Site site : root.all()) {
      if (site.node() instanceof Node.Keep keep && keep.tensors().size() == 1) {
        takings.addAll(takings(site, keep));
      }
    }
    if (random.nextInt(4) == 0) {
      return problem;
    }
    Collections.shuffle(takings, random);
    return firstLegal(takings.stream().filter(this::isPointwise).map(Taking::heads));
  }

  /** What is no map of the old tensor's points is legal nowhere, and most takings are not. */
  private boolean isPointwise(Taking taking) {
    Einsum einsum = facts.producer(taking.tensor()).orElseThrow();
    return facts.reduced(einsum).isEmpty()
        && einsum.condition().isEmpty()
        && facts.generations(taking.tensor()).isEmpty()
        && facts.projection(taking.tensor()).parts().equals(facts.projection(taking.old()).parts());
  }

  /** A keep through which a window slides loads whole tiles. */
  private Problem refetch() {
    Residence residence = new Residence(problem, facts);
    List<Map<Node, Node>> changes = new ArrayList<>();
    for (Site site : root.all()) {
      if (site.node() instanceof Node.Keep keep
          && keep.tensors().stream().anyMatch(t -> residence.slidesAlong(site, t).isPresent())) {
        Node whole =
            new Node.Keep(
                keep.tensors(),
                keep.level(),
                keep.copies(),
                keep.doubleBuffered(),
                true,
                keep.inPlaceOf(),
                keep.body());
        changes.add(Map.of(keep, whole));
      }
    }
    Collections.shuffle(changes, random);
    return firstLegal(changes.stream());
  }

  /** Room of tensors that the producer of a keep's tensor reads. */
  private List<Taking> takings(Site site, Node.Keep keep) {
    TensorName tensor = keep.tensors().getFirst();
    List<Taking> takings = new ArrayList<>();
    for (Site other : root.all()) {
      if (other.node() instanceof Node.Keep room
          && other != site
          && room.level().equals(keep.level())
          && (other.contains(site) || site.contains(other))) {
        for (TensorName old : room.tensors()) {
          if (facts.producer(tensor).filter(einsum -> facts.reads(einsum, old)).isPresent()) {
            takings.add(new Taking(keep, room, old));
          }
        }
      }
    }
    return takings;
  }

  /** The problem with the first of the changes of heads that is legal; as it is if none is. */
  private Problem firstLegal(Stream<Map<Node, Node>> changes) {
    return changes
        .map(this::changed)
        .filter(changed -> Legality.judge(changed).isLegal())
        .findFirst()
        .orElse(problem);
  }

  private Problem changed(Map<Node, Node> change) {
    Schedule old = problem.schedule();
    Schedule schedule = old.with(replaced(old.root(), change));
    return new Problem(problem.cascade(), schedule, problem.architecture(), problem.shapes());
  }

  /** The tree with heads of nodes replaced; their children stay. */
  private static Node replaced(Node node, Map<Node, Node> change) {
    List<Node> children = node.children().stream().map(child -> replaced(child, change)).toList();
    return change.getOrDefault(node, node).withChildren(children);
  }
}
