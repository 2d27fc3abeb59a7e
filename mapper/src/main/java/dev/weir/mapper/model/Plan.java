package dev.weir.mapper.model;

import dev.weir.einsum.ir.Cascade;
import dev.weir.einsum.ir.Condition;
import dev.weir.einsum.ir.Einsum;
import dev.weir.einsum.ir.RankName;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Architecture;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The shape of a schedule on an architecture, made ready for evaluation: what is counted where, and
 * what waits for what. Sizes are left open: values of the schedule's parameters and shapes of the
 * ranks are given to an {@link Evaluation}, so one plan serves all tilings. Immutable; threads may
 * share it.
 */
public final class Plan {

  /** To compile a plan takes about as long as so many tilings take without. */
  private static final long TILINGS_BEFORE_PROGRAM = 4_000;

  private final Cascade cascade;
  private final Architecture architecture;
  private final ArgumentTable arguments;
  private final RankTable ranks;
  private final Draws draws;
  private final Tree tree;
  private final List<Output> outputs = new ArrayList<>();
  private final KeepPlan[][] keeps;
  private final List<PhasePlan> phases = new ArrayList<>();
  private final Nodes nodes;
  private final Work.Phase timed;
  private final Skips skips;
  private final List<TensorName> undecided;
  private Optional<PlanProgram> program;

  /**
   * The tree, with what stands in it by number.
   *
   * @param sites keeps and computes in the order of the text
   * @param loops all loops by number
   * @param skips by loop that skips: what a point of an iteration fulfils that is visited
   * @param nodes how many nodes the tree has
   * @param pipelines how many of them are pipelines
   * @param waves how many of those in each other are spatial, at most
   * @param nests how many of them are nests
   * @param keeps how many of them are keeps
   */
  record Tree(
      Work.Phase root,
      List<Site> sites,
      List<PlannedLoop> loops,
      List<Condition> skips,
      int nodes,
      int pipelines,
      int waves,
      int nests,
      int keeps) {}

  Plan(
      Cascade cascade,
      Architecture architecture,
      ArgumentTable arguments,
      RankTable ranks,
      Draws draws,
      DrawnLoops drawn,
      Tree tree) {
    this.draws = draws;
    this.cascade = cascade;
    this.architecture = architecture;
    this.arguments = arguments;
    this.ranks = ranks;
    this.tree = tree;
    Presence presence = Presence.expected(drawn);
    List<List<Term>> terms = terms(presence);
    if (!presence.undecided().isEmpty()) {
      presence = Presence.always(drawn);
      terms = terms(presence);
    }
    this.undecided = einsums(presence.undecided());
    this.keeps = new KeepPlan[tree.keeps()][];
    add(tree.root(), terms);
    this.timed = (Work.Phase) timed(tree.root());
    this.nodes = new Nodes(this, terms);
    this.skips = new Skips(this);
  }

  /**
   * Compiles the shape of a schedule.
   *
   * @param schedule a legal one; values of its parameters do not matter
   * @throws IllegalArgumentException if the tree has one of the forms that {@code
   *     docs/cost-model.md} excludes; the message names it
   */
  public static Plan compile(Cascade cascade, Schedule schedule, Architecture architecture) {
    return new PlanBuilder(cascade, schedule, architecture).build();
  }

  private List<List<Term>> terms(Presence presence) {
    outputs.clear();
    TermBuilder builder = new TermBuilder(cascade, architecture.top(), ranks, outputs, presence);
    return tree.sites().stream().map(builder::of).toList();
  }

  private void add(Work work, List<List<Term>> terms) {
    if (work instanceof Work.Phase phase) {
      phases.add(new PhasePlan(phase, architecture, ranks, outputs, terms));
    }
    if (work instanceof Work.Residence keep) {
      keeps[keep.number()] =
          keep.sites().stream().map(site -> new KeepPlan(site, this)).toArray(KeepPlan[]::new);
    }
    work.children().forEach(child -> add(child, terms));
  }

  /** The tree without keeps from which nothing moves to another level: they take no time. */
  private Work timed(Work work) {
    return switch (work) {
      case Work.Nest nest -> nest;
      case Work.Loop l -> new Work.Loop(l.id(), l.loop(), l.flows(), timed(l.body()));
      case Work.Waves w -> new Work.Waves(w.id(), w.loop(), timed(w.body()));
      case Work.OnlyLast last -> new Work.OnlyLast(last.id(), last.loop(), timed(last.body()));
      case Work.Residence keep ->
          Arrays.stream(tensorsOf(keep)).noneMatch(KeepPlan::moves)
              ? timed(keep.body())
              : new Work.Residence(
                  keep.id(), keep.number(), keep.sites(), keep.exposure(), timed(keep.body()));
      case Work.Sequence s -> new Work.Sequence(s.id(), timed(s.parts()), s.interleaved());
      case Work.Branches b -> new Work.Branches(b.id(), timed(b.parts()));
      case Work.Pipeline p ->
          new Work.Pipeline(p.id(), p.number(), p.loop(), p.deepest(), p.skew(), timed(p.body()));
      case Work.Stage stage -> new Work.Stage(stage.id(), stage.offset(), timed(stage.body()));
      case Work.Phase p ->
          new Work.Phase(p.id(), p.number(), p.scope(), p.fromSite(), p.toSite(), timed(p.body()));
    };
  }

