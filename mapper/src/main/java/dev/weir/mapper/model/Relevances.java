package dev.weir.mapper.model;

/** What the time of each node of a plan depends on. */
final class Relevances {

  private final Plan plan;

  /** By node. */
  private final Relevance[] ofNode;

  /** By loop. */
  private final boolean[] tellsApart;

  /** By loop. */
  private final boolean[] hasOneKind;

  /** By loop. */
  private final boolean[] tellsFirst;

  Relevances(Plan plan) {
    this.plan = plan;
    this.ofNode = new Relevance[plan.tree().nodes()];
    this.tellsApart = new boolean[plan.loops().size()];
    this.hasOneKind = new boolean[plan.loops().size()];
    this.tellsFirst = new boolean[plan.loops().size()];
    learn(plan.timedRoot());
  }

  private Relevance learn(Work work) {
    Relevance below = Relevance.NOTHING;
    for (Work child : work.children()) {
      below = below.and(learn(child));
    }
    ofNode[work.id()] =
        switch (work) {
          case Work.Nest nest -> ofNest(nest);
          case Work.Residence keep -> {
            for (KeepPlan site : plan.tensorsOf(keep)) {
              below = below.and(site.relevance());
            }
            yield below;
          }
          case Work.Phase phase ->
              phase.number() == 0
                  ? below
                  : below.and(plan.phases().get(phase.number()).formula().relevance());
          case Work.OnlyLast last -> below.and(new Relevance(0, 0, 0, last.loop().bit()));
          case Work.Loop loop -> around(loop.loop(), below);
          case Work.Waves waves -> around(waves.loop(), below);
          case Work.Pipeline pipeline -> around(pipeline.loop(), below);
          case Work.Sequence _, Work.Branches _, Work.Stage _ -> below;
        };
    return ofNode[work.id()];
  }

  private Relevance around(PlannedLoop loop, Relevance below) {
    tellsApart[loop.number()] = below.tellsApart(loop);
    boolean isPartitioned = plan.ranks().groups().get(loop.group()).isPartitioned();
    boolean isAlwaysOne = loop.tile().isOne() && !loop.spatial() && !isPartitioned;
    hasOneKind[loop.number()] = !below.tellsApart(loop) || (isAlwaysOne && !below.marks(loop));
    tellsFirst[loop.number()] = (below.first() & loop.bit()) != 0;
    return below.around(loop);
  }

  private static Relevance ofNest(Work.Nest nest) {
    Relevance all = Relevance.NOTHING;
    for (PathSum sum : nest.steps()) {
      all = all.and(Relevance.ofGroup(sum.group()));
    }
    for (Work.Fill fill : nest.fills()) {
      for (PlannedLoop loop : fill.loops()) {
        all = all.and(Relevance.ofGroup(loop.group()));
      }
    }
    return all;
  }

  Relevance of(Work work) {
    return ofNode[work.id()];
  }

  /** Whether iterations of a loop differ in more than their place to the time of what is below. */
  boolean tellsApart(PlannedLoop loop) {
    return tellsApart[loop.number()];
  }

  /** Whether all iterations are alike to that, inside all kinds. */
  boolean hasOneKind(PlannedLoop loop) {
    return hasOneKind[loop.number()];
  }

  /** Whether the first one differs in more than its size. */
  boolean tellsFirst(PlannedLoop loop) {
    return tellsFirst[loop.number()];
  }
}
