package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.Expression;
import dev.weir.einsum.ir.Index;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.Tensor;
import java.util.Optional;

/**
 * What a legal schedule has beyond plain tiles that are loaded whole and visited always, and lie in
 * one place. A reader that knows no more than that must not count such a schedule.
 */
public final class PlainReading {

  private final Problem problem;
  private final CascadeFacts facts;

  private PlainReading(Problem problem) {
    this.problem = problem;
    this.facts = new CascadeFacts(problem.cascade());
  }

  /** The first that there is, in words that name it. */
  public static Optional<String> exception(Problem problem) {
    PlainReading reading = new PlainReading(problem);
    return reading
        .loops()
        .or(reading::valued)
        .or(reading::produced)
        .or(reading::beginnings)
        .or(reading::keeps)
        .or(reading::operands);
  }

  private Optional<String> valued() {
    return facts.placed().stream()
        .map(Einsum::value)
        .flatMap(value -> value.reads())
        .filter(access -> access.indices().stream().anyMatch(i -> i.tables().findAny().isPresent()))
        .findFirst()
        .map(access -> "reads of " + access.tensor() + " at coordinates that values decide");
  }

  private Optional<String> beginnings() {
    return facts.placed().stream()
        .map(einsum -> einsum.output().tensor())
        .filter(
            tensor ->
                facts
                    .initial(tensor)
                    .filter(initial -> !(initial.value() instanceof Expression.Literal))
                    .isPresent())
        .findFirst()
        .map("a generation 0 of %s that is not a number"::formatted);
  }

  private Optional<String> produced() {
    return facts.placed().stream()
        .map(einsum -> einsum.output().tensor())
        .filter(tensor -> facts.projection(tensor).isMapped())
        .findFirst()
        .map(tensor -> "reads of %s, which is produced, through several indices".formatted(tensor));
  }

  private Optional<String> loops() {
    return Site.root(problem.schedule().root()).all().stream()
        .filter(site -> site.node() instanceof Node.For loop && loop.skip())
        .findFirst()
        .map(site -> "skip in '" + site + "'");
  }

  private Optional<String> keeps() {
    return Site.root(problem.schedule().root()).all().stream()
        .map(Site::node)
        .filter(Node.Keep.class::isInstance)
        .map(Node.Keep.class::cast)
        .flatMap(keep -> keep(keep).stream())
        .findFirst();
  }

  private Optional<String> keep(Node.Keep keep) {
    return keep.inPlaceOf()
        .filter(_ -> problem.architecture().level(keep.level()).orElseThrow().banks() > 1)
        .map(old -> "keep %s in place of %s in banks".formatted(keep.tensors().getFirst(), old))
        .or(() -> mapped(keep));
  }

  private Optional<String> mapped(Node.Keep keep) {
    return keep.tensors().stream()
        .filter(tensor -> facts.projection(tensor).isMapped())
        .findFirst()
        .map(
            tensor ->
                "keep %s, which is read through %s"
                    .formatted(tensor, facts.projection(tensor).through()));
  }

  private Optional<String> operands() {
    return facts.placed().stream()
        .map(Einsum::value)
        .flatMap(value -> value.reads())
        .filter(this::mayBeOutside)
        .findFirst()
        .map(access -> "reads of " + access.tensor() + " outside its shape");
  }

  private boolean mayBeOutside(Access access) {
    Tensor tensor = facts.tensor(access.tensor()).orElseThrow();
    for (int at = 0; at < access.indices().size(); at++) {
      if (mayBeOutside(access.indices().get(at), tensor.ranks().get(at))) {
        return true;
      }
    }
    return false;
  }

  private boolean mayBeOutside(Index index, RankName own) {
    return switch (index) {
      case Index.Affine affine -> {
        long low = affine.offset();
        long high = affine.offset();
        for (Index.Term term : affine.terms()) {
          long last = term.coefficient() * (problem.shapes().of(term.rank()) - 1);
          low += Math.min(0, last);
          high += Math.max(0, last);
        }
        yield low < 0 || high >= problem.shapes().of(own);
      }
      case Index.Fixed fixed ->
          fixed.coordinate() < 0 || fixed.coordinate() >= problem.shapes().of(own);
      case Index.Computed _, Index.Gathered _ -> true;
      case Index.Coordinate c -> problem.shapes().of(c.rank()) > problem.shapes().of(own);
      case Index.Joined _, Index.Next _, Index.Last _, Index.HeadMap _ -> false;
    };
  }
}
