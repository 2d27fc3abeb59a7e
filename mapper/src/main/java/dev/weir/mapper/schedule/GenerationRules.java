package dev.weir.mapper.schedule;

import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import dev.weir.einsum.ir.TensorName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Iterative tensors: one keep, outside one iterate, that holds the old generation and the new. */
final class GenerationRules {

  private final Placement placement;
  private final Violations violations;

  private GenerationRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    GenerationRules rules = new GenerationRules(placement, violations);
    for (Tensor tensor : placement.problem.cascade().tensors()) {
      if (tensor.generations().isPresent() && placement.computes.containsKey(tensor.name())) {
        rules.initial(tensor.name());
        rules.iterate(tensor.name(), tensor.generations().get());
        rules.keep(tensor.name(), tensor.generations().get());
      }
    }
  }

  private void wrong(Site site, String message, String fix) {
    violations.add(Violation.Reason.GENERATIONS, site, message, fix);
  }

  private void initial(TensorName tensor) {
    Optional<Einsum> initial = placement.facts.initial(tensor);
    Optional<Access> read = placement.facts.initialRead(tensor);
    boolean isSimple =
        initial
            .filter(e -> e.condition().isEmpty())
            .filter(e -> read.isPresent() ? isAlike(e.output(), read.get()) : isKnown(e))
            .isPresent();
    if (!isSimple) {
      wrong(
          placement.computes.get(tensor),
          "generation 0 of %s is neither a number nor read from a tensor with exactly its ranks"
              .formatted(tensor),
          "give it a number, or compute it in an Einsum before");
    } else if (read.isPresent() && placement.facts.producer(read.get().tensor()).isPresent()) {
      placement.sites.stream()
          .filter(site -> Placement.names(site, tensor))
          .forEach(keep -> begins(tensor, keep, read.get()));
    }
  }

  /** Whether it follows from coordinates and shapes, without an operation. */
  private boolean isKnown(Einsum initial) {
    return initial.reads().isEmpty()
        && Operations.perPoint(initial, placement.problem.cascade()).isEmpty();
  }

  /** Whether an access has the coordinates of a generation and no others, each of its own rank. */
  private boolean isAlike(Access generation, Access read) {
    Tensor tensor = placement.facts.tensor(read.tensor()).orElseThrow();
    List<Index> own = new ArrayList<>();
    for (int at = 0; at < tensor.ranks().size(); at++) {
      Index index = read.indices().get(at);
      boolean isLast = index instanceof Index.Last;
      boolean isPlain =
          index instanceof Index.Coordinate c && c.rank().equals(tensor.ranks().get(at));
      if (!isPlain && !isLast) {
        return false;
      }
      if (!isLast) {
        own.add(index);
      }
    }
    List<Index> wanted = new ArrayList<>(generation.indices());
    wanted.removeIf(Index.Fixed.class::isInstance);
    return own.size() == wanted.size() && own.containsAll(wanted);
  }

  /** What a keep begins with was produced before, or is a generation that is still there. */
  private void begins(TensorName tensor, Site keep, Access read) {
    TensorName source = read.tensor();
    Site writer = placement.computes.get(source);
    Optional<RankName> generations = placement.facts.generations(source);
    boolean isOld = generations.filter(rank -> read.ranks().anyMatch(rank::equals)).isPresent();
    if (!isOld) {
      DependenceRules.complete(placement, violations, source, keep);
      return;
    }
    List<Site> around = loopsOver(keep, generations.get());
    if (around.isEmpty() || !around.equals(loopsOver(writer, generations.get()))) {
      wrong(
          keep,
          "generation 0 of %s is a generation of %s, which does not last beyond 'iterate %s'"
              .formatted(tensor, source, generations.get().variable()),
          "put it inside that loop");
    } else if (!(keep.contains(writer) || keep.precedes(writer))
        || DependenceRules.pipelineOf(keep, writer).isPresent()) {
      wrong(
          keep,
          "generation 0 of %s is read from %s, but '%s' writes the next one before"
              .formatted(tensor, source, writer),
          "put it before '" + writer + "'");
    }
  }

  /** All computes with a coordinate along the rank stand in the same iterate over it. */
  private void iterate(TensorName tensor, RankName rank) {
    Site producer = placement.computes.get(tensor);
    List<Site> loops = loopsOver(producer, rank);
    for (Site user : placement.users(tensor)) {
      Einsum einsum = placement.einsum(user);
      boolean isOld = placement.facts.readsOldGeneration(einsum, tensor);
      boolean isNew = placement.facts.readsNewGeneration(einsum, tensor);
      if (user != producer && !isOld && !isNew) {
        continue;
      }
      List<Site> own = loopsOver(user, rank);
      if (own.size() != 1 || !(own.getFirst().node() instanceof Node.Iterate)) {
        wrong(
            user,
            "it needs exactly one loop over " + rank + ", an iterate (got " + described(own) + ")",
            "put one iterate " + rank.variable() + " around it");
      } else if (!own.equals(loops)) {
        wrong(
            user,
            "generations of " + tensor + " do not last beyond the iterate that writes them",
            "put it inside the same iterate " + rank.variable());
      }
    }
  }

  private List<Site> loopsOver(Site site, RankName rank) {
    return placement.loopsAround(site).filter(l -> l.rank().equals(rank)).map(Loop::site).toList();
  }

  private static String described(List<Site> loops) {
    return loops.isEmpty()
        ? "none"
        : String.join(", ", loops.stream().map(loop -> "'" + loop + "'").toList());
  }

  private void keep(TensorName tensor, RankName rank) {
    List<Site> keeps = placement.sites.stream().filter(s -> Placement.names(s, tensor)).toList();
    if (keeps.size() > 1) {
      wrong(
          keeps.get(1),
          tensor + " has generations and so exactly one keep (got " + keeps.size() + ")",
          "leave out all but the outermost");
    }
    for (Site keep : keeps) {
      loopsOver(keep, rank)
          .forEach(
              loop ->
                  wrong(
                      keep,
                      "'" + loop + "' is around it, so " + tensor + " would begin anew every step",
                      "put the keep outside that loop"));
    }
    if (keeps.size() == 1) {
      overlaps(keeps.getFirst(), tensor, rank);
    }
  }

  /** In a pipeline that flows through the steps, a generation lives until its slot is written. */
  private void overlaps(Site keep, TensorName tensor, RankName rank) {
    Site writer = placement.computes.get(tensor);
    long held = placement.residence.generationsHeld(keep, tensor);
    for (Site reader : placement.users(tensor)) {
      Optional<Site> pipeline = DependenceRules.pipelineOf(writer, reader);
      Optional<Site> iterate =
          pipeline.stream()
              .flatMap(p -> Stages.flowAround(p).stream())
              .filter(s -> s.node() instanceof Node.Iterate i && i.rank().equals(rank))
              .findFirst();
      if (iterate.isEmpty()
          || placement.mostTiles(placement.loop(iterate.get()).orElseThrow()) == 1) {
        continue;
      }
      long tiles = placement.tilesBelow(iterate.get(), pipeline.get());
      long writes = DependenceRules.stageIn(pipeline.get(), writer);
      long reads = DependenceRules.stageIn(pipeline.get(), reader);
      Einsum einsum = placement.einsum(reader);
      long slack =
          writes
              - reads
              + tiles * (placement.facts.readsOldGeneration(einsum, tensor) ? held - 1 : held);
      if (slack < 0 || (slack == 0 && reader != writer && !reader.precedes(writer))) {
        wrong(
            reader,
            "its generation of %s is overwritten %d epochs before it is read (%d generations kept, %d tiles a step)"
                .formatted(tensor, -slack, held, tiles),
            "use more tiles a step, or leave out flow");
      }
    }
  }
}
