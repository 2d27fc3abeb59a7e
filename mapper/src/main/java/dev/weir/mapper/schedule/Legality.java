package dev.weir.mapper.schedule;

/**
 * Judges schedules by the table in {@code docs/schedule.md}. All findings are reported that make
 * sense: what depends on a name is not asked while a name is unknown.
 */
public final class Legality {

  private Legality() {}

  /** Judges the schedule of a problem. */
  public static Judgement judge(Problem problem) {
    Violations violations = new Violations();
    CascadeFacts facts = new CascadeFacts(problem.cascade());
    Site root = Site.root(problem.schedule().root());
    NameRules.check(problem, facts, root, violations);
    if (violations.isEmpty()) {
      check(new Placement(problem, facts, root), violations);
    }
    return violations.isEmpty() ? new Judgement.Legal() : new Judgement.Illegal(violations.all());
  }

  private static void check(Placement placement, Violations violations) {
    StructureRules.check(placement, violations);
    SupportRules.check(placement, violations);
    if (!violations.isEmpty()) {
      return;
    }
    CoverageRules.check(placement, violations);
    SpatialRules.check(placement, violations);
    UnitRules.check(placement, violations);
    if (placement.computes.size() == placement.facts.placed().size()) {
      HomeRules.check(placement, violations);
      DependenceRules.check(placement, violations);
      GenerationRules.check(placement, violations);
      HandOverRules.check(placement, violations);
    }
    CapacityRule.check(placement, violations);
  }
}
