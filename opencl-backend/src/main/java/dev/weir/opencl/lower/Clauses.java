package dev.weir.opencl.lower;

import dev.weir.einsum.analysis.OperationKind;
import dev.weir.einsum.ir.TensorName;
import dev.weir.mapper.arch.Axis;
import dev.weir.mapper.arch.OperationVariant;
import dev.weir.mapper.arch.VariantName;
import dev.weir.mapper.schedule.CascadeFacts;
import dev.weir.mapper.schedule.Node;
import dev.weir.mapper.schedule.Problem;
import dev.weir.mapper.schedule.Residence;
import dev.weir.mapper.schedule.Site;
import dev.weir.opencl.pass.ExponentialPolynomials;

/** What legal schedules may say and no kernel can do is refused, never left out. */
final class Clauses {

  private final Problem problem;
  private final Residence residence;

  private Clauses(Problem problem) {
    this.problem = problem;
    this.residence = new Residence(problem, new CascadeFacts(problem.cascade()));
  }

  /** Throws at the first clause that cannot be followed. */
  static void require(Problem problem) {
    new Clauses(problem).require(Site.root(problem.schedule().root()));
  }

  private void require(Site site) {
    switch (site.node()) {
      case Node.Spatial loop -> alone(site, loop);
      case Node.Keep keep -> whole(site, keep);
      case Node.For _, Node.Iterate _, Node.Last _, Node.Seq _, Node.Par _ -> {}
      case Node.Compute compute -> polynomial(site, compute);
      case Node.Pipeline _, Node.Stage _, Node.Interleave _ -> {}
    }
    site.children().forEach(this::require);
  }

  /** Work-groups and work-items each load for themselves. */
  private void alone(Site site, Node.Spatial loop) {
    Axis.Kind kind = problem.architecture().axis(loop.axis()).map(Axis::kind).orElseThrow();
    if (kind == Axis.Kind.LANE || loop.multicast().isEmpty()) {
      return;
    }
    TensorName shared = loop.multicast().stream().sorted().findFirst().orElseThrow();
    throw new RefusedException(
        site.path(),
        "%s each load for themselves, nothing is multicast to them"
            .formatted(kind == Axis.Kind.WORK_GROUP ? "work-groups" : "work-items"),
        "leave out `multicast %s`%s"
            .formatted(
                shared,
                kind == Axis.Kind.WORK_GROUP
                    ? ""
                    : ", or keep %s in local memory around this loop".formatted(shared)));
  }

  /** Polynomials are for exp, and as exact as OpenCL C wants exp to be. */
  private void polynomial(Site site, Node.Compute compute) {
    for (VariantName name : compute.variants()) {
      OperationVariant variant = problem.unit(compute).variant(name).orElseThrow();
      boolean isPolynomial =
          variant.of() == OperationKind.EXPONENTIAL && variant.degree().isPresent();
      if (!isPolynomial || !ExponentialPolynomials.hasDegree(variant.degree().getAsInt())) {
        throw new RefusedException(
            site.path(),
            "a kernel writes out exp as a polynomial of degree 5 or 6, which are as exact as OpenCL's own (got %s of %s%s)"
                .formatted(
                    name,
                    variant.of().text(),
                    variant.degree().isPresent()
                        ? ", degree " + variant.degree().getAsInt()
                        : ", no polynomial"),
            "leave out `with %s`".formatted(name));
      }
    }
  }

  /** Words that stay while a window slides would have to be moved. */
  private void whole(Site site, Node.Keep keep) {
    if (keep.refetch()) {
      return;
    }
    for (TensorName tensor : keep.tensors()) {
      if (residence.slidesAlong(site, tensor).isPresent()
          && !Residence.isProducedIn(site, tensor)) {
        throw new RefusedException(
            site.path(),
            "the tile of %s slides along the loop around its keep, and a kernel loads it whole each time"
                .formatted(tensor),
            "write `refetch` after the level of the keep");
      }
    }
  }
}
