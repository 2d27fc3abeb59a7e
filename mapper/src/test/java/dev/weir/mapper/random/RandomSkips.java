package dev.weir.mapper.random;

import dev.weir.einsum.check.CascadeReader;
import dev.weir.einsum.check.CascadeWriter;
import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.source.Diagnostics;
import dev.weir.einsum.source.SourceFile;
import dev.weir.mapper.schedule.Legality;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Random problems with conditions nearly everywhere, in which loops skip where that is legal. */
public final class RandomSkips {

  private final Random random;

  private RandomSkips(Random random) {
    this.random = random;
  }

  /** The problem of a seed; nothing where no loop may skip. */
  public static Optional<Problem> of(long seed) {
    Problem problem = RandomProblems.legal(seed);
    RandomSkips skips = new RandomSkips(new Random(seed * 7_919 + 31));
    Problem masked = skips.masked(problem);
    Problem chosen = Legality.judge(masked).isLegal() ? masked : problem;
    return Optional.of(skips.skipping(chosen)).filter(found -> !found.equals(chosen));
  }

  /** With a condition for Einsums that have none. */
  private Problem masked(Problem problem) {
    List<Einsum> einsums =
        problem.cascade().einsums().stream().filter(einsum -> !einsum.isInitial()).toList();
    List<String> lines = new ArrayList<>();
    for (String line : CascadeWriter.write(problem.cascade()).lines().toList()) {
      Optional<Einsum> written =
          einsums.stream().filter(einsum -> isWritten(einsum, line)).findFirst();
      boolean open = written.isPresent() && !line.contains(" | ") && random.nextInt(8) > 0;
      lines.add(line + (open ? condition(written.get()) : ""));
    }
    Diagnostics diagnostics = new Diagnostics();
    SourceFile file = new SourceFile("random.edge", String.join(System.lineSeparator(), lines));
    Cascade cascade =
        CascadeReader.read(file, diagnostics)
            .orElseThrow(() -> new IllegalStateException(file.text() + diagnostics.sorted()));
    return new Problem(cascade, problem.schedule(), problem.architecture(), problem.shapes());
  }

  private static boolean isWritten(Einsum einsum, String line) {
    String left = line.strip().split(" = ", 2)[0];
    return line.contains(" = ")
        && left.startsWith(einsum.output().tensor() + "[")
        && !left.contains("[0,")
        && !left.contains("[0]");
  }

  private String condition(Einsum einsum) {
    List<String> variables = new ArrayList<>();
    boolean joined =
        einsum.iterationSpace().contains(new RankName("M1"))
            && einsum.iterationSpace().contains(new RankName("M0"));
    for (RankName rank : einsum.iterationSpace()) {
      String name = rank.text().substring(0, 1).toLowerCase(Locale.ROOT);
      if (!joined || !rank.text().startsWith("M")) {
        variables.add(name + rank.text().substring(1));
      }
    }
    if (joined) {
      variables.addFirst("m1*M0+m0");
    }
    if (variables.isEmpty()) {
      return "";
    }
    String column = variables.get(random.nextInt(variables.size()));
    variables.remove(column);
    String row = variables.isEmpty() ? column : variables.get(random.nextInt(variables.size()));
    boolean swapped = row.contains("*");
    RandomCondition condition =
        new RandomCondition(random, swapped ? column : row, swapped ? row : column);
    return " | " + condition.text();
  }

  /** With {@code skip} in loops that may have it, more often than not. */
  private Problem skipping(Problem problem) {
    Problem skipping = problem;
    for (int loop = 0; loop < loops(problem.schedule().root()); loop++) {
      if (random.nextInt(4) > 0) {
        Problem more = skipping(skipping, loop);
        boolean isLegal = isDecided(more.schedule().root(), more) && Legality.judge(more).isLegal();
        skipping = isLegal ? more : skipping;
      }
    }
    return skipping;
  }

  /**
   * Whether conditions decide over all loops that skip: no other is legal, and many loops lack
   * them.
   */
  private static boolean isDecided(Node node, Problem problem) {
    boolean isHere =
        !(node instanceof Node.For loop) || !loop.skip() || isAsked(loop, loop, problem);
    return isHere && node.children().stream().allMatch(child -> isDecided(child, problem));
  }

  /** Whether the conditions of all computes in a node ask for the rank of a loop around it. */
  private static boolean isAsked(Node node, Node.For loop, Problem problem) {
    if (node instanceof Node.Compute compute) {
      return problem.cascade().einsums().stream()
          .filter(einsum -> einsum.output().tensor().equals(compute.einsum()))
          .flatMap(einsum -> einsum.condition().stream())
          .anyMatch(condition -> condition.ranks().anyMatch(loop.rank()::equals));
    }
    return node.children().stream().allMatch(child -> isAsked(child, loop, problem));
  }

  private static int loops(Node node) {
    int inside = node.children().stream().mapToInt(RandomSkips::loops).sum();
    return inside + (node instanceof Node.For ? 1 : 0);
  }

  private static Problem skipping(Problem problem, int loop) {
    Schedule old = problem.schedule();
    Schedule changed = old.with(skipping(old.root(), IntStream.of(loop).toArray()));
    return new Problem(problem.cascade(), changed, problem.architecture(), problem.shapes());
  }

  /**
   * The tree with one loop that skips.
   *
   * @param left how many loops come before it; counted down
   */
  private static Node skipping(Node node, int[] left) {
    boolean isMeant = node instanceof Node.For && left[0]-- == 0;
    List<Node> children = node.children().stream().map(child -> skipping(child, left)).toList();
    Node same = node.withChildren(children);
    return isMeant && same instanceof Node.For l
        ? new Node.For(l.rank(), l.tile(), true, l.recompute(), l.flow(), l.body())
        : same;
  }
}
