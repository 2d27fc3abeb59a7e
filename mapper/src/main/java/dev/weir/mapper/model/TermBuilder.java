package dev.weir.mapper.model;

import static dev.weir.mapper.count.Movement.PARTIAL_READ;
import static dev.weir.mapper.count.Movement.PARTIAL_WRITE;
import static dev.weir.mapper.count.Movement.READ;
import static dev.weir.mapper.count.Movement.WRITE;

import dev.weir.einsum.analysis.Operations;
import dev.weir.einsum.ir.Access;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Populate;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.LevelName;
import dev.weir.mapper.arch.MemoryLevel;
import dev.weir.mapper.count.Counts;
import dev.weir.mapper.count.Movement;
import dev.weir.mapper.schedule.CascadeFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Turns the counting rules 1 to 7 of {@code docs/schedule.md} into summands, site by site. */
final class TermBuilder {

  private static final int FIRST = PathSum.FIRST_TILE;
  private static final int LAST = PathSum.LAST_TILE;
  private static final int ANY = PathSum.ANY_TILE;

  private final Cascade cascade;
  private final CascadeFacts facts;
  private final MemoryLevel top;
  private final RankTable ranks;
  private final List<Output> outputs;
  private final Inside inside;
  private final Presence presence;

  /**
   * @param outputs what is counted so far; what is found is appended
   * @param presence what decides which points there are
   */
  TermBuilder(
      Cascade cascade, MemoryLevel top, RankTable ranks, List<Output> outputs, Presence presence) {
    this.cascade = cascade;
    this.facts = new CascadeFacts(cascade);
    this.top = top;
    this.ranks = ranks;
    this.outputs = outputs;
    this.inside = new Inside(cascade);
    this.presence = presence;
  }

  List<Term> of(Site site) {
    return switch (site) {
      case KeepSite keep -> keep(keep);
      case ComputeSite compute -> compute(compute);
    };
  }

  private List<Term> keep(KeepSite keep) {
    List<Term> terms = new ArrayList<>();
    Share[] tile = ranks.shares(keep.tensor().name());
    Optional<MemoryLevel> next = keep.nextHome(top);
    if (keep.isGenerational()) {
      facts
          .initialRead(keep.tensor().name())
          .ifPresent(access -> terms.add(initialRead(keep, access.tensor(), tile)));
      add(terms, keep, keep.level(), WRITE, 1, tile, End.FIRST, Set.of());
    } else if (keep.producer().isEmpty() && next.isPresent()) {
      add(terms, keep, next.get(), READ, 1, tile, End.ONCE, keep.multicastLoops());
      add(terms, keep, keep.level(), WRITE, 1, tile, End.FIRST, Set.of());
    }
    if (keep.stores(top)) {
      partialSums(terms, keep, next.orElseThrow(), tile);
    }
    return terms;
  }

  /** Generation 0 comes from the innermost home of another tensor, word by word. */
  private Term initialRead(KeepSite keep, TensorName source, Share[] tile) {
    PlanScope scope = keep.scope();
    Optional<KeepSite> home = Optional.ofNullable(scope.homes().get(source));
    int depth = home.map(around -> around.scope().depth()).orElse(0);
    LevelName level = home.map(KeepSite::level).orElse(top).name();
    Path path = path(scope, tile, 0, Set.of());
    scope
        .spatialLoops(depth, scope.depth(), loop -> loop.multicast().contains(source))
        .forEach(position -> path.count(position, mode(End.ONCE, scope, position)));
    return term(keep, new Counts.Traffic(source, level, READ), 1, path);
  }

  /** Rules 2 and 3. */
  private void partialSums(List<Term> terms, KeepSite keep, MemoryLevel next, Share[] tile) {
    List<Integer> loops = keep.unfinishedBy();
    MemoryLevel own = keep.level();
    add(terms, keep, own, READ, 1, tile, End.LAST, loops);
    add(terms, keep, next, WRITE, 1, tile, End.LAST, loops);
    if (loops.isEmpty()) {
      return;
    }
    butFor(terms, keep, next, PARTIAL_READ, tile, End.FIRST);
    butFor(terms, keep, own, PARTIAL_WRITE, tile, End.FIRST);
    butFor(terms, keep, own, PARTIAL_READ, tile, End.LAST);
    butFor(terms, keep, next, PARTIAL_WRITE, tile, End.LAST);
  }

  /** All entries but the first or the last ones of the unfinished loops. */
  private void butFor(
      List<Term> terms,
      KeepSite keep,
      MemoryLevel level,
      Movement movement,
      Share[] tile,
      End end) {
    add(terms, keep, level, movement, 1, tile, end, Set.of());
    add(terms, keep, level, movement, -1, tile, end, keep.unfinishedBy());
  }

  private void add(
      List<Term> terms,
      KeepSite keep,
      MemoryLevel level,
      Movement movement,
      long factor,
      Share[] tile,
      End end,
      Collection<Integer> loops) {
    Counts.Traffic traffic = new Counts.Traffic(keep.tensor().name(), level.name(), movement);
    PlanScope scope = keep.scope();
    Path path = path(scope, tile, 0, Set.of());
    loops.forEach(position -> path.count(position, mode(end, scope, position)));
    terms.add(term(keep, traffic, factor, path));
  }

  /** Words of a tile in all entries of a path. */
  private Term term(KeepSite keep, Counts.Traffic traffic, long factor, Path path) {
    PlanScope scope = keep.scope();
    return new Term(
        position(new Output.Words(traffic)),
        factor,
        path,
        Optional.empty(),
        scope.visits().map(visits -> new Entries(visits, scope.depth())),
        List.of(),
        Optional.empty(),
        ranks.mapped(keep.tensor().name()),
        keep.sliding());
  }