  private List<Work> timed(List<Work> parts) {
    return parts.stream().map(this::timed).toList();
  }

  /**
   * A workspace in which tilings are evaluated one after another, by one thread at a time. After
   * some thousand of them it compiles the plan, where sizes alone decide, to a program.
   */
  public Evaluation evaluation() {
    return new Evaluation(this, TILINGS_BEFORE_PROGRAM);
  }

  /** The same, with a program from the first tiling on. */
  public Evaluation compiledEvaluation() {
    return new Evaluation(this, 0);
  }

  /** How many arguments there are: parameters of the schedule and shapes of ranks. */
  public int argumentCount() {
    return arguments.count();
  }

  /** Position of a parameter of the schedule among the arguments. */
  public int argument(String parameter) {
    return arguments.of(parameter);
  }

  /**
   * Position of the shape of a rank. What is given there does not matter for a rank whose shape the
   * schedule binds, and for the outer part of a partitioned rank.
   */
  public int argument(RankName rank) {
    return arguments.of(rank);
  }

  /** The arguments of a problem with this cascade, shape of schedule and architecture. */
  public long[] arguments(Problem problem) {
    return arguments.values(problem);
  }

  ArgumentTable arguments() {
    return arguments;
  }

  Architecture architecture() {
    return architecture;
  }

  RankTable ranks() {
    return ranks;
  }

  Work.Phase root() {
    return tree.root();
  }

  /** The tree of which time is made. */
  Work.Phase timedRoot() {
    return timed;
  }

  List<PlannedLoop> loops() {
    return tree.loops();
  }

  Tree tree() {
    return tree;
  }

  int waveCount() {
    return tree.waves();
  }

  /** What is counted. */
  List<Output> outputs() {
    return outputs;
  }

  /** The tensors of a keep; not to be modified. */
  KeepPlan[] tensorsOf(Work.Residence keep) {
    return keeps[keep.number()];
  }

  /** What is known of all tensors of keeps. */
  Stream<KeepPlan> keeps() {
    return Arrays.stream(keeps).flatMap(Arrays::stream);
  }

  /** The plan as a program, made when it is first asked for; empty where it cannot be one. */
  synchronized Optional<PlanProgram> program() {
    if (program == null) {
      program = PlanProgram.of(this);
    }
    return program;
  }

  /** By the number of the phase; the whole schedule first. */
  List<PhasePlan> phases() {
    return phases;
  }

  Nodes nodes() {
    return nodes;
  }

  /** Whether what passes along skewed axes decides how long epochs are. */
  boolean isSkewed() {
    return isSkewed(timedRoot());
  }

  private static boolean isSkewed(Work work) {
    return (work instanceof Work.Pipeline pipeline && !pipeline.skew().isNone())
        || work.children().stream().anyMatch(Plan::isSkewed);
  }

  Skips skips() {
    return skips;
  }

  /** What the counts of an evaluation are to those of a run. */
  Accuracy accuracy(Numbers numbers) {
    Formula counts = phases.getFirst().formula();
    if (!undecided.isEmpty()) {
      return new Accuracy.UpperBound(undecided);
    }
    if (counts.isTooLarge(numbers)) {
      return new Accuracy.UpperBound(einsums(conditional()));
    }
    Set<RankName> values = counts.expectedOver(numbers);
    return values.isEmpty()
        ? new Accuracy.Exact()
        : new Accuracy.Expected(draws.described(values, numbers::shape));
  }

  /** The compute of each Einsum. */
  Map<TensorName, ComputeSite> computes() {
    return tree.sites().stream()
        .filter(ComputeSite.class::isInstance)
        .map(ComputeSite.class::cast)
        .collect(Collectors.toMap(site -> site.einsum().output().tensor(), Function.identity()));
  }

  /** Einsums with points that can be absent, or operands that can lie outside. */
  private Set<TensorName> conditional() {
    return tree.sites().stream()
        .filter(ComputeSite.class::isInstance)
        .map(site -> ((ComputeSite) site).einsum())
        .filter(einsum -> einsum.condition().isPresent() || reachesOutside(einsum))
        .map(einsum -> einsum.output().tensor())
        .collect(Collectors.toSet());
  }

  private boolean reachesOutside(Einsum einsum) {
    Inside inside = new Inside(cascade);
    return einsum.value().operands().anyMatch(access -> !inside.bounds(access).isEmpty());
  }

  /** Some Einsums in the order of the cascade. */
  private List<TensorName> einsums(Set<TensorName> some) {
    return cascade.einsums().stream()
        .map(einsum -> einsum.output().tensor())
        .filter(some::contains)
        .distinct()
        .toList();
  }
}
