package dev.weir.opencl.pass;

import dev.weir.opencl.kernel.AddressSpace;
import dev.weir.opencl.kernel.Array;
import dev.weir.opencl.kernel.Statement;
import dev.weir.opencl.kernel.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Takes barriers away that part nothing: lowering puts one on each side of whatever work-items
 * share. One is needed where an array of its memory is accessed both since the barriers before it
 * and until those after it, and written on either side. Which elements they are does not count, so
 * some barriers stay that could go.
 */
public final class NeededBarriers {

  /** Arrays of a memory that are read or written somewhere. */
  private record Accesses(Set<Array> read, Set<Array> written) {

    static final Accesses NONE = new Accesses(Set.of(), Set.of());

    Accesses and(Accesses other) {
      Set<Array> allRead = new HashSet<>(read);
      allRead.addAll(other.read);
      Set<Array> allWritten = new HashSet<>(written);
      allWritten.addAll(other.written);
      return new Accesses(allRead, allWritten);
    }

    boolean conflictsWith(Accesses later) {
      return !Collections.disjoint(written, later.written)
          || !Collections.disjoint(written, later.read)
          || !Collections.disjoint(read, later.written);
    }
  }

  private final AddressSpace space;

  /** By barrier, itself and no equal one: what was accessed since the barriers before it. */
  private final IdentityHashMap<Statement, Accesses> before = new IdentityHashMap<>();

  private final IdentityHashMap<Statement, Accesses> after = new IdentityHashMap<>();

  private NeededBarriers(AddressSpace space) {
    this.space = space;
  }

  /** A kernel's body without the barriers that it does not need. */
  public static List<Statement> of(List<Statement> body) {
    List<Statement> left = copies(body);
    for (AddressSpace space : List.of(AddressSpace.LOCAL, AddressSpace.GLOBAL)) {
      OptionalInt unneeded = new NeededBarriers(space).unneeded(left);
      while (unneeded.isPresent()) {
        left = without(unneeded.getAsInt(), space, left);
        unneeded = new NeededBarriers(space).unneeded(left);
      }
    }
    return left;
  }

  /** Equal barriers as objects of their own. */
  private static List<Statement> copies(List<Statement> statements) {
    return new KernelRewriter(
            statement ->
                statement instanceof Statement.Barrier(AddressSpace space)
                    ? List.of(new Statement.Barrier(space))
                    : List.of(statement),
            value -> value)
        .body(statements);
  }

  /** Statements without one barrier, by its place among those of its memory. */
  private static List<Statement> without(
      int number, AddressSpace space, List<Statement> statements) {
    AtomicInteger seen = new AtomicInteger();
    return new KernelRewriter(
            statement ->
                isBarrier(statement, space) && seen.getAndIncrement() == number
                    ? List.of()
                    : List.of(statement),
            value -> value)
        .body(statements);
  }

  private static boolean isBarrier(Statement statement, AddressSpace space) {
    return statement instanceof Statement.Barrier barrier && barrier.space() == space;
  }

  private OptionalInt unneeded(List<Statement> body) {
    List<Statement> barriers = barriers(body);
    if (barriers.isEmpty()) {
      return OptionalInt.empty();
    }
    follow(body, Accesses.NONE, false, before);
    follow(body, Accesses.NONE, true, after);
    return IntStream.range(0, barriers.size())
        .filter(i -> !before.get(barriers.get(i)).conflictsWith(after.get(barriers.get(i))))
        .findFirst();
  }

  private List<Statement> barriers(List<Statement> statements) {
    List<Statement> barriers = new ArrayList<>();
    for (Statement statement : statements) {
      if (isBarrier(statement, space)) {
        barriers.add(statement);
      }
      barriers.addAll(barriers(statement.children()));
    }
    return barriers;
  }

  /**
   * Goes through statements forwards or backwards.
   *
   * @param since what was accessed on some way here and since the last barrier on it
   * @param found takes what was accessed before a barrier, or after it
   * @return the same at the other end
   */
  private Accesses follow(
      List<Statement> statements,
      Accesses since,
      boolean isBackwards,
      IdentityHashMap<Statement, Accesses> found) {
    Accesses current = since;
    for (Statement statement : isBackwards ? statements.reversed() : statements) {
      current = follow(statement, current, isBackwards, found);
    }
    return current;
  }

  private Accesses follow(
      Statement statement,
      Accesses since,
      boolean isBackwards,
      IdentityHashMap<Statement, Accesses> found) {
    return switch (statement) {
      case Statement.Barrier barrier when barrier.space() == space -> {
        found.put(barrier, since);
        yield Accesses.NONE;
      }
      case Statement.Block block -> follow(block.body(), since, isBackwards, found);
      case Statement.If branch -> {
        Accesses condition = read(branch.condition());
        Accesses around = since.and(condition);
        yield around.and(follow(branch.body(), around, isBackwards, found)).and(condition);
      }
      case Statement.Loop loop -> {
        Accesses bound = read(loop.first()).and(read(loop.bound()));
        Accesses around = since.and(bound);
        // What a step leaves behind meets the next step; more steps add nothing.
        Accesses once = around.and(follow(loop.body(), around, isBackwards, found));
        Accesses all = follow(loop.body(), once, isBackwards, found).and(bound);
        yield hasSteps(loop) ? all : once.and(all);
      }
      case Statement.Declare declare -> since.and(read(declare.value()));
      case Statement.Assign a ->
          since.and(read(a.index())).and(read(a.value())).and(write(a.array()));
      case Statement.AssignNeighbours a ->
          since.and(read(a.index())).and(read(a.value())).and(write(a.array()));
      case Statement.Scatter s ->
          since
              .and(read(s.indices()))
              .and(read(s.value()))
              .and(s.mask().map(this::read).orElse(Accesses.NONE))
              .and(write(s.array()));
      case Statement.Comment _, Statement.DeclareArray _, Statement.Barrier _ -> since;
    };
  }

  private static boolean hasSteps(Statement.Loop loop) {
    return loop.first() instanceof Value.Whole(long first)
        && loop.bound() instanceof Value.Whole(long bound)
        && first < bound;
  }

  private Accesses write(Array array) {
    return array.space() == space ? new Accesses(Set.of(), Set.of(array)) : Accesses.NONE;
  }

  private Accesses read(Value value) {
    Optional<Array> array =
        switch (value) {
          case Value.Element element -> Optional.of(element.array());
          case Value.Neighbours neighbours -> Optional.of(neighbours.array());
          case Value.Gathered gathered -> Optional.of(gathered.array());
          case Value.Variable _, Value.Real _, Value.Whole _ -> Optional.empty();
          case Value.LaneNumbers _, Value.GridPosition _, Value.Broadcast _ -> Optional.empty();
          case Value.Infix _, Value.Call _, Value.Negated _, Value.Not _ -> Optional.empty();
          case Value.ToFloat _, Value.ToDouble _, Value.ToInt _ -> Optional.empty();
          case Value.Half _, Value.Select _, Value.ExponentialPolynomial _ -> Optional.empty();
          case Value.ToBits _, Value.FromBits _ -> Optional.empty();
        };
    Accesses own =
        array
            .filter(read -> read.space() == space)
            .map(read -> new Accesses(Set.of(read), Set.of()))
            .orElse(Accesses.NONE);
    return value.children().stream().map(this::read).reduce(own, Accesses::and);
  }
}