  /** Which iterations of some loops count. */
  private enum End {
    FIRST,
    LAST,
    /** Any of them for all. */
    ONCE
  }

  /** How much counts of a loop around a keep. */
  private int mode(End end, PlanScope scope, int position) {
    int group = scope.loops().get(position).group();
    boolean decides = scope.visits().filter(visits -> visits.dependOn(group, ranks)).isPresent();
    return switch (end) {
      case FIRST -> decides ? PathSum.EARLIEST : FIRST;
      case LAST -> decides ? PathSum.LATEST : LAST;
      case ONCE -> decides ? ANY : FIRST;
    };
  }

  private List<Term> compute(ComputeSite compute) {
    List<Term> terms = new ArrayList<>();
    compute.einsum().value().operands().forEach(access -> terms.add(operand(compute, access)));
    results(terms, compute);
    Path points = path(compute.scope(), ranks.noShares(), 0, Set.of());
    Operations.perPoint(compute.einsum(), cascade)
        .forEach(
            (kind, count) ->
                terms.add(
                    presence.term(
                        compute,
                        position(
                            new Output.Operations(
                                new Counts.Work(
                                    compute.einsum().output().tensor(),
                                    compute.unit().name(),
                                    kind))),
                        count,
                        points,
                        present(compute))));
    return terms;
  }

  private Presence.Decided present(ComputeSite compute) {
    return presence.of(compute, List.of());
  }

  private Term operand(ComputeSite compute, Access access) {
    TensorName tensor = access.tensor();
    Set<Integer> once =
        compute
            .scope()
            .spatialLoops(
                compute.homeDepth(tensor),
                compute.scope().depth(),
                loop -> loop.multicast().contains(tensor));
    return words(
        compute,
        new Counts.Traffic(tensor, homeLevel(compute, tensor), READ),
        1,
        path(compute.scope(), ranks.noShares(), ANY, once),
        presence.of(compute, inside.bounds(access)));
  }

  /**
   * Rule 6: an element is contributed to for the first time once an entry of its home, in entries
   * to which no partial sums come back.
   */
  private void results(List<Term> terms, ComputeSite compute) {
    TensorName tensor = compute.einsum().output().tensor();
    PlanScope scope = compute.scope();
    int home = compute.homeDepth(tensor);
    if (compute.einsum().populate().isPresent()) {
      slots(terms, compute, compute.einsum().populate().get());
      return;
    }
    Set<Integer> merged =
        scope.spatialLoops(home, scope.depth(), loop -> loop.reduce().contains(tensor));
    Path contributions = path(scope, ranks.noShares(), ANY, merged);
    Counts.Traffic written = new Counts.Traffic(tensor, homeLevel(compute, tensor), WRITE);
    terms.add(words(compute, written, 1, contributions, present(compute)));
    Set<RankName> reduced = compute.einsum().reducedRanks();
    if (reduced.isEmpty()) {
      return;
    }
    Set<Integer> once = new TreeSet<>(merged);
    once.addAll(scope.loopsOver(reduced, home, scope.depth()));
    Path first = path(scope, ranks.noShares(), ANY, once);
    Optional<Entries> entries = Optional.empty();
    if (compute.home(tensor).isPresent()) {
      KeepSite keep = compute.home(tensor).get();
      for (int position : scope.loopsOver(reduced, startOfReduction(keep), home)) {
        int mode = mode(End.FIRST, keep.scope(), position);
        first.count(position, mode);
        if (mode == PathSum.EARLIEST) {
          entries = keep.scope().visits().map(visits -> new Entries(visits, home));
        }
      }
    }
    Counts.Traffic accumulated = new Counts.Traffic(tensor, homeLevel(compute, tensor), READ);
    terms.add(words(compute, accumulated, 1, contributions, present(compute)));
    terms.add(words(compute, accumulated, -1, first, present(compute)).over(entries));
  }

  /** All slots of a fiber are written once, whatever points there are. */
  private void slots(List<Term> terms, ComputeSite compute, Populate populate) {
    TensorName tensor = compute.einsum().output().tensor();
    PlanScope scope = compute.scope();
    Path fibers = path(scope, ranks.shares(populate.slot()), 0, Set.of());
    scope
        .loopsOver(Set.of(populate.from()), 0, scope.depth())
        .forEach(position -> fibers.count(position, FIRST));
    Counts.Traffic written = new Counts.Traffic(tensor, homeLevel(compute, tensor), WRITE);
    terms.add(new Term(position(new Output.Words(written)), 1, fibers, Optional.empty()));
  }

  /** Depth from which on loops over reduced ranks bring an accumulator back. */
  private int startOfReduction(KeepSite home) {
    return home.nextHome(top).isPresent() ? 0 : home.scope().depth();
  }

  private LevelName homeLevel(ComputeSite compute, TensorName tensor) {
    return compute.home(tensor).map(KeepSite::level).orElse(top).name();
  }

  private Path path(PlanScope scope, Share[] shares, int mode, Collection<Integer> loops) {
    int[] modes = new int[scope.depth()];
    scope.onlyLast().forEach(position -> modes[position] |= LAST);
    loops.forEach(position -> modes[position] |= mode);
    return new Path(scope.loops(), modes, shares);
  }

  private Term words(
      ComputeSite compute,
      Counts.Traffic traffic,
      long factor,
      Path path,
      Presence.Decided present) {
    return presence.term(compute, position(new Output.Words(traffic)), factor, path, present);
  }

  private int position(Output output) {
    int position = outputs.indexOf(output);
    if (position < 0) {
      outputs.add(output);
      return outputs.size() - 1;
    }
    return position;
  }
}
