package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Everything is produced before it is read. */
final class DependenceRules {

  private final Placement placement;
  private final Violations violations;

  private DependenceRules(Placement placement, Violations violations) {
    this.placement = placement;
    this.violations = violations;
  }

  static void check(Placement placement, Violations violations) {
    DependenceRules rules = new DependenceRules(placement, violations);
    for (Einsum producer : placement.facts.placed()) {
      TensorName tensor = producer.output().tensor();
      Site writer = placement.computes.get(tensor);
      for (Site reader : placement.computes.values()) {
        if (placement.facts.reads(placement.einsum(reader), tensor)) {
          rules.pair(producer, writer, reader);
        }
      }
    }
  }

  /** What a keep reads when it is entered is produced to the end before. */
  static void complete(Placement placement, Violations violations, TensorName tensor, Site keep) {
    DependenceRules rules = new DependenceRules(placement, violations);
    Site writer = placement.computes.get(tensor);
    if (keep.contains(writer)) {
      violations.add(
          Violation.Reason.DEPENDENCE_REVERSED,
          keep,
          "it begins with %s, which '%s' inside it produces".formatted(tensor, writer),
          "put '" + writer + "' before it");
      return;
    }
    rules.complete(placement.einsum(writer), writer, keep);
    rules.wholeRanks(tensor, writer, keep);
    rules.order(tensor, writer, keep, 0);
  }

  private void pair(Einsum producer, Site writer, Site reader) {
    TensorName tensor = producer.output().tensor();
    Einsum consumer = placement.einsum(reader);
    List<Index> generations = placement.facts.generationIndices(consumer, tensor);
    if (reader != writer) {
      wholeRanks(tensor, writer, reader);
    }
    boolean readsThisStep =
        generations.isEmpty()
            || generations.stream().anyMatch(i -> !(i instanceof Index.Coordinate));
    if (readsThisStep) {
      complete(producer, writer, reader);
      order(tensor, writer, reader, 0);
    }
    if (placement.facts.readsOldGeneration(consumer, tensor)) {
      tilesAStep(placement.facts.generations(tensor).orElseThrow(), writer, reader)
          .ifPresent(tiles -> order(tensor, writer, reader, tiles));
    }
  }

  /** What may be read at any coordinate of a rank is produced at all of them before. */
  private void wholeRanks(TensorName tensor, Site writer, Site reader) {
    Projection projection = placement.facts.projection(tensor);
    placement
        .loopsAround(writer.commonWith(reader))
        .filter(loop -> projection.isCutWholeBy(loop.rank(), placement.problem.cascade()))
        .filter(loop -> placement.mostTiles(loop) > 1)
        .forEach(
            loop ->
                violations.add(
                    Violation.Reason.DEPENDENCE_REVERSED,
                    reader,
                    "it reads any part of %s along %s before '%s' has produced all of it"
                        .formatted(tensor, loop.rank(), loop.site()),
                    "end that loop before the read"));
  }

  /** No loop around both may still add to what is read. */
  private void complete(Einsum producer, Site writer, Site reader) {
    Site common = writer.commonWith(reader);
    Set<RankName> reduced = placement.facts.reduced(producer);
    placement
        .loopsAround(common)
        .filter(loop -> reduced.contains(loop.rank()))
        .filter(loop -> placement.mostTiles(loop) > 1)
        .filter(loop -> !Placement.isInLast(reader, loop.rank()))
        .forEach(
            loop ->
                violations.add(
                    Violation.Reason.DEPENDENCE_REVERSED,
                    reader,
                    "it reads %s before '%s' has taken in all of %s"
                        .formatted(producer.output().tensor(), loop.site(), loop.rank()),
                    "end that loop before the read: another pass over " + loop.rank()));
  }

  /**
   * The tiles that a pipeline runs in each step of a flowing iterate around it; nothing where it
   * drains between steps, or there is only one step, so that nothing overlaps.
   */
  private Optional<Long> tilesAStep(RankName iterated, Site writer, Site reader) {
    return pipelineOf(writer, reader)
        .flatMap(
            pipeline ->
                Stages.flowAround(pipeline).stream()
                    .filter(s -> isIterate(s, iterated))
                    .filter(s -> placement.mostTiles(placement.loop(s).orElseThrow()) > 1)
                    .findFirst()
                    .map(iterate -> placement.tilesBelow(iterate, pipeline)));
  }

  private static boolean isIterate(Site site, RankName rank) {
    return site.node() instanceof Node.Iterate iterate && iterate.rank().equals(rank);
  }

  /** The pipeline in whose stages both stand, neither in the same. */
  static Optional<Site> pipelineOf(Site one, Site other) {
    Site common = one.commonWith(other);
    Stream<Site> outwards = Stream.concat(Stream.of(common), common.ancestors());
    return outwards
        .takeWhile(s -> !(s.node() instanceof Node.Stage))
        .filter(s -> s.node() instanceof Node.Pipeline)
        .findFirst();
  }

  static int stageIn(Site pipeline, Site site) {
    return Stream.concat(pipeline.between(site).stream(), Stream.of(site))
        .filter(s -> s.node() instanceof Node.Stage)
        .findFirst()
        .map(s -> ((Node.Stage) s.node()).offset())
        .orElse(0);
  }

  private void order(TensorName tensor, Site writer, Site reader, long tilesBetween) {
    Site common = writer.commonWith(reader);
    boolean inOrder = !(common.node() instanceof Node.Par) && writer.precedes(reader);
    Optional<Site> pipeline = pipelineOf(writer, reader);
    if (pipeline.isEmpty()) {
      if (!inOrder) {
        String how =
            common.node() instanceof Node.Par
                ? "runs beside '" + writer + "' in the same par"
                : "comes before '" + writer + "'";
        violations.add(
            Violation.Reason.DEPENDENCE_REVERSED,
            reader,
            "it reads " + tensor + " but " + how,
            "put it after '" + writer + "'");
      }
      return;
    }
    int writes = stageIn(pipeline.get(), writer);
    int reads = stageIn(pipeline.get(), reader);
    long distance = reads + tilesBetween - writes;
    if (distance < 0 || (distance == 0 && !inOrder)) {
      violations.add(
          Violation.Reason.DEPENDENCE_REVERSED,
          reader,
          "stage %d reads %s, which stage %d writes%s: %d epochs between (expected %s)"
              .formatted(
                  reads,
                  tensor,
                  writes,
                  tilesBetween == 0 ? "" : " " + tilesBetween + " tiles before",
                  distance,
                  "at least 1, or 0 with the write first in a seq"),
          tilesBetween == 0
              ? "put it in stage " + (writes + 1)
              : "use more tiles a step, or leave out flow");
    }
  }
}
