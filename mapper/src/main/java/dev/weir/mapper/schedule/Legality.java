package dev.weir.mapper.schedule;

import dev.weir.einsum.ir.Cascade;

/**
 * Judges schedules by the table in {@code docs/schedule.md}. All findings are reported that make
 * sense: while the cascade is another one, a name is unknown, or no tile follows from an index, the
 * other rules are not asked.
 */
public final class Legality {

  private Legality() {}

  /** Judges the schedule of a problem. */
  public static Judgement judge(Problem problem) {
    Violations violations = new Violations();
    CascadeFacts facts = new CascadeFacts(problem.cascade());
    Site root = Site.root(problem.schedule().root());
    CascadeRule.check(problem.cascade(), problem.schedule(), facts, root, violations);
    if (violations.isEmpty()) {
      NameRules.check(problem, facts, root, violations);
    }
    if (violations.isEmpty()) {
      check(new Placement(problem, facts, root), violations);
    }
    return judgement(violations);
  }

  /**
   * Judges only whether a schedule is for a cascade. It needs no shapes, and of those given for
   * another cascade nothing sensible can be said.
   */
  public static Judgement judgeCascade(Cascade cascade, Schedule schedule) {
    Violations violations = new Violations();
    CascadeRule.check(
        cascade, schedule, new CascadeFacts(cascade), Site.root(schedule.root()), violations);
    return judgement(violations);
  }

  private static Judgement judgement(Violations violations) {
    return violations.isEmpty() ? new Judgement.Legal() : new Judgement.Illegal(violations.all());
  }

  private static void check(Placement placement, Violations violations) {
    SupportRules.check(placement, violations);
    if (!violations.isEmpty()) {
      return;
    }
    StructureRules.check(placement, violations);
    CoverageRules.check(placement, violations);
    RecomputeRules.check(placement, violations);
    SkipRules.check(placement, violations);
    PopulateRules.check(placement, violations);
    SpatialRules.check(placement, violations);
    UnitRules.check(placement, violations);
    if (placement.computes.size() == placement.facts.placed().size()) {
      HomeRules.check(placement, violations);
      DependenceRules.check(placement, violations);
      GenerationRules.check(placement, violations);
      HandOverRules.check(placement, violations);
      PipelineSumRules.check(placement, violations);
      InPlaceRules.check(placement, violations);
    }
    CapacityRule.check(placement, violations);
  }
}
